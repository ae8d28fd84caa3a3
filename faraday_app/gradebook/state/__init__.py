"""What the pages of the gradebook hold."""
