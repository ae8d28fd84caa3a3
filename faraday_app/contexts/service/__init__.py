"""What other domains and the pages ask of conversations."""

from faraday_app.contexts.service import answers, branches, conversations, export, reach, runs, sharing, streams

__all__ = ["answers", "branches", "conversations", "export", "reach", "runs", "sharing", "streams"]
