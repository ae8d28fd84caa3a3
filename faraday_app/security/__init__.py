"""Sessions, audit, API keys and limits. Knows user ids only."""
