"""A receipt in a sentence or two, by a model of the organisation, and kept nowhere.

The model writes around named blanks (``blanks``) and sees neither a figure nor a title nor a name; it may say no figure
and no claim of its own (``claims``). We fill the blanks, and whatever stands there then is checked once more against
the derivation (``locked``). Where no try can be shown, whoever asked reads a sentence of our own instead.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service import languages
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor, Permission
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.gradebook.calculation import Kind
from faraday_app.gradebook.models import Audience
from faraday_app.gradebook.service import locked, records
from faraday_app.gradebook.service.blanks import Blank, blanks_of, filled, ours
from faraday_app.gradebook.service.claims import faults
from faraday_app.gradebook.service.locked import Figures
from faraday_app.gradebook.service.records import Record
from faraday_app.security.service.audit import Thing, record

TRIES = 2
MOST_TOKENS = 160
MORE = 400  # tokens that the second try has to read beside
WITHIN = 60.0  # seconds for a try
LEASE = timedelta(minutes=3)
ENGLISH = "en"
LONGEST = 2_000  # characters, with all that is put in
NO_FORM = "it was no JSON with a sentence"
MOST_BLANKS = 3  # a small model loses its way among more
MOST_TOLD = 200  # characters of what was wrong
TEMPERATURES = (0.2, 0.5)  # a small model asked again as coldly says the same again
TASK = (
    "You tell in one or two short friendly sentences how a student's total came about. For each fact write its"
    " placeholder in square brackets, once. Write no digit, no number word, no name, no advice. Reply as JSON."
    " For example: "
)
WHOM = {
    None: "",
    Audience.student: " Speak to the student, as “you”.",
    Audience.parent: " Speak to a parent, of “your child”.",
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


class By(StrEnum):
    """Who wrote it: the model, or we where it ``refused`` to write what may be shown, or was ``silent``."""

    model = "model"
    refused = "refused"
    silent = "silent"


@dataclass(frozen=True, slots=True)
class Said:
    """``refused`` names what was wrong with the model's last try, where that is why the sentence is ours."""

    sentence: str
    by: By
    refused: tuple[str, ...]
    tries: int
    cost: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """``blanks`` are the model's, and ``after`` is what we say after it. ``figures`` are all that may be said."""

    actor: Actor
    model: str
    turns: list[gateway.Turn]
    blanks: list[Blank]
    after: list[Blank]
    language: str
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
    sentence, wrong, failure = "", list[str](), ""
    cost, tries = 0, 0
    while not sentence and not failure and tries < TRIES:
        call = _call(asked, wrong, TEMPERATURES[tries])
        tries += 1
        reply, failure = await gateway.said(call, WITHIN)
        cost += await _noted(actor, call, bool(reply))
        if not failure:
            sentence, wrong = _read(reply, asked)
    charged = await _settle(actor, asked.hold_id, cost)
    by = By.model if sentence else By.silent if failure else By.refused
    async with transaction(actor) as session:
        told = {"tries": tries, "by": by.value, "cost": charged}
        record(session, actor, "grade_receipt.said", Thing("classes", class_id), **told)
    words = sentence or filled(ours(english := blanks_of(found, kind)), english)
    return Said(words, by, tuple(wrong) if by is By.refused else (), tries, charged)


async def _begin(session: AsyncSession, actor: Actor, found: Record, kind: Kind, model: str) -> _Asked:
    result = found.grades.current if kind is Kind.current else found.grades.final
    if result.percent is None:
        raise Invalid("There is no total yet that could be explained.")
    titles = [group.name for group in found.structure.groups]
    titles += [period.name for period in found.structure.periods]
    titles += [work.title for work in found.work]
    figures = locked.figures_of(result.derivation, found.structure.policy.letters, titles)
    chosen = await languages.own(session, actor)
    language = chosen if chosen in languages.NAMES else ENGLISH
    blanks = blanks_of(found, kind, language == ENGLISH)
    most = MOST_BLANKS if language == ENGLISH else len(blanks)  # our own words are English
    turns = asking(blanks[:most], found.audience, language)
    plan = await gateway.plan(actor, model, turns, MOST_TOKENS, rounds=gateway.Rounds(more=MORE))
    hold = await credits.hold(session, actor, plan.most * TRIES, LEASE)
    return _Asked(actor, model, turns, blanks[:most], blanks[most:], language, figures, plan, hold.id)


def asking(blanks: Sequence[Blank], audience: Audience | None, language: str) -> list[gateway.Turn]:
    """Task, example and blanks: nothing in them says who it is about, and no figure stands in them."""
    example = json.dumps({"sentence": ours(blanks)})
    wish = f" Write in {languages.NAMES[language]}, but leave the placeholders as they are." * (language != ENGLISH)
    facts = " ".join(f"[{blank.name}]" for blank in blanks)
    return [
        gateway.Turn(role="system", content=f"{TASK}{example}{WHOM[audience]}{wish}"),
        gateway.Turn(role="user", content=f"Now yours: {facts}"),
    ]


def written(reply: str) -> str:
    """The sentence in a reply of the form that was asked for; empty where there is none."""
    try:
        said = json.loads(reply)
    except (ValueError, RecursionError):
        return ""
    words = said.get("sentence") if isinstance(said, dict) else None
    return " ".join(words.split()) if isinstance(words, str) else ""


def _read(reply: str, asked: _Asked) -> tuple[str, list[str]]:
    """The sentence with its figures; or none, and what was wrong with it."""
    words = written(reply)
    if wrong := faults(words, asked.blanks, asked.language) if words else [NO_FORM]:
        return "", wrong
    sentence = " ".join([filled(words, asked.blanks), filled(ours(asked.after), asked.after)]).strip()
    wrong = locked.invented(sentence, asked.figures)
    return ("", wrong) if wrong else (sentence, [])


def _call(asked: _Asked, wrong: Sequence[str], temperature: float) -> gateway.Call:
    """``wrong`` is what the try before it was refused for, and is told."""
    turns = asked.turns
    if wrong:
        told = f"{turns[-1]['content']}\n\nYour last sentence was refused: {', '.join(wrong)[:MOST_TOLD]}."
        turns = [*turns[:-1], gateway.Turn(role="user", content=told)]
    body = {"messages": turns, "max_tokens": MOST_TOKENS, "temperature": temperature, "response_format": _FORM}
    wanted = gateway.Asked(asked.model, gateway.most_tokens(turns), MOST_TOKENS, guarded=True)
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
