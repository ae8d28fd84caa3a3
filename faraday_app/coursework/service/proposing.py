"""A model drafts an assignment or a quiz for a teacher, who edits it: nothing is kept or published by itself.

It is asked under the teacher's rights, at their cost, with a hold and a receipt as any answer, and the guard of the
organisation stays on. Nothing about students goes along: only what the teacher typed, and what the class is called.
"""

import contextlib
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, Field
from pydantic_core import from_json

from faraday_app.classes.service.access import teaching
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, Unavailable
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service.drafts import LONGEST_TITLE, MOST_POINTS
from faraday_app.credits import service as credits
from faraday_app.gateway import service as gateway
from faraday_app.security.service import record

LONGEST_WISH = 2_000  # characters
LONGEST_ANSWER = 900  # tokens
MOST_QUESTIONS = 10
TRIES = 2  # a small model sometimes says nothing that can be used
WITHIN = 60.0  # seconds for a try
LEASE = timedelta(minutes=5)
_TASK = (
    "You help a teacher to draft work for a class. Write for the students, in the language of the teacher's wish, in"
    " plain words. Reply as JSON only."
)
_UNUSABLE = "The model gave nothing that can be used. Try again, or say more exactly what it is about."


class Kind(StrEnum):
    assignment = "assignment"
    quiz = "quiz"


class _Assignment(BaseModel):
    """The points come last: of an answer that was cut off they are missing, and the teacher sets them."""

    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    points: float = Field(default=10, ge=0, le=1000)


class _Question(BaseModel):
    question: str = Field(min_length=1)
    options: list[str] = Field(min_length=2, max_length=6)
    answer: int = Field(ge=0)


class _Quiz(BaseModel):
    title: str = Field(min_length=1)
    questions: list[_Question] = Field(min_length=1, max_length=MOST_QUESTIONS)
    points: float = Field(ge=0, le=1000)


class Proposal(BaseModel):
    """``answers`` are for the teacher alone: they stand in no description."""

    title: str
    description: str
    points: Decimal
    answers: list[str] = []
    cost: int = 0


async def propose(actor: Actor, class_id: UUID, kind: Kind, wish: str, questions: int = 5) -> Proposal:
    """A draft to be edited. Invalid without a wish, and when the model gave nothing that can be used."""
    wish = " ".join(wish.split())
    if not 3 <= len(wish) <= LONGEST_WISH:
        raise Invalid(f"Say in 3 to {LONGEST_WISH:,} letters what it shall be about.", field="wish")
    actor.must_at_all(Permission.assistant_use)
    async with transaction(actor) as session:
        found = await teaching(session, actor, class_id, Permission.coursework_manage)
        subject = found.school_class.subject or found.school_class.name
        turns = _turns(kind, subject, wish, max(1, min(questions, MOST_QUESTIONS)))
        plan = await gateway.plan(actor, gateway.AUTO, turns, LONGEST_ANSWER)
        hold_id = (await credits.hold(session, actor, plan.most * TRIES, LEASE)).id
    proposal, failure, cost = await _asked(actor, kind, turns, plan)
    charged = await _settle(actor, hold_id, cost)
    if failure:
        raise Unavailable(failure)
    if proposal is None:
        raise Invalid(_UNUSABLE, field="wish")
    async with transaction(actor) as session:
        record(session, actor, "assignment.proposed", found.school_class, kind=str(kind), cost=charged)
    return proposal.model_copy(update={"cost": charged})


async def _asked(
    actor: Actor, kind: Kind, turns: list[gateway.Turn], plan: gateway.Plan
) -> tuple[Proposal | None, str, int]:
    """The first reply that can be used, why none was had, and what all of them cost."""
    cost = 0
    for _ in range(TRIES):
        call = _call(actor, kind, turns, plan)
        reply, failure = await gateway.said(call, WITHIN)
        async with transaction(Actor.system(actor.organization)) as session:
            gateway.keep_receipt(session, call.receipt, actor.organization, user_id=actor.user)
        cost += call.receipt.cost if reply else 0
        if failure:
            return None, failure, cost
        with contextlib.suppress(Invalid):
            return read(kind, reply), "", cost
    return None, "", cost


def read(kind: Kind, reply: str) -> Proposal:
    """What a model said, as it was asked for; of an assignment also what came before it was cut off. Else Invalid."""
    try:
        if kind is Kind.quiz:
            return _of_quiz(_Quiz.model_validate_json(reply))
        draft = _Assignment.model_validate(from_json(reply, allow_partial="trailing-strings"))
    except ValueError:
        raise Invalid(_UNUSABLE, field="wish") from None
    return Proposal(title=_title(draft.title), description=draft.description.strip(), points=_points(draft.points))


def _of_quiz(quiz: _Quiz) -> Proposal:
    """Questions with lettered options; an answer that names no option is none."""
    parts, answers = [], []
    for number, each in enumerate(quiz.questions, 1):
        options = [f"- {chr(65 + place)}) {' '.join(option.split())}" for place, option in enumerate(each.options)]
        parts.append(f"**{number}. {' '.join(each.question.split())}**\n\n" + "\n".join(options))
        if each.answer < len(each.options):
            answers.append(f"{number}: {chr(65 + each.answer)}")
    return Proposal(
        title=_title(quiz.title), description="\n\n".join(parts), points=_points(quiz.points), answers=answers
    )


def _title(text: str) -> str:
    return " ".join(text.split())[:LONGEST_TITLE] or "Untitled"


def _points(number: float) -> Decimal:
    return min(Decimal(round(number)), MOST_POINTS)


def _turns(kind: Kind, subject: str, wish: str, questions: int) -> list[gateway.Turn]:
    what = (
        f"Draft a quiz of {questions} multiple-choice questions, four options each; answer is the place of the right"
        " option, from 0."
        if kind is Kind.quiz
        else "Draft an assignment: a title, a description in Markdown that says what to do and what counts, and points."
    )
    return [
        gateway.Turn(role="system", content=_TASK),
        gateway.Turn(role="user", content=f"Subject: {subject}\nThe teacher's wish: {wish}\n\n{what}"),
    ]


def _form(kind: Kind) -> dict[str, Any]:
    """Strict, and without lengths: counting characters makes local models many times slower."""
    text, number = {"type": "string"}, {"type": "integer"}
    if kind is Kind.quiz:
        question = _object(question=text, options={"type": "array", "items": text}, answer=number)
        schema = _object(title=text, questions={"type": "array", "items": question}, points=number)
    else:
        schema = _object(title=text, description=text, points=number)
    return {"type": "json_schema", "json_schema": {"name": str(kind), "schema": schema, "strict": True}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _call(actor: Actor, kind: Kind, turns: list[gateway.Turn], plan: gateway.Plan) -> gateway.Call:
    body = {"messages": turns, "max_tokens": LONGEST_ANSWER, "temperature": 0.4, "response_format": _form(kind)}
    asked = gateway.Asked(gateway.AUTO, gateway.most_tokens(turns), LONGEST_ANSWER)
    names = plan.models
    return gateway.Call(actor.organization, body, gateway.Receipt("draft", asked), lambda model: model.name in names)


async def _settle(actor: Actor, hold_id: UUID, cost: int) -> int:
    async with transaction(Actor.system(actor.organization)) as session:
        if cost:
            return await credits.settle(session, hold_id, cost, "Draft of an assignment", f"assignment draft {uuid4()}")
        await credits.release(session, hold_id)
    return 0
