"""Faraday: the AI dashboard of schools and organisations."""

__version__ = "0.1.0"
