"""The installation itself: which organisations there are, and what holds for all of them. Counts, never content."""
