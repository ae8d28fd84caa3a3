"""How a model's window is spread over all that could go in. Pure: the same material is spread in the same way.

Nothing is cut: an item or a turn goes in whole or is left out, and what is left out is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from faraday_app.contexts.models import Given
from faraday_app.contexts.service import assembly, repeats
from faraday_app.contexts.service.assembly import Item
from faraday_app.core.errors import Invalid
from faraday_app.gateway.service import Turn, most_tokens, most_tokens_of_text

# Of what is given beside the turns each kind is sure of its share; what one does not need is the others'.
SHARES = {Given.summary: 0.2, Given.data: 0.35, Given.knowledge: 0.3, Given.memory: 0.15}
OTHER = 0.2
BESIDE = 16  # tokens that no count sees
TOO_LONG = "This message is too long for the model. Shorten it or split it up."


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of the window: at most so many tokens, for so many things; ``left_out`` of that part found no place."""

    part: str
    tokens: int
    count: int = 1
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Spread:
    """``turns`` are as they are told; ``last`` says how many of the newest they are. ``window`` in tokens."""

    window: int
    given: tuple[Item, ...]
    turns: list[Turn]
    left_out: tuple[Item, ...]
    portions: tuple[Portion, ...]

    @property
    def last(self) -> int:
        return len(self.turns)

    @property
    def turns_left_out(self) -> int:
        return next((each.left_out for each in self.portions if each.part == "turns"), 0)

    def told(self) -> dict[str, Any]:
        """As it is kept with the answer: figures and titles, no words."""
        parts = [{name: getattr(each, name) for name in Portion.__dataclass_fields__} for each in self.portions]
        return {"window": self.window, "parts": parts, "left_out": assembly.receipt(self.left_out)}


def spread(window: int, answer: int, system: str, items: Sequence[Item], turns: Sequence[Turn]) -> Spread:
    """The last turn and the instructions always go in beside the answer. Invalid when these alone do not fit.

    A summary stands in for the turns that it covers, and only where these do not all fit.
    """
    once = repeats.turns_once(turns)
    wanted = repeats.items_once(items, once[-1]["content"] if once else "")
    plain = _spread(window, answer, system, [each for each in wanted if each.kind is not Given.summary], once)
    summary = max((each for each in wanted if each.kind is Given.summary), key=lambda each: each.covers, default=None)
    if summary is None or not plain.turns_left_out:
        return plain
    others = [each for each in wanted if each.kind is not Given.summary]
    shorter = _spread(window, answer, system, [summary, *others], once[summary.covers :] or once[-1:])
    return shorter if summary in shorter.given else plain


def _spread(
    window: int,
    answer: int,
    system: str,
    items: Sequence[Item],
    turns: Sequence[Turn],
    refused: Sequence[Item] = (),
) -> Spread:
    free = window - answer - BESIDE - _instructions(system, bool(items)) - most_tokens(turns[-1:])
    if free < 0 and items:  # Not even the words around what is given find a place.
        return _spread(window, answer, system, (), turns, items)
    if free < 0:
        raise Invalid(TOO_LONG, field="message")
    packed = _by_kind(items, free // assembly.SHARE)
    kept = _newest(turns[:-1], free - _tokens(packed))
    packed += _heaviest([each for each in items if each not in packed], free - _tokens(packed) - most_tokens(kept))
    given = tuple(each for each in items if each in packed)
    left_out = (*refused, *(each for each in items if each not in packed))
    told = repeats.turns_beside([*kept, *turns[-1:]], given)
    portions = (
        Portion("instructions", _instructions(system, bool(given)), int(bool(system or given))),
        *_kinds(given, left_out),
        Portion("turns", most_tokens(told[:-1]), len(told[:-1]), len(turns) - len(told)),
        Portion("question", most_tokens(told[-1:]), len(told[-1:])),
        Portion("answer", answer),
    )
    return Spread(window, given, told, left_out, tuple(each for each in portions if each.count or each.left_out))


def _by_kind(items: Sequence[Item], room: int) -> list[Item]:
    """Each kind within its share of the room, the heavier first; then all of them in what is still free."""
    kinds = list(dict.fromkeys(item.kind for item in items))
    whole = sum(SHARES.get(kind, OTHER) for kind in kinds)
    packed: list[Item] = []
    for kind in kinds:
        share = int(room * SHARES.get(kind, OTHER) / whole)
        packed += _heaviest([item for item in items if item.kind == kind], share)
    return packed + _heaviest([item for item in items if item not in packed], room - _tokens(packed))


def _heaviest(items: Iterable[Item], room: int) -> list[Item]:
    kept: list[Item] = []
    for item in sorted(items, key=lambda item: -item.weight):
        if item.tokens <= room and item.key not in {each.key for each in kept}:
            kept.append(item)
            room -= item.tokens
    return kept


def _newest(turns: Sequence[Turn], room: int) -> list[Turn]:
    kept: list[Turn] = []
    for turn in reversed(turns):
        room -= most_tokens([turn])
        if room < 0:
            break
        kept.append(turn)
    return kept[::-1]


def _instructions(system: str, with_items: bool) -> int:
    """Tokens of the system message without what is given in it."""
    words = "\n\n".join(part for part in (system, assembly.MATERIAL if with_items else "") if part)
    return most_tokens_of_text(words) + most_tokens([Turn(role="system", content="")]) if words else 0


def _kinds(given: Sequence[Item], left_out: Sequence[Item]) -> list[Portion]:
    return [
        Portion(str(kind), _tokens(_of(kind, given)), len(_of(kind, given)), len(_of(kind, left_out)))
        for kind in dict.fromkeys(item.kind for item in (*given, *left_out))
    ]


def _of(kind: Given, items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.kind == kind]


def _tokens(items: Iterable[Item]) -> int:
    return sum(item.tokens for item in items)
