"""What pieces of work have in common, over HTTP: figures for their teachers, never a verdict."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from faraday_app.core.database import transaction
from faraday_app.core.http import signed_in
from faraday_app.core.http.description import problems
from faraday_app.core.http.paging import Cursor, Limit, Page, parsed
from faraday_app.core.http.paging import cursor as cursor_of
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.service.similarity import beside, listing
from faraday_app.coursework.service.similarity.beside import Mark, SideOfPair
from faraday_app.coursework.service.similarity.pairs import Author, Pair

router = APIRouter(tags=["similarity"])
Teacher = Annotated[Actor, Depends(signed_in(Permission.coursework_manage))]
Share = Annotated[float, Field(ge=0, le=1, description="Of the words that count.", examples=[0.24])]


class AuthorOut(BaseModel):
    name: str = Field(description="Without names where the work is graded so, or is of a class that you do not teach.")
    elsewhere: str = Field("", description="Of which other work it is.")
    submission_id: UUID | None = Field(description="Null where it is not yours to read.")
    handed_in: datetime | None


class PairOut(BaseModel):
    """Both shares count: what a short text has from a long one is much of the one and little of the other."""

    id: UUID
    left: AuthorOut
    right: AuthorOut
    left_share: Share
    right_share: Share
    longest: int = Field(description="Words in a row that are the same.")
    passages: int
    within: bool = Field(description="Both are of this assignment.")


class OverviewOut(BaseModel):
    texts: int
    pairs: int = Field(description="With at least one passage in common.")
    waiting: bool = Field(description="Something is still to be read or compared.")
    checked_at: datetime | None
    handouts: list[str]
    common_share: int = Field(description="What more than so many percent of the class have does not count.")


class PartOut(BaseModel):
    text: str
    mark: Mark
    passage: int = Field(0, description="The same number on both sides; 0: in none.")


class SideOut(BaseModel):
    author: AuthorOut
    share: Share
    words: int
    left_out: int = Field(description="Words that do not count: the handout's, or what much of the class has.")
    parts: list[PartOut]


class BesideOut(BaseModel):
    description: str
    evidence: str = Field("", description="What all work of the class that both handed in says together.")
    left: SideOut
    right: SideOut


@router.get("/assignments/{assignment_id}/similarity", summary="How far the comparing is", responses=problems(404, 422))
async def read_similarity(actor: Teacher, assignment_id: UUID) -> OverviewOut:
    """For the class's teachers. What is alike is for people to look at; it says nothing about why."""
    async with transaction(actor) as session:
        found = await listing.overview(session, actor, assignment_id)
    return OverviewOut(
        texts=found.texts,
        pairs=found.pairs,
        waiting=found.waiting,
        checked_at=found.check.checked_at if found.check else None,
        handouts=[each.name for each in found.handouts],
        common_share=found.share,
    )


@router.get(
    "/assignments/{assignment_id}/similarity/pairs",
    summary="List pairs with passages in common",
    responses=problems(404, 422),
)
async def list_pairs(actor: Teacher, assignment_id: UUID, limit: Limit = 25, cursor: Cursor = "") -> Page[PairOut]:
    """The most alike first."""
    after = parsed(cursor, listing.share_of, UUID)
    async with transaction(actor) as session:
        found = await listing.listed(
            session, actor, assignment_id, after=(after[0], after[1]) if after else None, limit=limit + 1
        )
    last = found[limit - 1].row if len(found) > limit else None
    following = cursor_of(repr(last.similarity), last.id) if last else None
    return Page(items=[_pair(each) for each in found[:limit]], next=following)


@router.get("/similarity/pairs/{pair_id}", summary="Read two texts side by side", responses=problems(404, 422))
async def read_pair(actor: Teacher, pair_id: UUID) -> BesideOut:
    """With the passages that run alike. Of work of a class that you do not teach, only these. Looking is recorded."""
    async with transaction(actor) as session:
        found = await beside.look(session, actor, pair_id)
    return BesideOut(
        description=found.comparison.description,
        evidence=found.evidence.description if found.evidence else "",
        left=_side(found.left),
        right=_side(found.right),
    )


def _pair(pair: Pair) -> PairOut:
    return PairOut(
        id=pair.row.id,
        left=_author(pair.left),
        right=_author(pair.right),
        left_share=pair.row.left_share,
        right_share=pair.row.right_share,
        longest=pair.row.longest,
        passages=pair.row.passages,
        within=pair.row.within,
    )


def _side(found: SideOfPair) -> SideOut:
    return SideOut(
        author=_author(found.author),
        share=found.side.share,
        words=found.side.words,
        left_out=found.side.left_out,
        parts=[PartOut(text=part.text, mark=part.mark, passage=part.number) for part in found.parts],
    )


def _author(author: Author) -> AuthorOut:
    return AuthorOut(
        name=author.name,
        elsewhere=author.elsewhere,
        submission_id=author.text.submission_id if author.whole else None,
        handed_in=author.handed_in,
    )
