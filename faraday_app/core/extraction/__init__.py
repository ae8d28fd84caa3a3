"""The text of files that people send: what kind each is by its content, and its words."""

from faraday_app.core.extraction.kinds import FileKind, kind_of
from faraday_app.core.extraction.reading import LONGEST, text_of

__all__ = ["LONGEST", "FileKind", "kind_of", "text_of"]
