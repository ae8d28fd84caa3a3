"""The gradebook as other systems see it, in the words of OneRoster 1.2: categories, line items and results."""
