"""A receipt in a sentence or two, by a model of the organisation. It is shown only if every figure in it is one of the
derivation's (``locked``), and it is kept nowhere.

The model is asked under the viewer's rights and at their cost, and learns no name: the student stands in nothing that
it is sent, and names in titles are hidden from it as for every guarded question.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.quoting import NO_FORCE, quoted
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.gradebook.calculation import Kind, Result
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service import locked, receipts, records
from faraday_app.gradebook.service.locked import Figures
from faraday_app.gradebook.service.records import Record
from faraday_app.security.service.audit import Thing, record

TRIES = 2
LONGEST = 400  # characters
MOST_TOKENS = 160
WITHIN = 60.0  # seconds for a try
LEASE = timedelta(minutes=3)
TASK = (
    "You say in one or two plain English sentences how a total grade came about. Use only figures that stand in the"
    " facts, in digits and exactly as they are written there. No other figure, no date, no advice, no judgement."
)
WISH = "Say how the total came about: first the total, then what the groups brought. Reply as JSON."
WHOM = {
    None: "Speak of “the student”.",
    Audience.student: "Speak to the student, as “you”.",
    Audience.parent: "Speak to a parent, of “your child”.",
}
_FORM = {
    "type": "json_schema",
    "json_schema": {
        "name": "sentence",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"sentence": {"type": "string"}},
            "required": ["sentence"],
            "additionalProperties": False,
        },
    },
}


@dataclass(frozen=True, slots=True)
class Said:
    """``sentence`` is None where no try could be shown; ``refused`` names what the last one said and may not, and is
    empty where it was no sentence about figures."""

    sentence: str | None
    refused: tuple[str, ...]
    tries: int
    cost: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """``figures`` are all that may be said."""

    actor: Actor
    model: str
    turns: list[gateway.Turn]
    figures: Figures
    plan: gateway.Plan
    hold_id: UUID


async def say(
    actor: Actor, class_id: UUID, student_id: UUID, kind: Kind = Kind.current, model: str = gateway.AUTO
) -> Said:
    """For whoever may see the student's record, of what they may see of it. Invalid where there is no total yet."""
    actor.must_at_all(Permission.assistant_use)
    actor.must_use(model)
    async with transaction(actor) as session:
        found = await records.of_student(session, actor, class_id, student_id)
        asked = await _begin(session, actor, found, kind, model)
    sentence: str | None = None
    refused: list[str] = []
    failure, cost, tries = "", 0, 0
    while sentence is None and not failure and tries < TRIES:
        tries += 1
        call = _call(asked)
        reply, failure = await gateway.said(call, WITHIN)
        cost += await _noted(actor, call, bool(reply))
        if failure:
            break
        words = read(reply)
        refused = locked.invented(words, asked.figures)
        sentence = words if words and not refused else None
    charged = await _settle(actor, asked.hold_id, cost)
    if failure:
        raise Unavailable(failure)
    async with transaction(actor) as session:
        told = {"tries": tries, "shown": sentence is not None, "cost": charged}
        record(session, actor, "grade_receipt.said", Thing("classes", class_id), **told)
    return Said(sentence, tuple(refused), tries, charged)


async def _begin(session: AsyncSession, actor: Actor, found: Record, kind: Kind, model: str) -> _Asked:
    result = found.grades.current if kind is Kind.current else found.grades.final
    if result.percent is None:
        raise Invalid("There is no total yet that could be explained.")
    titles = [*(group.name for group in found.structure.groups), *(work.title for work in found.work)]
    figures = locked.figures_of(result.derivation, found.structure.policy.letters, titles)
    told = "\n".join(facts(found, result, kind))
    turns = [
        gateway.Turn(role="system", content=f"{TASK} {WHOM[found.audience]} {NO_FORCE}"),
        gateway.Turn(role="user", content=f"{quoted('The facts', told)}\n\n{WISH}"),
    ]
    plan = await gateway.plan(actor, model, turns, MOST_TOKENS)
    hold = await credits.hold(session, actor, plan.most * TRIES, LEASE)
    return _Asked(actor, model, turns, figures, plan, hold.id)


def facts(found: Record, result: Result, kind: Kind) -> Sequence[str]:
    """The receipt's own lines; nothing in them says who it is about."""
    which = "so far" if kind is Kind.current else "with ungraded work as 0"
    letter = f", letter {result.letter}" if result.letter else ""
    lines = [f"Total {which}: {receipts.percent(result)} %{letter}"]
    lines += [f"{each.title}: {each.note}; figure {each.figure}" for each in receipts.lines(found, kind)]
    return lines


def read(reply: str) -> str:
    """The sentence of a reply; empty where it is none, too long, more than words, or says no figure at all."""
    try:
        said = json.loads(reply)
    except (ValueError, RecursionError):
        return ""
    words = said.get("sentence") if isinstance(said, dict) else None
    sentence = " ".join(words.split()) if isinstance(words, str) else ""
    plain = not any(each in sentence for each in ("://", "<", "[", "`"))
    says = any(each.isdigit() for each in sentence)
    return sentence if plain and says and len(sentence) <= LONGEST else ""


def _call(asked: _Asked) -> gateway.Call:
    body = {"messages": asked.turns, "max_tokens": MOST_TOKENS, "temperature": 0.2, "response_format": _FORM}
    wanted = gateway.Asked(asked.model, gateway.most_tokens(asked.turns), MOST_TOKENS, guarded=True)
    names = asked.plan.models
    receipt = gateway.Receipt("grade_receipt", wanted)
    return gateway.Call(asked.actor.organization, body, receipt, lambda model: model.name in names)


async def _noted(actor: Actor, call: gateway.Call, replied: bool) -> int:
    async with transaction(Actor.system(actor.organization)) as session:
        gateway.keep_receipt(session, call.receipt, actor.organization, user_id=actor.user)
    return call.receipt.cost if replied else 0


async def _settle(actor: Actor, hold_id: UUID, cost: int) -> int:
    async with transaction(Actor.system(actor.organization)) as session:
        if cost:
            return await credits.settle(session, hold_id, cost, "A receipt in words", f"receipt {uuid4()}")
        await credits.release(session, hold_id)
    return 0
