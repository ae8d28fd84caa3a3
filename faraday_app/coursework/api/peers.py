"""Reviews that students write of each other's work, over HTTP: one's own to write, and the staff's view of all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.downloads import BYTES, to_save
from faraday_app.core.http.exact import ExactRoute
from faraday_app.core.http.paging import Cursor, Limit, Page, parsed
from faraday_app.core.http.paging import cursor as cursor_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.api.peer_schemas import (
    BegunOut,
    DeskOut,
    GivenIn,
    GivenOut,
    PeerPlanIn,
    PeerPlanOut,
    ReceivedOut,
    ReviewerIn,
    SentOut,
    TaskOut,
    WordsIn,
    desk_out,
    given_out,
    plan_out,
    received_out,
    sent_out,
    task_out,
)
from faraday_app.coursework.api.schemas import Version
from faraday_app.coursework.service import peers, reading
from faraday_app.coursework.service.submissions import uploads

router = APIRouter(tags=["peer reviews"], route_class=ExactRoute)
Reader = Annotated[Actor, Depends(signed_in(Permission.coursework_read))]
Student = Annotated[Actor, Depends(signed_in(Permission.coursework_submit))]
Teacher = Annotated[Actor, Depends(signed_in(Permission.coursework_manage))]
OF_WORK = "/assignments/{assignment_id}/peer-reviews"


class SendIn(BaseModel):
    version: Version = Field(description="Of the review as you read it.", examples=[2])


@router.get(OF_WORK, summary="List who reviews whom", responses=problems(404, 422))
async def list_given(actor: Reader, assignment_id: UUID, limit: Limit = 25, cursor: Cursor = "") -> Page[GivenOut]:
    """For the class's staff, with names, in the order in which they were given out."""
    after = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await peers.listed(session, actor, assignment_id, after=after[0] if after else None, limit=limit + 1)
    following = cursor_of(found[limit - 1].id) if len(found) > limit else None
    return Page(items=[given_out(each) for each in found[:limit]], next=following)


@router.post(OF_WORK, status_code=201, summary="Give a review", responses=problems(404, 409, 422))
async def give(actor: Teacher, assignment_id: UUID, wanted: GivenIn) -> GivenOut:
    """This student reviews that one's work, or their team's. Both have handed in. The reviewer is told."""
    async with transaction(actor) as session:
        review_id = await peers.give(session, actor, assignment_id, wanted.reviewer_id, wanted.author_id)
        return given_out(await peers.one(session, actor, review_id))


@router.get(f"{OF_WORK}/plan", summary="How students review each other", responses=problems(404, 422))
async def read_plan(actor: Reader, assignment_id: UUID) -> PeerPlanOut:
    """For the class's staff, with how far they are."""
    async with transaction(actor) as session:
        return plan_out(await peers.overview(session, actor, assignment_id))


@router.put(f"{OF_WORK}/plan", summary="Say how students review each other", responses=problems(404, 409, 422))
async def set_plan(actor: Teacher, assignment_id: UUID, wanted: PeerPlanIn) -> PeerPlanOut:
    """How many each writes is the assignment's. What was written without names stays without names."""
    async with transaction(actor) as session:
        await peers.set_plan(session, actor, assignment_id, wanted.version, wanted.draft)
        return plan_out(await peers.overview(session, actor, assignment_id))


@router.post(f"{OF_WORK}/begin", summary="Give the reviews out by lot", responses=problems(404, 409, 422))
async def begin(actor: Teacher, assignment_id: UUID) -> BegunOut:
    """Now, and from now on to whoever hands in later. Asked again, only what is missing is given out."""
    async with transaction(actor) as session:
        return BegunOut(given=await peers.begin(session, actor, assignment_id))


@router.post(f"{OF_WORK}/release", summary="Release the reviews", responses=problems(404, 409, 422))
async def release(actor: Teacher, assignment_id: UUID) -> PeerPlanOut:
    """Those whom they are about read what was sent, and are told. Nothing is written any more: `left` says how many
    are unfinished."""
    async with transaction(actor) as session:
        await peers.release(session, actor, assignment_id)
        return plan_out(await peers.overview(session, actor, assignment_id))


@router.post(f"{OF_WORK}/withhold", summary="Stop showing the reviews", responses=problems(404, 409, 422))
async def withhold(actor: Teacher, assignment_id: UUID) -> PeerPlanOut:
    async with transaction(actor) as session:
        await peers.withhold(session, actor, assignment_id)
        return plan_out(await peers.overview(session, actor, assignment_id))


