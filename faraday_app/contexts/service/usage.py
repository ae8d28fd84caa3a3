"""How the assistant is used: by day, by model, by GPT. Figures only, counted in SQL over an index.

One's own for everybody; the organisation's for those who grant its credits, without anybody's words: a GPT that is not
shared is not named there.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.core.ids import first_id_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service import record

PAGE = 25
MOST_DAYS = 366
MOST_ROWS = 1_000  # in a file
UTC = ZoneInfo("UTC")
COLUMNS = ("name", "questions", "answers", "failed", "prompt_tokens", "answer_tokens", "credits", "first_token_ms")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class By(StrEnum):
    day = "day"
    model = "model"
    gpt = "gpt"

    @property
    def label(self) -> str:
        return {"day": "By day", "model": "By model", "gpt": "By GPT"}[self.value]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The last days up to today in the viewer's zone; ``everyone``: of the organisation."""

    days: int = 30
    zone: ZoneInfo = UTC
    everyone: bool = False

    @property
    def first(self) -> date:
        return now().astimezone(self.zone).date() - timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """``cost`` in micro-credits; milliseconds to the first token at the median, None: nothing came.

    ``key`` is what the row is about, and with ``cost`` its place in the list; ``name`` is its name for people.
    """

    key: str
    name: str
    questions: int
    answers: int
    failed: int
    prompt_tokens: int
    answer_tokens: int
    cost: int
    first_token_ms: int | None


@dataclass(frozen=True, slots=True)
class Usage:
    """All of it in one row, and each day of it, the oldest first."""

    whole: Figures
    days: tuple[Figures, ...]


# Answers with the question they belong to, and summaries, which answer no question but cost what they cost.
_CALLS = """
with calls as (
    select run.started_by, run.created_at, message.parent_id as asked, message.model, message.gpt_id,
        message.status = 'complete' as answered, message.status = 'failed' as failed, message.prompt_tokens,
        message.answer_tokens, message.cost, message.first_token_ms
    from runs run join messages message on message.id = run.message_id
    where run.organization_id = :organization and run.id >= :since and run.created_at >= :from {whose_run}
    union all
    select summary.asked_by_id, summary.created_at, null, summary.model, null, false, false,
        summary.prompt_tokens, summary.answer_tokens, summary.cost, null
    from turn_summaries summary
    where summary.organization_id = :organization and summary.id >= :since and summary.created_at >= :from
        and summary.stage = 'ready' {whose_summary}
)
"""
_FIGURES = """count(distinct asked), count(*) filter (where answered), count(*) filter (where failed),
    coalesce(sum(prompt_tokens), 0), coalesce(sum(answer_tokens), 0), coalesce(sum(cost), 0),
    percentile_cont(0.5) within group (order by first_token_ms)"""
_DAY = "timezone(:zone, calls.created_at)::date::text"
_KEYS = {
    By.day: (_DAY, f"max({_DAY})", ""),
    By.model: ("calls.model", "calls.model", ""),
    By.gpt: (
        "coalesce({gpt}, '')",
        "coalesce(max({name}), 'The plain assistant')",
        "left join gpts gpt on gpt.id = calls.gpt_id",
    ),
}
_ORDER = {By.day: ("key desc", "key < :key")}
_BY_COST = ("cost desc, key", "(cost < :cost or (cost = :cost and key > :key))")
PRIVATE = "GPTs that are not shared"


async def usage(session: AsyncSession, actor: Actor, wanted: Wanted) -> Usage:
    """The whole, and each day with the days on which nothing happened."""
    values = _values(actor, wanted)
    row = (await session.execute(_whole(wanted.everyone), values)).one()
    found = {each.key: each for each in await listed(session, actor, wanted, By.day, limit=MOST_DAYS)}
    days = [(wanted.first + timedelta(days=n)).isoformat() for n in range(wanted.days)]
    return Usage(_figures("", "", row), tuple(found.get(day, _none(day)) for day in days))


async def listed(
    session: AsyncSession,
    actor: Actor,
    wanted: Wanted,
    by: By,
    before: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> list[Figures]:
    """The newest day first, or what cost most first. ``before``: key and cost of the last row of the page before."""
    values = {**_values(actor, wanted), "limit": limit}
    if before:
        values |= {"key": before[0], "cost": before[1]}
    rows = await session.execute(_grouped(by, wanted.everyone, before is not None), values)
    return [_figures(key, name, figures) for key, name, *figures in rows]


async def exported(session: AsyncSession, actor: Actor, wanted: Wanted, by: By) -> str:
    """As a file for a spreadsheet, in which no cell is taken for a formula."""
    rows = await listed(session, actor, wanted, by, limit=MOST_ROWS)
    record(session, actor, "usage.exported", by=by.value, days=wanted.days, everyone=wanted.everyone)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([by.value, *COLUMNS[1:]])
    writer.writerows(_cells(row) for row in rows)
    return file.getvalue()


def _values(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    if not 1 <= wanted.days <= MOST_DAYS:
        raise Invalid(f"Choose up to {MOST_DAYS} days.", field="days")
    actor.must(Permission.credits_grant if wanted.everyone else Permission.assistant_use)
    since = datetime.combine(wanted.first, time(), wanted.zone)
    values = {"organization": actor.organization, "since": first_id_of(since), "from": since, "zone": wanted.zone.key}
    return values if wanted.everyone else {**values, "person": actor.user}


def _calls(everyone: bool) -> str:
    own = ("", "") if everyone else ("and run.started_by = :person", "and summary.asked_by_id = :person")
    return _CALLS.format(whose_run=own[0], whose_summary=own[1])


def _whole(everyone: bool) -> TextClause:
    return text(f"{_calls(everyone)} select {_FIGURES} from calls")  # nosec B608  # noqa: S608  words of this file


def _grouped(by: By, everyone: bool, later: bool) -> TextClause:
    key, name, join = _KEYS[by]
    shared = "case when gpt.shared or not :everyone then" if by is By.gpt else ""
    names = {
        "gpt": f"{shared} gpt.id::text when gpt.id is not null then '~' end",
        "name": f"{shared} gpt.name when gpt.id is not null then '{PRIVATE}' end",
    }
    order, after = _ORDER.get(by, _BY_COST)
    columns = f"{key.format(**names)} as key, {name.format(**names)} as name, {_FIGURES}"
    rows = f"select {columns} from calls {join} group by 1"  # nosec B608  # noqa: S608  words of this file
    figures = "rows(key, name, questions, answers, failed, prompt_tokens, answer_tokens, cost, first_token_ms)"
    last = f"{f'where {after}' if later else ''} order by {order} limit :limit"
    statement = f"{_calls(everyone)} select * from ({rows}) {figures} {last}"  # nosec B608  # noqa: S608  the same
    return text(statement).bindparams(everyone=everyone) if by is By.gpt else text(statement)


def _figures(key: str, name: str, row: Sequence[Any]) -> Figures:
    questions, answers, failed, prompt, answer, cost, first = row
    waited = None if first is None else round(first)
    return Figures(key, name, questions, answers, failed, int(prompt), int(answer), int(cost), waited)


def _none(day: str) -> Figures:
    return Figures(day, day, 0, 0, 0, 0, 0, 0, None)


def _cells(row: Figures) -> list[Any]:
    name = f"'{row.name}" if row.name.startswith(_DANGEROUS) else row.name
    credits = f"{row.cost / 1_000_000:.6f}"
    return [name, row.questions, row.answers, row.failed, row.prompt_tokens, row.answer_tokens, credits,
            "" if row.first_token_ms is None else row.first_token_ms]  # fmt: skip
