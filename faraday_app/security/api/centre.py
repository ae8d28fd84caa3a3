"""HTTP: the security score, alerts and incidents."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey, Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import IncidentStatus
from faraday_app.security.service import alerts, incidents, score

router = APIRouter(prefix="/security")
Reader = Annotated[Actor, Depends(signed_in(Permission.security_read))]
Manager = Annotated[Actor, Depends(signed_in(Permission.security_manage))]
Severity = Literal["low", "medium", "high"]


class FindingOut(BaseModel):
    """One thing to mend."""

    key: str = Field(examples=["single_administrator"])
    title: str
    why: str
    concerns: str = Field(description="Whom or what it is about, in words.")
    act: str = Field(description="What mends it.")
    link: str = Field(description="The page on which that is done; empty where it is outside Faraday.")
    then: int = Field(description="The score with this mended.")


class ScoreOut(BaseModel):
    score: int = Field(ge=0, le=100)
    findings: list[FindingOut] = Field(description="The weightiest first.")


class AlertOut(BaseModel):
    """Something that people were told about."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str = Field(examples=["travel"])
    severity: Severity
    title: str
    text: str
    happened_at: datetime
    created_at: datetime = Field(description="When people were told.")
    subject_id: UUID | None = Field(description="The person it is about, where there is one.")
    address: str
    evidence: list[UUID] = Field(description="Audit events, or sessions for sign-ins.")
    told: list[UUID] = Field(description="Who was told.")
    incident_id: UUID | None


class IncidentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    severity: Severity
    status: IncidentStatus
    opened_by: UUID
    assignee_id: UUID | None
    created_at: datetime
    resolved_at: datetime | None
    version: int = Field(description="Send it with a change; it counts the changes.")


class MomentOut(BaseModel):
    """Something on the timeline."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    kind: Literal["alert", "event", "sign_in", "note"]
    what: str
    who: str
    text: str
    address: str


class IncidentDetailOut(IncidentOut):
    alerts: list[AlertOut]
    timeline: list[MomentOut] = Field(description="Newest first; at most 200.")


class IncidentIn(BaseModel):
    alert_id: UUID


class IncidentChangeIn(BaseModel):
    """Both are set: send what is to stay as it is too."""

    version: int = Field(ge=1, le=2**31 - 1)
    status: IncidentStatus
    assignee_id: UUID | None


class NoteIn(BaseModel):
    text: Annotated[Text, Field(min_length=1, max_length=incidents.LONGEST_NOTE)]


class NoteOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    author_id: UUID
    author_name: str
    text: str


@router.get("/score", tags=["security"], summary="Get the security score")
async def get_score(actor: Reader) -> ScoreOut:
    """0 to 100, with what to mend."""
    async with transaction(actor) as session:
        found = await score.score(session, actor)
    names = ("key", "title", "why", "concerns", "act", "link")
    findings = [
        FindingOut(**{name: getattr(each.finding, name) for name in names}, then=each.then) for each in found.findings
    ]
    return ScoreOut(score=found.value, findings=findings)


@router.get("/alerts", tags=["security"], summary="List alerts", responses=problems(422))
async def list_alerts(actor: Reader, limit: Limit = 25, cursor: Cursor = "") -> Page[AlertOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await alerts.list_alerts(session, actor, limit + 1, before[0] if before else None)
        return page(found, limit, AlertOut.model_validate, "id")


@router.get("/incidents", tags=["security"], summary="List incidents", responses=problems(422))
async def list_incidents(
    actor: Reader,
    status: Annotated[IncidentStatus | None, Query(description="Leave out for all.")] = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[IncidentOut]:
    """Newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await incidents.list_incidents(session, actor, status or "", limit + 1, before[0] if before else None)
        return page(found, limit, IncidentOut.model_validate, "id")


@router.post("/incidents", status_code=201, tags=["security"], summary="Open an incident", responses=problems(404, 422))
async def open_incident(actor: Manager, wanted: IncidentIn) -> IncidentOut:
    """From an alert. One that was opened already gives the same incident again."""
    async with transaction(actor) as session:
        return IncidentOut.model_validate(await incidents.open_incident(session, actor, wanted.alert_id))


@router.get("/incidents/{incident_id}", tags=["security"], summary="Get an incident", responses=problems(404, 422))
async def get_incident(actor: Reader, incident_id: UUID) -> IncidentDetailOut:
    """With its alerts and its timeline."""
    async with transaction(actor) as session:
        incident = await incidents.get_incident(session, actor, incident_id)
        linked = await incidents.alerts_of(session, actor, incident_id)
        moments = await incidents.timeline(session, actor, incident_id)
    return IncidentDetailOut(
        **IncidentOut.model_validate(incident).model_dump(),
        alerts=[AlertOut.model_validate(each) for each in linked],
        timeline=[MomentOut.model_validate(each) for each in moments],
    )


@router.patch(
    "/incidents/{incident_id}",
    tags=["security"],
    summary="Change an incident",
    responses=problems(404, 409, 422),
)
async def change_incident(actor: Manager, incident_id: UUID, wanted: IncidentChangeIn) -> IncidentOut:
    """Where it stands, and who looks into it: somebody who may see the security centre."""
    async with transaction(actor) as session:
        changed = await incidents.change_incident(
            session, actor, incident_id, wanted.version, wanted.status, wanted.assignee_id
        )
        return IncidentOut.model_validate(changed)


@router.post(
    "/incidents/{incident_id}/notes",
    status_code=201,
    tags=["security"],
    summary="Add a note",
    responses=problems(404, 422),
)
async def add_note(
    actor: Manager, incident_id: UUID, wanted: NoteIn, idempotency_key: OptionalIdempotencyKey = None
) -> NoteOut:
    """Nobody can change or remove it afterwards."""
    async with transaction(actor) as session:
        note = await incidents.add_note(session, actor, incident_id, wanted.text, idempotency_key or str(new_id()))
        return NoteOut.model_validate(note)


@router.post(
    "/incidents/{incident_id}/alerts/{alert_id}",
    status_code=204,
    tags=["security"],
    summary="Add an alert to an incident",
    responses=problems(404, 409, 422),
)
async def link_alert(actor: Manager, incident_id: UUID, alert_id: UUID) -> None:
    """An alert belongs to at most one incident."""
    async with transaction(actor) as session:
        await incidents.link_alert(session, actor, incident_id, alert_id)