@router.get(f"{OF_WORK}/received", summary="Read what was said of your work", responses=problems(404, 422))
async def received(actor: Reader, assignment_id: UUID) -> list[ReceivedOut]:
    """Of one's own work, or one's children's; nothing before the reviews are released. None of it is a grade."""
    async with transaction(actor) as session:
        await reading.get(session, actor, assignment_id)
        return [received_out(each) for each in await peers.received(session, actor, assignment_id)]


@router.get("/peer-reviews", summary="List your reviews to write", responses=problems(422))
async def list_mine(actor: Student, limit: Limit = 25, cursor: Cursor = "") -> Page[TaskOut]:
    """Of all classes, those that were given out last first, with those that were sent."""
    before = parsed(cursor, UUID)
    async with transaction(actor) as session:
        found = await peers.due_for(session, actor, actor.user, before=before[0] if before else None, limit=limit + 1)
    following = cursor_of(found[limit - 1].review.id) if len(found) > limit else None
    return Page(items=[task_out(each) for each in found[:limit]], next=following)


@router.get("/peer-reviews/{review_id}", summary="Open a review to write", responses=problems(404, 409, 422))
async def open_review(actor: Student, review_id: UUID) -> DeskOut:
    """For its reviewer: the work, the criteria of its rubric, and what was written so far."""
    async with transaction(actor) as session:
        return desk_out(await peers.sit_down(session, actor, review_id))


@router.put("/peer-reviews/{review_id}", summary="Write a review", responses=problems(404, 409, 422))
async def write(actor: Student, review_id: UUID, wanted: WordsIn) -> DeskOut:
    """All of it. It is kept, and nobody else reads it before it is sent."""
    async with transaction(actor) as session:
        await peers.write(session, actor, review_id, wanted.version, wanted.words)
        return desk_out(await peers.sit_down(session, actor, review_id))


@router.post("/peer-reviews/{review_id}/send", summary="Send a review", responses=problems(404, 409, 422))
async def send(actor: Student, review_id: UUID, wanted: SendIn) -> DeskOut:
    """To the teacher. Every criterion that counts is judged; without a rubric there are words."""
    async with transaction(actor) as session:
        await peers.send(session, actor, review_id, wanted.version)
        return desk_out(await peers.sit_down(session, actor, review_id))


@router.post("/peer-reviews/{review_id}/reopen", summary="Take up a review again", responses=problems(404, 409, 422))
async def reopen(actor: Student, review_id: UUID) -> DeskOut:
    """What was sent can be changed until the reviews are due or released. It is to be sent again."""
    async with transaction(actor) as session:
        await peers.take_up_again(session, actor, review_id)
        return desk_out(await peers.sit_down(session, actor, review_id))


@router.get("/peer-reviews/{review_id}/sent", summary="Read a review that was sent", responses=problems(404, 422))
async def read_sent(actor: Reader, review_id: UUID) -> SentOut:
    """For the class's staff. That somebody looked is part of the record of whom it is about."""
    async with transaction(actor) as session:
        _, criteria, words = await peers.look(session, actor, review_id)
        return sent_out(await peers.one(session, actor, review_id), criteria, words)


@router.put(
    "/peer-reviews/{review_id}/reviewer", summary="Let another student review", responses=problems(404, 409, 422)
)
async def give_to(actor: Teacher, review_id: UUID, wanted: ReviewerIn) -> GivenOut:
    """As long as it is not sent. The answer is a review of its own: what the first reviewer had begun goes."""
    async with transaction(actor) as session:
        given = await peers.give_to(session, actor, review_id, wanted.reviewer_id)
        return given_out(await peers.one(session, actor, given))


@router.delete(
    "/peer-reviews/{review_id}", status_code=204, summary="Take a review back", responses=problems(404, 409, 422)
)
async def take_back(actor: Teacher, review_id: UUID) -> None:
    """Nobody has to write it any more. Refused for what was sent: what was said of somebody stays."""
    async with transaction(actor) as session:
        await peers.take_back(session, actor, review_id)


@router.get(
    "/peer-reviews/{review_id}/files/{file_id}",
    summary="Download a file of the work that you review",
    response_class=Response,
    responses={200: {"content": BYTES, "description": "The file."}, **problems(404, 409, 422)},
)
async def download(actor: Student, review_id: UUID, file_id: UUID) -> Response:
    """For the reviewer alone. Who handed it in may not be theirs to know, so it has no address of its own."""
    async with transaction(actor) as session:
        file = await peers.file(session, actor, review_id, file_id)
    return to_save(file.name, await uploads.content_of(file))
