"""The same text given twice goes in once. Pure.

What is newer stays; in an older turn a note stands in its place. Short texts are left alone: a note is no shorter.
"""

import re
from collections.abc import Sequence

from faraday_app.contexts.service.assembly import Item
from faraday_app.gateway.service import Turn

LONG = 300  # characters from which a text is looked for elsewhere
LATER = "[The same text stands in a later message.]"
ABOVE = "[This text is among the material above.]"
_BREAK = re.compile(r"(\n[^\S\n]*\n\s*)")


def items_once(items: Sequence[Item], question: str) -> tuple[Item, ...]:
    """Without what another, heavier one says too, word for word, and without what the question itself quotes."""
    asked, kept, keys = _plain(question), dict[str, Item](), set[str]()
    for item in sorted(items, key=lambda item: (-item.weight, -len(item.text))):
        words = _plain(item.text)
        if (
            item.key in keys
            or words in kept
            or (len(words) >= LONG and (words in asked or any(words in other for other in kept)))
        ):
            continue
        kept[words] = item
        keys.add(item.key)
    chosen = {id(item) for item in kept.values()}
    return tuple(item for item in items if id(item) in chosen)


def turns_once(turns: Sequence[Turn]) -> list[Turn]:
    """Each long text where it stands last; the last turn is never touched."""
    told: list[Turn] = []
    seen: set[str] = set()
    for turn in reversed(turns):
        told.append(_without(turn, seen, LATER) if told else turn)
        seen |= {_plain(turn["content"]), *(_plain(block) for block in _BREAK.split(turn["content"]))}
    return told[::-1]


def turns_beside(turns: Sequence[Turn], items: Sequence[Item]) -> list[Turn]:
    """The same for what stands among the items word for word."""
    given = {words for item in items if len(words := _plain(item.text)) >= LONG}
    if not given:
        return list(turns)
    return [*(_without(turn, given, ABOVE) for turn in turns[:-1]), *turns[-1:]]


def _without(turn: Turn, seen: set[str], note: str) -> Turn:
    content = turn["content"]
    if _repeats(content, seen):
        return Turn(role=turn["role"], content=note)
    blocks = [note if _repeats(block, seen) else block for block in _BREAK.split(content)]
    return Turn(role=turn["role"], content="".join(blocks))


def _repeats(text: str, seen: set[str]) -> bool:
    return len(words := _plain(text)) >= LONG and words in seen


def _plain(text: str) -> str:
    return " ".join(text.split())
