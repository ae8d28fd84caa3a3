"""Templates over HTTP: one's own, and those that are shared with one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from faraday_app.contexts.api.template_schemas import (
    AudienceIn,
    Given,
    RenderedOut,
    TemplateChange,
    TemplateFile,
    TemplateIn,
    TemplateOut,
    TrialEnd,
    TrialIn,
    VersionOut,
    filled_out,
    results_out,
    template_out,
)
from faraday_app.contexts.api.template_schemas import ResultsOut as Results
from faraday_app.contexts.service.templates import files, results, shelf, trials
from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey, Search
from faraday_app.core.http.paging import Cursor, Limit, Page, parsed
from faraday_app.core.http.paging import cursor as cursor_of
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/templates", tags=["templates"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Maker = Annotated[Actor, Depends(signed_in(Permission.templates_manage))]


@router.get("", summary="List templates", responses=problems(422))
async def list_templates(
    actor: Person,
    text: Annotated[Search, Query(description="Words in the name or the description.")] = "",
    category: Annotated[Search, Query(max_length=40)] = "",
    archived: bool = False,
    limit: Limit = 25,
    cursor: Cursor = "",
) -> Page[TemplateOut]:
    """One's own and those that are shared with one, newest first."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await shelf.listed(
            session, actor, text, category=category, archived=archived, before=before[0] if before else None,
            limit=limit + 1,
        )  # fmt: skip
    items = [template_out(each) for each in found[:limit]]
    return Page(items=items, next=cursor_of(items[-1].id) if len(found) > limit else None)


@router.post("", status_code=201, summary="Make a template", responses=problems(422))
async def create_template(
    actor: Maker, wanted: TemplateIn, idempotency_key: OptionalIdempotencyKey = None
) -> TemplateOut:
    """For its maker alone until it is shared."""
    async with transaction(actor) as session:
        return template_out(await shelf.create(session, actor, wanted.draft(), idempotency_key))


@router.post("/import", status_code=201, summary="Import templates", responses=problems(422))
async def import_templates(
    actor: Maker, file: TemplateFile, idempotency_key: OptionalIdempotencyKey = None
) -> list[TemplateOut]:
    """All of a file or none of it. They are the importer's own; what else stands in the file is not read."""
    async with transaction(actor) as session:
        return [template_out(each) for each in await files.imported(session, actor, file, idempotency_key)]


@router.post("/{template_id}/copy", status_code=201, summary="Copy a template", responses=problems(404, 422))
async def copy_template(actor: Maker, template_id: UUID, idempotency_key: OptionalIdempotencyKey = None) -> TemplateOut:
    """One's own that begins as this one is, for its maker alone. Also of one that is shared with one."""
    async with transaction(actor) as session:
        return template_out(await files.copied(session, actor, template_id, idempotency_key))


@router.get("/{template_id}", summary="Get a template", responses=problems(404, 422))
async def get_template(
    actor: Person,
    template_id: UUID,
    number: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="An earlier version.")] = None,
) -> TemplateOut:
    async with transaction(actor) as session:
        return template_out(await shelf.get(session, actor, template_id, number))


@router.put("/{template_id}", summary="Change a template", responses=problems(404, 409, 422))
async def change_template(actor: Maker, template_id: UUID, wanted: TemplateChange) -> TemplateOut:
    """Its owner's to do. Another text or other fields make a new version; earlier ones stay."""
    async with transaction(actor) as session:
        return template_out(await shelf.change(session, actor, template_id, wanted.version, wanted.draft()))


@router.put("/{template_id}/audience", summary="Share a template", responses=problems(404, 422))
async def share_template(actor: Maker, template_id: UUID, wanted: AudienceIn) -> TemplateOut:
    """With nobody, with those who hold one of the roles, or with the organisation. Its owner's to do."""
    async with transaction(actor) as session:
        await shelf.share(session, actor, template_id, wanted.audience, wanted.roles)
        return template_out(await shelf.get(session, actor, template_id))


@router.put("/{template_id}/archived", status_code=204, summary="Archive a template", responses=problems(404, 422))
async def archive_template(actor: Maker, template_id: UUID) -> None:
    """It is offered to nobody; what was written with it stays."""
    async with transaction(actor) as session:
        await shelf.set_archived(session, actor, template_id, True)


@router.delete("/{template_id}/archived", status_code=204, summary="Restore a template", responses=problems(404, 422))
async def restore_template(actor: Maker, template_id: UUID) -> None:
    async with transaction(actor) as session:
        await shelf.set_archived(session, actor, template_id, False)


@router.post("/{template_id}/render", summary="Fill in a template", responses=problems(404, 422))
async def render_template(actor: Person, template_id: UUID, given: Given) -> RenderedOut:
    """The prompt of what was entered, checked field by field. While two versions are compared one is drawn by lot.

    Send `version_id` as `template_version` with the message, so that the version is remembered with it.
    """
    async with transaction(actor) as session:
        values: dict[str, Any] = dict(given.values)
        return filled_out(await trials.render(session, actor, template_id, values, given.number))


@router.get("/{template_id}/versions", summary="List versions of a template", responses=problems(404, 422))
async def list_versions(actor: Person, template_id: UUID) -> list[VersionOut]:
    """Newest first, a hundred at most."""
    async with transaction(actor) as session:
        found = await shelf.versions(session, actor, template_id)
    return [VersionOut.model_validate(each) for each in found]


@router.get("/{template_id}/export", summary="Export a template", responses=problems(404, 422))
async def export_template(actor: Person, template_id: UUID) -> TemplateFile:
    """As a file that can be imported anywhere: what it says and asks for, and not whose it is."""
    async with transaction(actor) as session:
        return await files.exported(session, actor, [template_id])


@router.get("/{template_id}/results", summary="What a template has come to", responses=problems(404, 422))
async def get_results(actor: Maker, template_id: UUID) -> Results:
    """For its owner: uses, outcomes, median cost, the comparison of two versions, and what could be better."""
    async with transaction(actor) as session:
        return results_out(await results.of(session, actor, template_id))


@router.post("/{template_id}/trial", status_code=204, summary="Compare two versions", responses=problems(404, 409, 422))
async def start_trial(actor: Maker, template_id: UUID, wanted: TrialIn) -> None:
    async with transaction(actor) as session:
        await trials.start(session, actor, template_id, wanted.first, wanted.second, wanted.share)


@router.delete("/{template_id}/trial", status_code=204, summary="End a comparison", responses=problems(404, 422))
async def end_trial(actor: Maker, template_id: UUID, wanted: Annotated[TrialEnd, Query()]) -> None:
    """Everybody gets the winner from now on."""
    async with transaction(actor) as session:
        await trials.end(session, actor, template_id, wanted.winner)
