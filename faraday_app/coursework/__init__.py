"""Coursework: assignments, what students hand in, rubrics, materials."""
