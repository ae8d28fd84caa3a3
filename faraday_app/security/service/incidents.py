"""Incidents: what is looked into, by whom, what was found out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.ids import first_id_of, new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AuditEvent, Incident, IncidentNote, IncidentStatus, SecurityAlert, Session
from faraday_app.security.service.alerts.listing import get_alert
from faraday_app.security.service.audit import record
from faraday_app.security.service.directory import directory

PAGE = 25
MOST_ALERTS = 100
MOST_MOMENTS = 200
LONGEST_NOTE = 4_000
_SAID = {"alert": "", "status": "Now ", "assignee": "Looked into by "}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on an incident's timeline: ``kind`` is alert, event, sign_in or note."""

    id: UUID
    at: datetime
    kind: str
    what: str
    who: str = ""
    text: str = ""
    address: str = ""


async def open_incident(session: AsyncSession, actor: Actor, alert_id: UUID) -> Incident:
    """An alert becomes an incident; one that already is gives the same incident again."""
    actor.must(Permission.security_manage)
    alert = await get_alert(session, actor, alert_id, lock=True)
    if alert.incident_id:
        return await get_incident(session, actor, alert.incident_id)
    incident = Incident(
        organization_id=actor.organization, title=alert.title, severity=alert.severity, opened_by=actor.user
    )
    session.add(incident)
    await session.flush()
    alert.incident_id = incident.id
    _tell(session, actor, "incident.opened", incident, alert=alert.title)
    return incident


async def link_alert(session: AsyncSession, actor: Actor, incident_id: UUID, alert_id: UUID) -> None:
    """Add another alert to an incident. Conflict when it belongs to one already."""
    actor.must(Permission.security_manage)
    incident = await get_incident(session, actor, incident_id, lock=True)
    alert = await get_alert(session, actor, alert_id, lock=True)
    if alert.incident_id == incident.id:
        return
    if alert.incident_id:
        raise Conflict("This alert already belongs to an incident.")
    alert.incident_id = incident.id
    _tell(session, actor, "incident.alert_linked", incident, alert=alert.title)


async def list_incidents(
    session: AsyncSession, actor: Actor, status: str = "", limit: int = PAGE, before: UUID | None = None
) -> list[Incident]:
    """Newest first; an empty status does not narrow, ``unresolved`` is whatever is not resolved."""
    actor.must(Permission.security_read)
    query = select(Incident).where(col(Incident.organization_id) == actor.organization)
    if status == "unresolved":
        query = query.where(col(Incident.status) != IncidentStatus.resolved)
    elif status:
        query = query.where(col(Incident.status) == status)
    if before:
        query = query.where(col(Incident.id) < before)
    return list((await session.scalars(query.order_by(col(Incident.id).desc()).limit(limit))).all())


async def count_unresolved(session: AsyncSession, actor: Actor) -> int:
    actor.must(Permission.security_read)
    wanted = (IncidentStatus.open, IncidentStatus.investigating)
    query = select(func.count()).where(
        col(Incident.organization_id) == actor.organization, col(Incident.status).in_(wanted)
    )
    return int(await session.scalar(query) or 0)


async def get_incident(session: AsyncSession, actor: Actor, incident_id: UUID, *, lock: bool = False) -> Incident:
    actor.must(Permission.security_read)
    query = select(Incident).where(col(Incident.id) == incident_id, col(Incident.organization_id) == actor.organization)
    incident = await session.scalar(query.with_for_update() if lock else query)
    if incident is None:
        raise NotFound("This incident does not exist.")
    return incident


async def change_incident(
    session: AsyncSession,
    actor: Actor,
    incident_id: UUID,
    version: int,
    status: IncidentStatus,
    assignee_id: UUID | None,
) -> Incident:
    """Where it stands and who looks into it. Conflict when the version is old."""
    actor.must(Permission.security_manage)
    incident = await get_incident(session, actor, incident_id, lock=True)
    if incident.version != version:
        raise Conflict("Somebody else changed this incident meanwhile. Look again and repeat your change.")
    guardians = {each.user_id: each.name for each in await directory.guardians(session, actor.organization)}
    if assignee_id and assignee_id != incident.assignee_id and assignee_id not in guardians:
        raise Invalid("Choose somebody who may see the security centre.", field="assignee_id")
    if (incident.status, incident.assignee_id) == (status, assignee_id):
        return incident
    incident.status, incident.assignee_id, incident.version = status, assignee_id, version + 1
    incident.resolved_at = now() if status is IncidentStatus.resolved else None
    _tell(session, actor, "incident.changed", incident, status=status, assignee=_name(guardians, assignee_id))
    return incident


