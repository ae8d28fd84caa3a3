"""Events and filters of the trail in the words of the page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from faraday_app.security.service.directory import directory
from faraday_app.security.service.record_views import SEEN
from faraday_app.security.state.narrowing import DAYS, is_day, moment_words, subject
from faraday_app.security.views import (
    NO_PERSON,
    OUTCOMES,
    EventView,
    FilterView,
    PersonView,
    action_words,
    target_words,
    thing_words,
)
from faraday_app.ui.session import initials_of, tone_of, zone_of

NOBODY = "Nobody signed in"
SOMEBODY = "Somebody unknown"
_SINCE = {"today": "Today", "7": "Last 7 days", "30": "Last 30 days"}


async def called(
    session: AsyncSession, actor: Actor, events: Sequence[AuditEvent], narrowed: Mapping[str, str]
) -> dict[UUID, str]:
    """The names of the people whom events were done to, and of those who are filtered by."""
    people = {person for event in events if (person := _person_of(event))}
    people |= {UUID(narrowed[name]) for name in ("actor_id", "target_id") if narrowed[name]}
    return await directory.names(session, actor.organization, people)


def event_view(event: AuditEvent, names: Mapping[UUID, str], zone: str) -> EventView:
    return EventView(
        str(event.id),
        moment_to_the_second(event.created_at, zone),
        event.actor_name or NOBODY,
        initials_of(event.actor_name) or "–",
        tone_of(event.actor_id),
        _done(event),
        target_of(event, names),
        event.address,
        *(OUTCOMES.get(event.outcome, (event.outcome, "neutral"))),
    )


def _done(event: AuditEvent) -> str:
    """A look at a person says at what of theirs."""
    words, what = action_words(event.action), event.details.get("what")
    return f"{words}: {what}" if event.action == SEEN and isinstance(what, str) else words


def target_of(event: AuditEvent, names: Mapping[UUID, str]) -> str:
    person = _person_of(event)
    if person in names:
        return f"{thing_words(event.target_type)} of {names[person]}"
    return target_words(event.target_type, event.target_id, event.details)


def _person_of(event: AuditEvent) -> UUID | None:
    """Whom an event is about, where it names nothing else: a person, or what is theirs."""
    if event.target_type == "users":
        return event.target_id
    if not event.target_type or event.details.get("name") or event.details.get("email"):
        return None
    try:
        return UUID(str(event.details.get("user_id")))
    except ValueError:
        return None


def moment_to_the_second(moment: datetime, zone: str) -> str:
    """With the year when it is not this one."""
    here, today = moment.astimezone(zone_of(zone)), now().astimezone(zone_of(zone))
    return f"{here.day} {here:%b}{f' {here.year}' if here.year != today.year else ''} {here:%H:%M:%S}"


def person_view(id: str, names: Mapping[UUID, str], about: str = "") -> PersonView:
    if not id:
        return NO_PERSON
    name = names.get(UUID(id), SOMEBODY)
    return PersonView(id, name, about, initials_of(name), tone_of(UUID(id)))


def filter_views(
    narrowed: Mapping[str, str],
    names: Mapping[UUID, str],
    kinds: Mapping[str, str],
    first: Sequence[AuditEvent],
    zone: str,
) -> list[FilterView]:
    """What narrows, besides the text. ``first`` is an event that was found, which knows its target by name."""
    found = []
    person = subject(narrowed)
    if person:
        found.append(FilterView("seen", f"Who saw {names.get(UUID(person), SOMEBODY)}"))
    elif action := narrowed["action"]:
        found.append(FilterView("action", f"Action: {action_words(action)}", beside=action in kinds))
    if since := narrowed["since"]:
        words = f"From {moment_words(since, zone)}" if is_day(since) else _SINCE[since]
        found.append(FilterView("since", words, beside=since in DAYS and not narrowed["until"]))
    if narrowed["until"]:
        found.append(FilterView("until", f"Until {moment_words(narrowed['until'], zone)}"))
    if narrowed["outcome"]:
        found.append(FilterView("outcome", OUTCOMES[narrowed["outcome"]][0]))
    if narrowed["actor_id"]:
        found.append(FilterView("actor_id", f"By {names.get(UUID(narrowed['actor_id']), SOMEBODY)}"))
    if not person:
        found += _target(narrowed, names, first)
    if narrowed["address"]:
        found.append(FilterView("address", f"Address {narrowed['address']}"))
    if narrowed["request_id"]:
        found.append(FilterView("request_id", f"Request {narrowed['request_id']}"))
    return found


def _target(narrowed: Mapping[str, str], names: Mapping[UUID, str], first: Sequence[AuditEvent]) -> list[FilterView]:
    kind, id = narrowed["target_type"], narrowed["target_id"]
    if not id:
        return [FilterView("target_type", f"Target: {thing_words(kind)}")] if kind else []
    words = target_of(first[0], names) if first else target_words(kind, UUID(id), {})
    return [FilterView("target_id", f"Target: {words or kind}")]
