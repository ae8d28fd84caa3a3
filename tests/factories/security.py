"""What security looks at, made as it happens."""

from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from faraday_app.core import notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import first_id_of, new_id
from faraday_app.core.permissions import Actor
from faraday_app.organizations.service import safety
from faraday_app.security.models import AuditEvent, Incident, SecurityAlert, Session
from faraday_app.security.service import incidents, score
from faraday_app.security.service.directory import directory
from tests.factories.people import Cast


@lru_cache(maxsize=1)
def install() -> None:
    """What the roll-call connects."""
    directory.install(safety.names, safety.guardians, safety.search)
    score.add_findings()
    safety.add_findings()


def told_to(monkeypatch) -> list[notices.Notice]:
    """A list that grows with what people are told."""
    told: list[notices.Notice] = []

    async def keep(session, notice: notices.Notice) -> None:
        told.append(notice)

    monkeypatch.setattr(notices, "_deliver", [keep])
    return told


def id_at(moment: datetime) -> UUID:
    """A new id as it would have been made then."""
    return UUID(int=first_id_of(moment).int | (new_id().int & (1 << 62) - 1))


async def write(organization_id: UUID, action: str, minutes_ago: float = 0, **fields) -> AuditEvent:
    at = now() - timedelta(minutes=minutes_ago)
    async with transaction(Actor.system(organization_id)) as session:
        event = AuditEvent(id=id_at(at), created_at=at, organization_id=organization_id, action=action, **fields)
        session.add(event)
    return event


async def fail(person: Actor, address: str, minutes_ago: float = 0) -> AuditEvent:
    return await write(
        person.organization, "session.refused", minutes_ago, target_type="users", target_id=person.user, address=address
    )


async def sign_in(person: Actor, address: str, minutes_ago: float = 0, user_agent: str = "Chromium") -> Session:
    at = now() - timedelta(minutes=minutes_ago)
    async with transaction(Actor.system(person.organization)) as session:
        row = Session(
            id=id_at(at),
            created_at=at,
            organization_id=person.organization,
            user_id=person.user,
            token_hash=new_id().hex,
            address=address,
            user_agent=user_agent,
            last_seen_at=at,
            idle_expires_at=now() + timedelta(hours=1),
            expires_at=now() + timedelta(hours=1),
        )
        session.add(row)
    return row


async def make_alert(organization_id: UUID, title: str = "Something happened", **fields) -> SecurityAlert:
    async with transaction(Actor.system(organization_id)) as session:
        values = {"kind": "stuffing", "severity": "high", "text": "In words.", "happened_at": now(), **fields}
        alert = SecurityAlert(organization_id=organization_id, key=new_id().hex, title=title, **values)
        session.add(alert)
    return alert


async def make_incident(actor: Actor) -> Incident:
    """Of an alert, with a note."""
    alert = await make_alert(actor.organization)
    async with transaction(actor) as session:
        incident = await incidents.open_incident(session, actor, alert.id)
        await incidents.add_note(session, actor, incident.id, "Called.", "1")
        return incident


async def stuff(cast: Cast, address: str = "203.0.113.9", minutes_ago: float = 0) -> None:
    """Somebody tries six accounts from one address."""
    for person in (cast.administrator, cast.head, cast.teacher, cast.colleague, cast.aide, cast.student):
        await fail(person, address, minutes_ago)


async def raised(organization_id: UUID) -> list[SecurityAlert]:
    async with transaction(Actor.system(organization_id)) as session:
        query = select(SecurityAlert).where(col(SecurityAlert.organization_id) == organization_id)
        return list((await session.scalars(query.order_by(col(SecurityAlert.id)))).all())
