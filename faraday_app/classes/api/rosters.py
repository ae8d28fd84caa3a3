"""HTTP: rosters as OneRoster packages: look at one, apply it, export what is here."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from faraday_app.classes.models import RosterState
from faraday_app.classes.oneroster import Action, File, Severity, Version
from faraday_app.classes.service import rosters
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in, site_of
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.http.paging import Cursor, Limit, Page, page, parsed
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/rosters", tags=["rosters"])
Manager = Annotated[Actor, Depends(signed_in(Permission.rosters_manage))]
ZIP = "application/zip"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_ZIP_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "The package.", "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}


class FindingOut(BaseModel):
    """Something that was found in the package: where, what is wrong, what to do."""

    severity: Severity = Field(description="`refuses`: nothing is taken. `rejects`: this row is not. `note`: to know.")
    file: str = Field(examples=["users.csv"], description="Empty for the zip itself.")
    row: int | None = Field(description="As a spreadsheet counts: the header is row 1.")
    column: str
    problem: str
    remedy: str


class ImportOut(BaseModel):
    """A package that was looked at, and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: datetime
    name: str
    source: str = Field(description="The system it comes from, by its manifest.")
    format: str = Field(examples=["1.2"])
    mode: str = Field(examples=["bulk"], description="`bulk`, `delta`, or `mixed`.")
    state: RosterState
    counts: dict[str, dict[str, int]] = Field(description="By file and action.")
    findings: list[FindingOut]
    more: int = Field(description="How many findings there are beyond these.")
    sweeping: list[str] = Field(description="Files that would end more than a fifth of what is here.")
    administrators: list[str] = Field(description="Who would become an administrator.")
    digest: str = Field(description="Of all that would change; send it along to apply just that.")
    applied_at: datetime | None
    made: dict[str, int] = Field(description="What was done, once it is applied.")


class ChangeOut(BaseModel):
    """A row, and what it would change. What stays as it is is counted, and not listed."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    file: File
    action: Action
    row: int = Field(description="0: the file does not speak of it any more.")
    sourced_id: str
    label: str
    why: str
    fields: list[list[str]] = Field(description="Name, before and after.", examples=[[["title", "Bio", "Biology"]]])


class ApplyIn(BaseModel):
    """What is to be applied, and what beside yes has to be said."""

    digest: str = Field(max_length=64, description="As the look at it gave it.")
    sweeping: bool = Field(False, description="The file is whole: end what it does not have.")
    administrators: bool = Field(False, description="Make those administrators that it names; else they become aides.")
    invite: bool = Field(False, description="Write to new people how they choose a password.")


class SettingsOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    demographics: bool = Field(description="Whether demographics.csv is opened. It is checked, and never stored.")


class SettingsIn(BaseModel):
    demographics: bool


@router.post(
    "/imports", status_code=201, summary="Look at a package", openapi_extra=_BODY, responses=problems(413, 422)
)
async def look_at_package(
    request: Request,
    actor: Manager,
    name: Annotated[Text, Query(min_length=1, max_length=200, description="What the file is called.")] = "roster.zip",
) -> ImportOut:
    """A OneRoster zip, 1.1 or 1.2, as the body of the request. A dry run: nothing is changed by it.

    One package waits at a time: what was looked at before is discarded. What waits is forgotten after a day."""
    return ImportOut.model_validate(await rosters.receive(actor, name, request.stream()))


@router.get("/imports", summary="List packages", responses=problems(422))
async def list_packages(actor: Manager, limit: Limit = 25, cursor: Cursor = "") -> Page[ImportOut]:
    """Newest first, with what became of them."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await rosters.imports(session, actor, before[0] if before else None, limit + 1)
    return page(found, limit, ImportOut.model_validate, "id")


@router.get("/imports/{import_id}", summary="Get a package", responses=problems(404, 422))
async def get_package(actor: Manager, import_id: UUID) -> ImportOut:
    async with transaction(actor) as session:
        return ImportOut.model_validate(await rosters.get_import(session, actor, import_id))


@router.get("/imports/{import_id}/changes", summary="List what a package would change", responses=problems(404, 422))
async def list_changes(
    actor: Manager,
    import_id: UUID,
    file: File | None = None,
    action: Action | None = None,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[ChangeOut]:
    """Row by row, in the order of the files. Gone once it is applied or discarded."""
    after = parsed(cursor, _position)
    wanted = rosters.Narrowing(file or "", action or "", after[0] if after else None)
    async with transaction(actor) as session:
        found = await rosters.changes_of(session, actor, import_id, wanted, limit + 1)
    return page(found, limit, ChangeOut.model_validate, "position")


def _position(text: str) -> int:
    """Of a row: they are counted in a column of four bytes."""
    if not 0 <= (found := int(text)) < 2**31:
        raise ValueError
    return found


@router.post("/imports/{import_id}/apply", summary="Apply a package", responses=problems(404, 409, 422, 503))
async def apply_package(request: Request, actor: Manager, import_id: UUID, wanted: ApplyIn) -> ImportOut:
    """All of it in one transaction, and exactly what was looked at: 409 where it would be something else by now."""
    confirmed = rosters.Confirmed(wanted.sweeping, wanted.administrators, wanted.invite)
    done = await rosters.apply(actor, import_id, wanted.digest, confirmed, site_of(request))
    return ImportOut.model_validate(done)


@router.post(
    "/imports/{import_id}/take-grades-back",
    summary="Take back the grades of a package",
    responses=problems(404, 409, 422),
)
async def take_grades_back(actor: Manager, import_id: UUID) -> ImportOut:
    """Where nobody has changed them since, by lines of the ledger. People, classes and work that came stay."""
    return ImportOut.model_validate(await rosters.take_grades_back(actor, import_id))


@router.delete("/imports/{import_id}", summary="Discard a package", responses=problems(404, 409, 422))
async def discard_package(actor: Manager, import_id: UUID) -> ImportOut:
    """Before it is applied. That it was sent stays in the history."""
    return ImportOut.model_validate(await rosters.discard(actor, import_id))


@router.get("/settings", summary="Read the settings of rosters")
async def get_settings(actor: Manager) -> SettingsOut:
    async with transaction(actor) as session:
        return SettingsOut.model_validate(await rosters.read_settings(session, actor))


@router.put("/settings", summary="Change the settings of rosters", responses=problems(422))
async def put_settings(actor: Manager, wanted: SettingsIn) -> SettingsOut:
    async with transaction(actor) as session:
        return SettingsOut.model_validate(await rosters.set_demographics(session, actor, wanted.demographics))


@router.get("/export", summary="Export a package", response_class=Response, responses={**_ZIP_ANSWER, **problems(422)})
async def export_package(
    actor: Manager,
    version: Annotated[Version, Query(description="Of OneRoster.")] = Version.v1_2,
    since: Annotated[AwareDatetime | None, Query(description="Only what has changed since: a delta.")] = None,
) -> Response:
    """What is here as a OneRoster zip, whole or what has changed since a moment, with the gradebook where there is
    one."""
    data = await rosters.export(actor, version, since)
    return Response(data, media_type=ZIP, headers={"Content-Disposition": 'attachment; filename="oneroster.zip"'})
