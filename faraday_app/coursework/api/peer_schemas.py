"""What programs send and get about the reviews that students write of each other's work."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, PlainSerializer

from faraday_app.core.http.fields import Text
from faraday_app.coursework.api.schemas import FileOut, Moment, Version, file_out
from faraday_app.coursework.service.peers import LONGEST, Desk, Draft, Given, Overview, Received, State, Task, Words
from faraday_app.coursework.service.rubrics import Criterion, Mark, plain

Points = Annotated[Decimal, PlainSerializer(plain, return_type=str)]


class PeerMark(BaseModel):
    """A level, by its place from the best, or points; one brings the other."""

    rating: int | None = Field(None, ge=0, le=9, examples=[0])
    points: Points | None = Field(None, ge=0, le=100_000, examples=["4"])
    remark: Annotated[Text, Field(max_length=2_000)] = Field("", examples=["Name your source."])


class WordsIn(BaseModel):
    version: Version = Field(description="Of the review as you read it.", examples=[1])
    marks: dict[UUID, PeerMark] = Field({}, description="By criterion.", max_length=30)
    comment: Annotated[Text, Field(max_length=LONGEST)] = Field("", examples=["Clear. One quotation more would help."])

    @property
    def words(self) -> Words:
        marks = {str(id): Mark(each.rating, each.points, each.remark) for id, each in self.marks.items()}
        return Words(marks, self.comment)


class GivenIn(BaseModel):
    reviewer_id: UUID
    author_id: UUID = Field(description="Of a team: anybody in it.")


class ReviewerIn(BaseModel):
    reviewer_id: UUID


class BegunOut(BaseModel):
    given: int = Field(description="Reviews that are new.", examples=[24])


class GivenOut(BaseModel):
    id: UUID
    reviewer_id: UUID
    reviewer: str = Field(examples=["Amina Haddad"])
    author_id: UUID = Field(description="Of a team: who began its work.")
    author: str = Field(description="A student, or a team.", examples=["Emre Kaya"])
    state: State
    sent_at: datetime | None


class PeerPlanIn(BaseModel):
    """`version`: as it was read; 0 where nobody has said anything yet."""

    version: Version = 0
    anonymous: bool = Field(True, description="Neither side is told the other's name.")
    by_lot: bool = Field(True, description="Given out evenly by Faraday; false: by the teacher, one by one.")
    due_at: Moment | None = None
    opens_when_due: bool = Field(False, description="Shown by themselves when they are due.")

    @property
    def draft(self) -> Draft:
        return Draft(self.anonymous, self.by_lot, self.due_at, self.opens_when_due)


class PeerPlanOut(PeerPlanIn):
    each: int = Field(description="How many a student writes; 0: none are asked for.", examples=[2])
    started_at: datetime | None
    released_at: datetime | None
    given: int = Field(examples=[24])
    sent: int = Field(examples=[22])
    left: int = Field(description="Not sent: releasing ends their writing.", examples=[2])
    unreviewed: list[str] = Field(description="Who handed in, and is reviewed by nobody.")


class TaskOut(BaseModel):
    id: UUID
    assignment_id: UUID
    assignment: str = Field(examples=["Reading a source"])
    class_name: str = Field(examples=["History 9A"])
    author: str = Field(description="Empty where reviews are written without names.")
    due_at: datetime | None
    state: State


class PeerLevel(BaseModel):
    title: str = Field(examples=["Quotes it"])
    text: str
    points: Points


class PeerCriterion(BaseModel):
    """`points` is the most it gives; what is not `scored` is judged and counts for nothing."""

    id: UUID
    title: str = Field(examples=["Uses the letter"])
    details: str
    points: Points
    scored: bool
    levels: list[PeerLevel] = Field(description="From the best.")


class SaidOut(BaseModel):
    criteria: list[PeerCriterion] = Field(description="Empty where there is no rubric.")
    marks: dict[UUID, PeerMark] = Field(description="By criterion.")
    comment: str


class DeskOut(SaidOut):
    """`closed` says why nothing can be written; empty: it can."""

    id: UUID
    assignment_id: UUID
    version: int
    text: str
    link: str
    files: list[FileOut]
    sent_at: datetime | None
    closed: str = Field(examples=["You have sent this review."])


class SentOut(GivenOut, SaidOut):
    pass


class ReceivedOut(SaidOut):
    whose: str = Field(description="Whose work it is about.", examples=["Elif Kaya"])
    by: str = Field(description="Empty where reviews are written without names.")


def given_out(found: Given) -> GivenOut:
    return GivenOut(
        id=found.id,
        reviewer_id=found.reviewer_id,
        reviewer=found.reviewer,
        author_id=found.author_id,
        author=found.author,
        state=found.state,
        sent_at=found.sent_at,
    )


def plan_out(found: Overview) -> PeerPlanOut:
    plan, sent = found.plan, sum(each.state is State.sent for each in found.given)
    return PeerPlanOut(
        version=plan.number,
        anonymous=plan.draft.anonymous,
        by_lot=plan.draft.by_lot,
        due_at=plan.draft.due_at,
        opens_when_due=plan.draft.opens_when_due,
        each=plan.each,
        started_at=plan.started_at,
        released_at=plan.released_at,
        given=len(found.given),
        sent=sent,
        left=len(found.given) - sent,
        unreviewed=found.unreviewed,
    )


def task_out(task: Task) -> TaskOut:
    return TaskOut(
        id=task.review.id,
        assignment_id=task.work.id,
        assignment=task.work.title,
        class_name=task.class_name,
        author=task.of,
        due_at=task.due_at,
        state=task.state,
    )


def desk_out(found: Desk) -> DeskOut:
    return DeskOut(
        **_said(found.criteria, found.words).model_dump(),
        id=found.review.id,
        assignment_id=found.work.id,
        version=found.review.version,
        text=found.text,
        link=found.link,
        files=[file_out(each) for each in found.files],
        sent_at=found.review.submitted_at,
        closed=found.closed,
    )


def sent_out(found: Given, criteria: tuple[Criterion, ...], words: Words) -> SentOut:
    return SentOut(**given_out(found).model_dump(), **_said(criteria, words).model_dump())


def received_out(found: Received) -> ReceivedOut:
    return ReceivedOut(**_said(found.criteria, found.words).model_dump(), whose=found.whose, by=found.by)


def _said(criteria: tuple[Criterion, ...], words: Words) -> SaidOut:
    marks = {
        UUID(id): PeerMark(rating=each.rating, points=each.points, remark=each.remark)
        for id, each in words.marks.items()
    }
    return SaidOut(criteria=[_criterion(each) for each in criteria], marks=marks, comment=words.comment)


def _criterion(criterion: Criterion) -> PeerCriterion:
    levels = [PeerLevel(title=each.title, text=each.text, points=each.points) for each in criterion.ratings]
    return PeerCriterion(
        id=UUID(criterion.id),
        title=criterion.title,
        details=criterion.details,
        points=criterion.points,
        scored=criterion.scored,
        levels=levels,
    )
