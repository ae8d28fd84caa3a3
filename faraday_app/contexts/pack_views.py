"""What a browser may know of packs, in words."""

from faraday_app.contexts.service.knowledge.snapshots import size_words
from faraday_app.contexts.service.packs import Outlook

NAMED = 3  # files


def files_words(found: Outlook) -> str:
    """How many files, how large, and the names of the first; empty for none."""
    if not found.files:
        return ""
    count = "1 file" if len(found.files) == 1 else f"{len(found.files)} files"
    more = f" and {len(found.files) - NAMED} more" if len(found.files) > NAMED else ""
    return f"{count} of {size_words(found.size)}: {', '.join(found.files[:NAMED])}{more}"
