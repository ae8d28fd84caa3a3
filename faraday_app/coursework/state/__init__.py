"""What the pages of coursework hold."""
