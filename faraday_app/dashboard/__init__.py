"""The first page: what happens, at a glance."""
