"""Where calls come from, and which of those places may call."""

from faraday_app.core.addresses.client import client_address, normal, place_of
from faraday_app.core.addresses.rules import Book, Entry, Kind, Verdict

__all__ = ["Book", "Entry", "Kind", "Verdict", "client_address", "normal", "place_of"]
