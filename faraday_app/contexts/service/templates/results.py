"""What a template has come to: counted by the database, for its owner. No text and no name is among it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import TemplateTrial, TemplateVersion
from faraday_app.contexts.service.templates import shelf, trials
from faraday_app.contexts.service.templates.advice import Advice, advise
from faraday_app.contexts.service.templates.odds import Tally, Verdict, verdict
from faraday_app.core.permissions import Actor

# A use went well when its answer was liked or kept, or came and was neither disliked nor asked for once more.
# One that is still being written, or came to nothing, is no case.
_CASES = """
with cases as (
    select u.version_id, u.trial_id, u.user_id, u.created_at, j.rating, a.answered, a.cost, a.tokens,
        a.answered and a.times > 1 as retried,
        exists (select 1 from orchestrations o where o.asked_id = u.message_id and o.kept_at is not null) as kept
    from template_uses u
    cross join lateral (
        select coalesce(bool_or(m.status in ('complete', 'stopped') and m.content <> ''), false) as answered,
            count(*) filter (where m.orchestration_id is null) as times,
            cast(coalesce(sum(m.cost), 0) as bigint) as cost,
            cast(coalesce(sum(m.prompt_tokens + m.answer_tokens), 0) as bigint) as tokens
        from messages m
        where m.parent_id = u.message_id and m.author = 'model' and m.status <> 'running'
    ) a
    cross join lateral (
        select case when bool_or(r.good) then 1 when bool_or(not r.good) then -1 end as rating
        from answer_ratings r join messages m on m.id = r.message_id
        where m.parent_id = u.message_id and r.user_id = u.user_id
    ) j
    where u.template_id = :template_id
)
"""
_COUNTS = """
    count(*) as uses, count(distinct user_id) as people, max(created_at) as last_used,
    count(*) filter (where answered) as cases,
    count(*) filter (where answered and (rating = 1 or rating is null and (kept or not retried))) as good,
    count(*) filter (where rating = 1) as liked, count(*) filter (where rating = -1) as disliked,
    count(*) filter (where kept) as kept, count(*) filter (where retried) as retried,
    percentile_disc(0.5) within group (order by cost) filter (where answered) as cost,
    percentile_disc(0.5) within group (order by tokens) filter (where answered) as tokens
"""
# Both are put together from the constants above.
_BY_VERSION = text(f"{_CASES} select version_id, {_COUNTS} from cases group by rollup (version_id)")  # nosec B608  # noqa: S608
_BY_ARM = text(f"{_CASES} select version_id, {_COUNTS} from cases where trial_id = :trial group by version_id")  # nosec B608  # noqa: S608
_LEFT = text("""
select kind, name, count(*) from template_uses u
cross join lateral (
    select 'default' as kind, unnest(u.at_default) as name union all select 'empty', unnest(u.left_empty)
) as left_so
where u.template_id = :template_id and u.version_id = :version_id group by kind, name
""")


@dataclass(frozen=True, slots=True)
class Counts:
    """Cost in micro-credits and tokens are medians of the uses that were answered; none without any."""

    uses: int = 0
    people: int = 0
    last_used: datetime | None = None
    cases: int = 0
    good: int = 0
    liked: int = 0
    disliked: int = 0
    kept: int = 0
    retried: int = 0
    cost: int | None = None
    tokens: int | None = None

    @property
    def tally(self) -> Tally:
        return Tally(self.good, self.cases)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions at once: what each has come to, and what can be said of it."""

    trial: TemplateTrial
    numbers: tuple[int, int]
    counts: tuple[Counts, Counts]
    verdict: Verdict

    @property
    def winner(self) -> int:
        pair = (self.trial.first_id, self.trial.second_id)
        return self.numbers[pair.index(self.trial.winner_id)] if self.trial.winner_id else 0


@dataclass(frozen=True, slots=True)
class Results:
    total: Counts
    versions: tuple[tuple[TemplateVersion, Counts], ...]
    compared: Compared | None
    advice: tuple[Advice, ...]


async def of(session: AsyncSession, actor: Actor, template_id: UUID) -> Results:
    """NotPermitted for a template that is shared with the actor but not theirs."""
    template = await shelf.owned(session, actor, template_id)
    rows = (await session.execute(_BY_VERSION, {"template_id": template.id})).mappings()
    counted = {row["version_id"]: _counts(row) for row in rows}
    every = await shelf.versions(session, actor, template_id)
    versions = tuple((version, counted.get(version.id, Counts())) for version in every)
    current = next(version for version in every if version.id == template.current_id)
    left = (await session.execute(_LEFT, {"template_id": template.id, "version_id": current.id})).all()
    found = advise(
        current,
        {version.number: (version.text, counts) for version, counts in versions},
        {name: count for kind, name, count in left if kind == "default"},
        {name: count for kind, name, count in left if kind == "empty"},
    )
    return Results(counted.get(None, Counts()), versions, await _compared(session, template.id), found)


async def _compared(session: AsyncSession, template_id: UUID) -> Compared | None:
    trial = await trials.newest(session, template_id)
    if trial is None:
        return None
    rows = await session.execute(_BY_ARM, {"template_id": template_id, "trial": trial.id})
    counted = {row["version_id"]: _counts(row) for row in rows.mappings()}
    first, second = [await session.get_one(TemplateVersion, id) for id in (trial.first_id, trial.second_id)]
    one, other = counted.get(first.id, Counts()), counted.get(second.id, Counts())
    said = verdict(first.number, one.tally, second.number, other.tally)
    return Compared(trial, (first.number, second.number), (one, other), said)


def _counts(row: Any) -> Counts:
    return Counts(**{name: row[name] for name in Counts.__dataclass_fields__})
