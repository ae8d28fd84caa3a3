"""Privacy: what the school holds of a person, who looked at it, and how it ends."""
