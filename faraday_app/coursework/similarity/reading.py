"""From a text to the words that are compared."""

from faraday_app.coursework.similarity.code import family_of, looks_like_code, read_code
from faraday_app.coursework.similarity.documents import Document, Kind
from faraday_app.coursework.similarity.prose import read_prose


def read(text: str, name: str = "", kind: Kind | None = None) -> Document:
    """As prose or as a program: as told, or by the ending of the file's name, or as the text looks.

    The offsets are characters of exactly this text.
    """
    if kind is None:
        kind = Kind.code if family_of(name) or looks_like_code(text) else Kind.prose
    return read_code(text, name) if kind is Kind.code else read_prose(text)
