"""Versions of GPTs and of conversations' settings over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from faraday_app.contexts.models import Reason, Subject
from faraday_app.contexts.service.versions import reading, restoring
from faraday_app.contexts.service.versions.reading import LONGEST_LABEL, Listed
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import Text
from faraday_app.core.http.paging import Cursor, Limit, Page, parsed
from faraday_app.core.http.paging import cursor as cursor_of
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(tags=["versions"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]


class VersionOut(BaseModel):
    id: UUID
    number: int
    reason: Reason
    changed: list[str] = Field(description="The fields and parts that are other than in the version before.")
    label: str
    made_at: datetime
    made_by: str = Field(description="Their name; empty for a former member.")
    from_id: UUID | None = Field(description="The version that it was restored or branched from.")


class LineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    sign: str = Field(description="`same`, `gone`, `new`, or `skipped` for lines alike that are left out.")
    text: str


class DifferenceOut(BaseModel):
    """Of one field. Texts have `lines`, others the values before and after."""

    name: str
    before: Any
    after: Any
    lines: list[LineOut]


class LabelIn(BaseModel):
    label: Annotated[Text, Field(max_length=LONGEST_LABEL, examples=["Before the exam"])] = Field(
        description="Empty: no label."
    )


class BranchedOut(BaseModel):
    kind: Subject
    id: UUID
    left_behind: list[UUID] = Field(description="GPTs of the other conversation that you cannot use.")


@router.get("/gpts/{gpt_id}/versions", summary="List versions of a GPT", responses=problems(404, 422))
async def list_gpt_versions(actor: Person, gpt_id: UUID, limit: Limit = 25, cursor: Cursor = "") -> Page[VersionOut]:
    """Newest first. They are its owner's to see."""
    return await _page(actor, Subject.gpt, gpt_id, limit, cursor)


@router.get(
    "/conversations/{conversation_id}/versions", summary="List versions of a conversation", responses=problems(404, 422)
)
async def list_conversation_versions(
    actor: Person, conversation_id: UUID, limit: Limit = 25, cursor: Cursor = ""
) -> Page[VersionOut]:
    """Of its settings and notes, newest first; messages have branches of their own."""
    return await _page(actor, Subject.conversation, conversation_id, limit, cursor)


@router.get("/versions/{version_id}/differences", summary="Compare two versions", responses=problems(404, 422))
async def compare_versions(
    actor: Person,
    version_id: UUID,
    older: Annotated[UUID | None, Query(description="Left out: the version before it.")] = None,
) -> list[DifferenceOut]:
    """What the newer version made different."""
    async with transaction(actor) as session:
        found = await reading.differences(session, actor, older, version_id)
    return [
        DifferenceOut(
            name=each.name,
            before=each.before,
            after=each.after,
            lines=[LineOut.model_validate(line) for line in each.lines],
        )
        for each in found
    ]


@router.put("/versions/{version_id}/label", status_code=204, summary="Label a version", responses=problems(404, 422))
async def label_version(actor: Person, version_id: UUID, wanted: LabelIn) -> None:
    async with transaction(actor) as session:
        await reading.label(session, actor, version_id, wanted.label)


@router.post("/versions/{version_id}/restore", summary="Restore a version", responses=problems(404, 409, 422))
async def restore_version(actor: Person, version_id: UUID) -> VersionOut:
    """Makes a new version of the old content. What it replaces stays in the list."""
    async with transaction(actor) as session:
        return _out(Listed(await restoring.restore(session, actor, version_id), actor.name))


@router.post(
    "/versions/{version_id}/branch", status_code=201, summary="Branch off a version", responses=problems(404, 422)
)
async def branch_version(actor: Person, version_id: UUID) -> BranchedOut:
    """A GPT or a conversation of your own that begins as this version."""
    async with transaction(actor) as session:
        made = await restoring.branch(session, actor, version_id)
    return BranchedOut(kind=made.kind, id=made.id, left_behind=made.left_behind)


async def _page(actor: Actor, kind: Subject, id: UUID, limit: int, cursor: str) -> Page[VersionOut]:
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await reading.listed(session, actor, kind, id, before[0] if before else None, limit + 1)
    shown = found[:limit]
    following = cursor_of(shown[-1].version.id) if len(found) > limit else None
    return Page(items=[_out(each) for each in shown], next=following)


def _out(found: Listed) -> VersionOut:
    version = found.version
    return VersionOut(
        id=version.id,
        number=version.number,
        reason=Reason(version.reason),
        changed=list(found.changed),
        label=version.label,
        made_at=version.created_at,
        made_by=found.author_name,
        from_id=version.from_id,
    )
