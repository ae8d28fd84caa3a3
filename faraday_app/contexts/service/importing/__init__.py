"""Bring conversations from elsewhere: send a file, have it read in the background, see what came and what did not."""

from faraday_app.contexts.service.importing.receiving import LARGEST, listed, one, receive
from faraday_app.contexts.service.importing.working import work

__all__ = ["LARGEST", "listed", "one", "receive", "work"]
