"""Two versions of a template at once, until one of them has shown what it is worth."""

import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import TemplateTrial, TemplateVersion
from faraday_app.contexts.service.templates import shelf
from faraday_app.contexts.service.templates.language import parse
from faraday_app.contexts.service.templates.language import render as put_in
from faraday_app.contexts.service.templates.shelf import Opened
from faraday_app.contexts.service.templates.variables import Filled, fill
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt that is ready, the version it comes from, and which fields were left as they came."""

    text: str
    opened: Opened
    filled: Filled


async def start(
    session: AsyncSession, actor: Actor, template_id: UUID, first: int, second: int, share: int = 50
) -> TemplateTrial:
    """Of a hundred uses from now on, ``share`` get the second version and the others the first."""
    template = await shelf.owned(session, actor, template_id)
    if first == second:
        raise Invalid("Choose two different versions.", field="second")
    if not 5 <= share <= 95:
        raise Invalid("Give each version between 5 and 95 of a hundred uses.", field="share")
    if await running(session, template.id):
        raise Conflict("Two versions are being compared already. End that first.")
    pair = [(await shelf.get(session, actor, template_id, number)).version for number in (first, second)]
    trial = TemplateTrial(
        organization_id=template.organization_id,
        template_id=template.id,
        first_id=pair[0].id,
        second_id=pair[1].id,
        share=share,
        started_by=actor.user,
    )
    session.add(trial)
    await session.flush()
    record(session, actor, "template.trial_started", template, first=first, second=second, share=share)
    publish_on_commit(session, topic("templates", template.organization_id))
    return trial


async def end(session: AsyncSession, actor: Actor, template_id: UUID, winner: int) -> None:
    """Everybody gets this version from now on. What the trial found stays with it."""
    template = await shelf.owned(session, actor, template_id)
    trial = await running(session, template.id)
    if trial is None:
        raise NotFound("No versions of this template are being compared.")
    version = (await shelf.get(session, actor, template_id, winner)).version
    if version.id not in (trial.first_id, trial.second_id):
        raise Invalid("Choose one of the two that are being compared.", field="winner")
    trial.winner_id, trial.ended_at = version.id, now()
    template.current_id = version.id
    template.version += 1
    record(session, actor, "template.trial_ended", template, winner=winner)
    publish_on_commit(session, topic("templates", template.organization_id))


async def running(session: AsyncSession, template_id: UUID) -> TemplateTrial | None:
    query = select(TemplateTrial).where(
        col(TemplateTrial.template_id) == template_id, col(TemplateTrial.ended_at).is_(None)
    )
    return await session.scalar(query)


async def newest(session: AsyncSession, template_id: UUID) -> TemplateTrial | None:
    """The one that runs, or the last that ended."""
    query = select(TemplateTrial).where(col(TemplateTrial.template_id) == template_id)
    return await session.scalar(query.order_by(col(TemplateTrial.id).desc()).limit(1))


async def drawn(session: AsyncSession, actor: Actor, template_id: UUID) -> Opened:
    """The version for the next use: the current one, while two are compared one of them by lot."""
    opened = await shelf.get(session, actor, template_id)
    trial = await running(session, opened.template.id)
    if trial is None:
        return opened
    wanted = trial.second_id if random.random() * 100 < trial.share else trial.first_id
    return Opened(opened.template, await session.get_one(TemplateVersion, wanted), opened.owner_name)


async def render(
    session: AsyncSession, actor: Actor, template_id: UUID, given: dict[str, Any], number: int | None = None
) -> Rendered:
    """The prompt of what was entered. Invalid names the first field to mend, and says how many more there are."""
    if number is None:
        return filled_in(await drawn(session, actor, template_id), given)
    return filled_in(await shelf.get(session, actor, template_id, number), given)


def filled_in(opened: Opened, given: dict[str, Any]) -> Rendered:
    filled = fill(opened.variables, given)
    if filled.problems:
        (name, problem), others = next(iter(filled.problems.items())), len(filled.problems) - 1
        title = next(each.title for each in opened.variables if each.name == name)
        more = f" {others} more to mend." if others else ""
        raise Invalid(f"{title}: {problem}{more}", field=name)
    return Rendered(put_in(parse(opened.version.text), filled.texts, filled.truths).strip(), opened, filled)
