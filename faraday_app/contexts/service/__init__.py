"""What other domains and the pages ask of conversations."""

from faraday_app.contexts.service import branches, conversations, export, runs, sharing, streams

__all__ = ["branches", "conversations", "export", "runs", "sharing", "streams"]
