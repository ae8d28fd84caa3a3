"""Versions of GPTs and of the settings of conversations: kept, compared, labelled, branched and restored."""
