"""Prompt templates: their language, their fields, versions, sharing, uses and what can be learned from those."""
