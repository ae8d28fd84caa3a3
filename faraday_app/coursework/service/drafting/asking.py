"""How a model is asked for a draft of feedback, and what of its reply may be shown. Pure.

A proposal stands on words of the student's own: a draft in which one quote does not occur in the work, letter for
letter, is no draft at all.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from faraday_app.contexts.service.quoting import NO_FORCE, quoted
from faraday_app.coursework.service.rubrics import Criterion

SHORTEST_QUOTE = 8  # characters: fewer stand in any text
LONGEST_QUOTE, LONGEST_WHY = 400, 600
TOKENS_EACH, MOST_TOKENS = 160, 3_000  # for a criterion, and in all
LETTERS = "ABCDEFGHIJ"
TASK = (
    "You help a teacher to give feedback on a student's work by a rubric. For each criterion choose the level that the"
    " work reaches, copy one passage from the work, letter for letter, that shows it, and say in one or two sentences,"
    " to the student, why. Copy exactly, between 8 and 200 letters, and invent nothing: a passage that does not stand"
    " in the work makes your answer worthless. The teacher decides; you only propose."
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A level for a criterion, the student's words that it rests on, and the reason."""

    criterion_id: str
    rating: int
    quote: str
    why: str


def judged(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Those a level can be proposed for."""
    return [each for each in criteria if each.ratings]


def system() -> str:
    return f"{TASK} {NO_FORCE}"


def question(criteria: Sequence[Criterion], task: str, text: str) -> str:
    lines = [line for place, each in enumerate(judged(criteria), 1) for line in _described(place, each)]
    parts = [quoted("The assignment", task), "The rubric:", "\n".join(lines), quoted("The student's work", text)]
    return "\n\n".join([*parts, "Give the level, the passage and the reason for each criterion, as JSON."])


def longest(criteria: Sequence[Criterion]) -> int:
    return min(TOKENS_EACH * len(judged(criteria)), MOST_TOKENS)


def form(criteria: Sequence[Criterion]) -> dict[str, Any]:
    """As OpenAI's protocol has it. Lengths are checked afterwards: counting letters makes local models slow."""
    parts = {f"c{place}": _part(each) for place, each in enumerate(judged(criteria), 1)}
    return {"type": "json_schema", "json_schema": {"name": "feedback", "strict": True, "schema": _object(parts)}}


def read(reply: str, criteria: Sequence[Criterion], text: str) -> list[Proposal] | None:
    """The proposals, one for each criterion, each with words of the text. None where a single one is not so."""
    try:
        said = json.loads(reply)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    found = [_proposal(said.get(f"c{place}"), each, text) for place, each in enumerate(judged(criteria), 1)]
    whole = [each for each in found if each is not None]
    return whole if whole and len(whole) == len(found) else None


def _proposal(said: object, criterion: Criterion, text: str) -> Proposal | None:
    if not isinstance(said, dict):
        return None
    level, quote, why = (str(said.get(name, "")).strip() for name in ("level", "quote", "why"))
    rating = LETTERS.find(level) if len(level) == 1 else -1
    if not 0 <= rating < len(criterion.ratings) or not SHORTEST_QUOTE <= len(quote) <= LONGEST_QUOTE:
        return None
    if quote not in text or not why:
        return None
    return Proposal(criterion.id, rating, quote, why[:LONGEST_WHY])


def _described(place: int, criterion: Criterion) -> list[str]:
    lines = [f"c{place}: {criterion.title}" + (f". {criterion.details}" if criterion.details else "")]
    for letter, each in zip(LETTERS, criterion.ratings, strict=False):
        lines.append(f"  {letter}: {each.title}" + (f". {each.text}" if each.text else ""))
    return lines


def _part(criterion: Criterion) -> dict[str, Any]:
    letters = list(LETTERS[: len(criterion.ratings)])
    return _object({
        "level": {"type": "string", "enum": letters},
        "quote": {"type": "string"},
        "why": {"type": "string"},
    })  # fmt: skip


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