async def add_note(session: AsyncSession, actor: Actor, incident_id: UUID, text: str, key: str) -> IncidentNote:
    """What was found out. The same key again adds nothing and gives the first note."""
    actor.must(Permission.security_manage)
    incident = await get_incident(session, actor, incident_id)
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise Invalid(f"Write a note of up to {LONGEST_NOTE:,} characters.", field="text")
    values = {
        "id": new_id(),
        "created_at": now(),
        "organization_id": actor.organization,
        "incident_id": incident.id,
        "key": key,
        "author_id": actor.user,
        "author_name": actor.name,
        "text": text,
    }
    added = insert(IncidentNote).values(**values).on_conflict_do_nothing(index_elements=["incident_id", "key"])
    if await session.scalar(added.returning(col(IncidentNote.id))):
        _tell(session, actor, "incident.note_added", incident)
    query = select(IncidentNote).where(col(IncidentNote.incident_id) == incident.id, col(IncidentNote.key) == key)
    return (await session.scalars(query)).one()


async def alerts_of(session: AsyncSession, actor: Actor, incident_id: UUID) -> list[SecurityAlert]:
    incident = await get_incident(session, actor, incident_id)
    query = select(SecurityAlert).where(col(SecurityAlert.incident_id) == incident.id)
    return list((await session.scalars(query.order_by(col(SecurityAlert.id)).limit(MOST_ALERTS))).all())


async def timeline(session: AsyncSession, actor: Actor, incident_id: UUID) -> list[Moment]:
    """What led to the incident and what was done about it, newest first; at most ``MOST_MOMENTS``."""
    incident = await get_incident(session, actor, incident_id)
    alerts = await alerts_of(session, actor, incident_id)
    evidence = [id for alert in alerts for id in alert.evidence]
    found = [
        *(Moment(each.id, each.created_at, "alert", each.title, "", each.text, each.address) for each in alerts),
        *await _events(session, incident, evidence),
        *await _sign_ins(session, incident, evidence),
        *await _notes(session, incident),
    ]
    return sorted(found, key=lambda moment: (moment.at, moment.id), reverse=True)[:MOST_MOMENTS]


async def _events(session: AsyncSession, incident: Incident, evidence: list[UUID]) -> list[Moment]:
    """The alerts' evidence, and what was done to the incident since it was opened."""
    own = (
        col(AuditEvent.action).in_(("incident.opened", "incident.changed", "incident.alert_linked")),
        col(AuditEvent.id) >= first_id_of(incident.created_at),
        col(AuditEvent.target_id) == incident.id,
    )
    query = select(AuditEvent).where(col(AuditEvent.organization_id) == incident.organization_id)
    found: list[AuditEvent] = []
    for which in ((col(AuditEvent.id).in_(evidence),), own):
        narrowed = query.where(*which).order_by(col(AuditEvent.id).desc()).limit(MOST_MOMENTS)
        found += (await session.scalars(narrowed)).all()
    names = await directory.names(
        session,
        incident.organization_id,
        {each.target_id for each in found if each.target_type == "users" and each.target_id},
    )
    return [_event_moment(each, names) for each in found]


def _event_moment(event: AuditEvent, names: dict[UUID, str]) -> Moment:
    said = [f"{words}{event.details[key]}" for key, words in _SAID.items() if event.details.get(key)]
    if event.target_id in names:
        said.append(names[event.target_id])
    return Moment(event.id, event.created_at, "event", event.action, event.actor_name, ", ".join(said), event.address)


async def _sign_ins(session: AsyncSession, incident: Incident, evidence: list[UUID]) -> list[Moment]:
    query = select(Session).where(
        col(Session.organization_id) == incident.organization_id, col(Session.id).in_(evidence)
    )
    rows = (await session.scalars(query.limit(MOST_MOMENTS))).all()
    names = await directory.names(session, incident.organization_id, {row.user_id for row in rows})
    return [
        Moment(row.id, row.created_at, "sign_in", "session.opened", names.get(row.user_id, ""), "", row.address)
        for row in rows
    ]


async def _notes(session: AsyncSession, incident: Incident) -> list[Moment]:
    query = select(IncidentNote).where(col(IncidentNote.incident_id) == incident.id)
    rows = (await session.scalars(query.order_by(col(IncidentNote.id).desc()).limit(MOST_MOMENTS))).all()
    return [Moment(row.id, row.created_at, "note", "Note", row.author_name, row.text) for row in rows]


def _tell(session: AsyncSession, actor: Actor, action: str, incident: Incident, **details: object) -> None:
    record(session, actor, action, incident, name=incident.title, **details)
    publish_on_commit(session, topic("incident", incident.id))
    publish_on_commit(session, topic("incidents", incident.organization_id))
    publish_on_commit(session, topic("alerts", incident.organization_id))


def _name(guardians: dict[UUID, str], user_id: UUID | None) -> str:
    return guardians.get(user_id, "") if user_id else ""
