"""The files that a GPT answers from."""

from faraday_app.contexts.service.knowledge.files import MOST, Known, add, again, listed, remove
from faraday_app.contexts.service.knowledge.finding import KnownPassage, find, find_among

__all__ = ["MOST", "Known", "KnownPassage", "add", "again", "find", "find_among", "listed", "remove"]
