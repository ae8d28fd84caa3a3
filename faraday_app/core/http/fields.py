"""Kinds of value that several routes take."""

from typing import Annotated, Any

from fastapi import Header, Query
from pydantic import AfterValidator


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the character NUL")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Search = Annotated[Text, Query(max_length=200)]

_KEY_WORDS = "Any text of your choice. The same key again does nothing twice and gives the same result."
_KEY: dict[str, Any] = {"alias": "Idempotency-Key", "min_length": 1, "max_length": 100, "description": _KEY_WORDS}
IdempotencyKey = Annotated[str, Header(**_KEY)]
OptionalIdempotencyKey = Annotated[str | None, Header(**_KEY)]
