"""What every domain stands on. Imports nothing of ours and never Reflex."""
