"""What a person's own page holds."""
