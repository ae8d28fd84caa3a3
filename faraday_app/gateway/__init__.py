"""Which models there are, what they cost, and how to ask them."""
