"""Results: grades. They go through the ledger as a teacher's do, and come back as they went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.service.rosters.identities import as_uuid, our_id, their_ids
from faraday_app.classes.service.rosters.records import File
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import Assignment
from faraday_app.gradebook.models import EntryKind, Exchanged, ExchangeItem, Grade
from faraday_app.gradebook.service import ledger, marks
from faraday_app.gradebook.service.entering import MOST, PLACES, Typed
from faraday_app.gradebook.service.exchange import items
from faraday_app.gradebook.service.exchange.asking import Asked, chosen, narrowed
from faraday_app.gradebook.service.exchange.line_items import Sight, find_for_result, sight
from faraday_app.gradebook.service.exchange.reach import class_ids, person
from faraday_app.gradebook.service.exchange.result_pages import Found, found_in, is_plain, page_of
from faraday_app.gradebook.service.exchange.words import number, reference, shared, without_nothing
from faraday_app.gradebook.service.marks import NOTHING, Mark
from faraday_app.security.service import record

EXEMPT, GRADED, PARTLY, SUBMITTED, NOT_SUBMITTED = (
    "exempt",
    "fully graded",
    "partially graded",
    "submitted",
    "not submitted",
)
Put = tuple[dict[str, Any], bool]
Page = tuple[list[dict[str, Any]], int]  # and how many there are in all
KNOWN = frozenset(
    {
        *("sourcedId", "status", "dateLastModified", "lineItem", "student", "class", "score", "textScore"),
        *("scoreDate", "scoreStatus", "comment", "inProgress", "incomplete", "late", "missing"),
    }
)
# What only the other system says, in its words and in those of a row of a file.
MORE = {
    "textScore": "text_score",
    "inProgress": "in_progress",
    **{name: name for name in ("incomplete", "late", "missing")},
}
REASON = "Sent by another system (OneRoster)."
MOVED = "A result stays with its line item and its student."
GONE = "There is no result “{}” here."


@dataclass(frozen=True, slots=True)
class ResultDraft:
    line_item_id: str
    student_id: str
    score_status: str
    scored: date
    score: Decimal | None = None
    comment: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


async def listed(
    session: AsyncSession,
    actor: Actor,
    asked: Asked,
    class_sourced_id: str = "",
    line_item_id: str = "",
    student_id: str = "",
) -> Page:
    """Of all classes within reach, or of one; there, of one line item or one student. The page that is asked for."""
    who = person(actor, Permission.oneroster_read)
    within = await class_ids(session, who, class_sourced_id)
    seen = await sight(session, who, within)
    works = set(seen.work)
    if line_item_id:
        works = {id for id in works if seen.name_of(id) == line_item_id}
        if not works:
            raise NotFound(f"There is no line item “{line_item_id[:80]}” here.")
    student = await our_id(session, who.organization, File.users, student_id) if student_id else None
    if student_id and student is None:
        return chosen([], asked, KNOWN)
    if not is_plain(asked):
        documents = await _documents(session, who, seen, await found_in(session, who, within, works, student))
        return chosen(documents, asked, KNOWN)
    cells, total = await page_of(session, who, within, works, student, asked)
    there = await found_in(session, who, within, {work for work, _ in cells}, student, {each for _, each in cells})
    by_cell = {each.cell: each for each in there}
    documents = await _documents(session, who, seen, [by_cell[cell] for cell in cells])
    return [narrowed(each, asked.fields, KNOWN) for each in documents], total


async def _documents(session: AsyncSession, who: Actor, seen: Sight, found: Sequence[Found]) -> list[dict[str, Any]]:
    names = await their_ids(session, who.organization, File.users, {each.cell[1] for each in found})
    return [await _document(seen, names, each) for each in found]


async def get(session: AsyncSession, actor: Actor, sourced_id: str) -> dict[str, Any]:
    who = person(actor, Permission.oneroster_read)
    found = await _find(session, who, sourced_id)
    return await _shown(session, who, found)


async def put(session: AsyncSession, actor: Actor, sourced_id: str, draft: ResultDraft) -> Put:
    """Entered or changed, and whether it is new."""
    who = person(actor, Permission.oneroster_write)
    await items.alone(session, who, Exchanged.result, sourced_id)
    work = await find_for_result(session, who, draft.line_item_id)
    student = await our_id(session, who.organization, File.users, draft.student_id)
    if student is None:
        raise Invalid(f"There is no student “{draft.student_id[:80]}” here.", field="student")
    before = await _before(session, who, sourced_id)
    if before is not None and before.cell != (work.id, student):
        raise Invalid(MOVED, field="lineItem")
    mark = await _enter(session, who, work, student, typed_of(draft))
    there = before.item if before else await _same_cell(session, who, work.id, student)
    values: dict[str, Any] = {
        "sourced_id": sourced_id,
        "class_id": work.class_id,
        "record_id": work.id,
        "source": "",  # no file's any more
    }
    fields = said_of(draft)
    kept = await items.keep(
        session, who, there, draft.comment, kind=Exchanged.result, **values, student_id=student, fields=fields
    )
    record(session, actor, "exchange.result_put", kept, class_id=str(work.class_id))
    found = Found((work.id, student), mark, None, kept)
    return await _shown(session, who, found), before is None


async def delete(session: AsyncSession, actor: Actor, sourced_id: str) -> None:
    """The grade is cleared, by a line of the ledger as any other, and what only the other system said of it goes."""
    who = person(actor, Permission.oneroster_delete)
    await items.alone(session, who, Exchanged.result, sourced_id)
    found = await _find(session, who, sourced_id)
    work = await session.get_one(Assignment, found.cell[0])
    await _enter(session, who, work, found.cell[1], Typed())
    if found.item is not None:
        await items.forget(session, col(ExchangeItem.id) == found.item.id)
    record(session, actor, "exchange.result_deleted", work, class_id=str(work.class_id))


def typed_of(draft: ResultDraft) -> Typed:
    score = draft.score
    if score is not None:
        if abs(score) > MOST:
            raise Invalid(f"A score is at most {MOST:,}.", field="score")
        score = marks.plain(score.quantize(PLACES, ROUND_HALF_UP))
    if draft.score_status == EXEMPT:
        return Typed(score, excused=True)
    return Typed(score)


def said_of(draft: ResultDraft) -> dict[str, Any]:
    """What is kept of it beside the grade. The score is kept too: by it can be told whether it is still the one."""
    score = None if draft.score is None else str(draft.score)
    return {
        "scoreStatus": draft.score_status,
        "scoreDate": draft.scored.isoformat(),
        "score": score,
        **draft.more,
    }


async def _enter(session: AsyncSession, who: Actor, work: Assignment, student_id: UUID, typed: Typed) -> Mark:
    change = ledger.Change(work.id, student_id, typed)
    entered = await ledger.enter(session, who, work.class_id, [change], reason=REASON, kind=EntryKind.imported)
    for refused in entered.refused:
        if isinstance(refused.why, NotFound):
            raise Invalid("This student is not in the class of the line item.", field="student")
        raise refused.why
    return entered.cells.get(change.cell, NOTHING)


async def _before(session: AsyncSession, who: Actor, sourced_id: str) -> Found | None:
    try:
        return await _find(session, who, sourced_id)
    except NotFound:
        item = await items.find(session, who, Exchanged.result, sourced_id)
        if item is None:
            return None
        if item.class_id not in await class_ids(session, who):
            raise
        await items.forget(session, col(ExchangeItem.id) == item.id)  # its line item is gone
        return None


async def _same_cell(session: AsyncSession, who: Actor, work_id: UUID, student_id: UUID) -> ExchangeItem | None:
    """One that goes by another id so far: a grade has one, the newest."""
    return await session.scalar(
        select(ExchangeItem).where(
            col(ExchangeItem.organization_id) == who.organization,
            col(ExchangeItem.kind) == Exchanged.result.value,
            col(ExchangeItem.record_id) == work_id,
            col(ExchangeItem.student_id) == student_id,
        )
    )


async def _find(session: AsyncSession, who: Actor, sourced_id: str) -> Found:
    item = await items.find(session, who, Exchanged.result, sourced_id)
    if item is not None and item.record_id and item.student_id:
        cell = (item.record_id, item.student_id)
    elif (id := as_uuid(sourced_id)) and (grade := await session.get(Grade, id)):
        cell = (grade.assignment_id, grade.student_id)
        item = await _same_cell(session, who, *cell)
        if item is not None:
            raise NotFound(GONE.format(sourced_id[:80]))
    else:
        raise NotFound(GONE.format(sourced_id[:80]))
    work = await session.get(Assignment, cell[0])
    if work is None or work.deleted_at is not None:
        raise NotFound(GONE.format(sourced_id[:80]))
    within = await class_ids(session, who)
    found = await found_in(session, who, within & {work.class_id}, {work.id}, cell[1])
    result = next((each for each in found if each.cell == cell), None)
    if result is None:
        raise NotFound(GONE.format(sourced_id[:80]))
    return result


async def _shown(session: AsyncSession, who: Actor, found: Found) -> dict[str, Any]:
    work = await session.get_one(Assignment, found.cell[0])
    names = await their_ids(session, who.organization, File.users, [found.cell[1]])
    return await _document(await sight(session, who, [work.class_id], [work.id]), names, found)


async def _document(seen: Sight, names: Mapping[UUID, str], found: Found) -> dict[str, Any]:
    work, mark, item = seen.work[found.cell[0]], found.mark, found.item
    fields = dict(item.fields) if item else {}
    modified = item.modified_at if item else mark.graded_at or work.created_at
    scored = mark.graded_at or modified
    more = {name: fields[name] for name in MORE if name in fields}
    return without_nothing(
        {
            **shared(found.name, max(modified, mark.graded_at or modified)),
            "lineItem": reference("lineItem", seen.name_of(work.id)),
            "student": reference("user", names[found.cell[1]]),
            "class": reference("class", seen.classes[work.class_id]),
            "score": number(mark.score if mark.score is not None else mark.raw),
            "scoreDate": fields.get("scoreDate") or scored.date().isoformat(),
            "scoreStatus": status_of(mark, str(fields.get("scoreStatus", ""))),
            "comment": await items.comment_of(item),
            **more,
        }
    )


def status_of(mark: Mark, said: str) -> str:
    """What the other system said, unless the grade has become something else here meanwhile."""
    if mark.excused:
        return EXEMPT
    if said and said != EXEMPT and (mark.score is not None or said not in (GRADED, PARTLY)):
        return GRADED if mark.score is not None and said == NOT_SUBMITTED and not mark.by_policy else said
    if mark.pending_review:
        return PARTLY
    if mark.score is not None:
        return GRADED
    return SUBMITTED if mark.attempt else NOT_SUBMITTED
