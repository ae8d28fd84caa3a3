"""What GPTs give to each other."""

from faraday_app.contexts.service.shares.finding import Shared, gets, gives, read
from faraday_app.contexts.service.shares.giving import shared
from faraday_app.contexts.service.shares.offering import (
    Offer,
    accept,
    decline,
    end,
    erase,
    note,
    offer,
    renew,
    take_over,
)
from faraday_app.contexts.service.shares.packing import Entry

__all__ = [
    "Entry",
    "Offer",
    "Shared",
    "accept",
    "decline",
    "end",
    "erase",
    "gets",
    "gives",
    "note",
    "offer",
    "read",
    "renew",
    "shared",
    "take_over",
]
