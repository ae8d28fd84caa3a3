"""What programs send and get about work and what is handed in."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, PlainSerializer

from faraday_app.core.http.fields import Text
from faraday_app.coursework.models import AssignmentGroup, SubmissionFile, Upload
from faraday_app.coursework.service.dates import Dates, base_of
from faraday_app.coursework.service.drafts import LONGEST_DESCRIPTION, MOST_POINTS, AssignmentDraft
from faraday_app.coursework.service.groups import HEAVIEST, GroupDraft
from faraday_app.coursework.service.reading import Seen
from faraday_app.coursework.service.submissions.reading import Attempt


def _in_our_time(moment: datetime) -> datetime:
    if not 2000 <= moment.year <= 2100:
        raise ValueError("must lie between the years 2000 and 2100")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1, description="As it was read; an older one is refused.")]


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Exact = PlainSerializer(_plain, return_type=str)
Points = Annotated[Decimal, Field(ge=0, le=MOST_POINTS, decimal_places=4, examples=["20"]), Exact]
Weight = Annotated[Decimal, Field(ge=0, le=HEAVIEST, decimal_places=4, examples=["40"]), Exact]


class DatesBody(BaseModel):
    due_at: Moment | None = None
    available_from: Moment | None = None
    available_until: Moment | None = None

    @property
    def dates(self) -> Dates:
        return Dates(self.due_at, self.available_from, self.available_until)


class DatesOut(DatesBody):
    """`student_id`: whose they are; null: the class's. `section_id`: of a section. `id`: to take it away again."""

    id: UUID | None = None
    student_id: UUID | None = None
    section_id: UUID | None = None


class GroupIn(BaseModel):
    name: Annotated[Text, Field(min_length=1, max_length=80, examples=["Labs"])]
    weight: Weight | None = Field(None, description="In percent; null weighs nothing.")
    drop_lowest: int = Field(0, ge=0, le=100)
    drop_highest: int = Field(0, ge=0, le=100)
    never_drop: list[UUID] = Field([], max_length=500)
    drop_by: Annotated[Text, Field(max_length=16)] = "best_total"
    aggregate: Annotated[Text, Field(max_length=20)] = "sum"

    @property
    def draft(self) -> GroupDraft:
        return GroupDraft(**{**self.model_dump(exclude={"version"}), "never_drop": tuple(self.never_drop)})


class GroupChange(GroupIn):
    version: Version


class GroupOut(GroupIn):
    id: UUID
    version: int


class AssignmentIn(DatesBody):
    title: Annotated[Text, Field(min_length=1, max_length=200, examples=["Cell quiz"])]
    group_id: UUID
    description: Annotated[Text, Field(max_length=LONGEST_DESCRIPTION, description="Markdown.")] = ""
    points: Points | None = Field(Decimal(100), description="Null: nothing can be said in percent.")
    grading_type: Annotated[Text, Field(max_length=16)] = "points"
    submission_types: list[Annotated[Text, Field(max_length=16)]] = Field(["text"], min_length=1, max_length=5)
    file_kinds: list[Annotated[Text, Field(max_length=17)]] = Field([], max_length=20, examples=[["pdf"]])
    external_url: Annotated[Text, Field(max_length=2_000)] = ""
    for_everyone: bool = Field(True, description="False: only for those who have dates of their own.")
    attempts: int | None = Field(None, ge=1, le=100, description="Null: as often as they like.")
    group_work: bool = False
    peer_reviews: int = Field(0, ge=0, le=10)
    anonymous: bool = False
    omitted: bool = Field(False, description="Left out of the final grade.")

    @property
    def draft(self) -> AssignmentDraft:
        values = {name: getattr(self, name) for name in AssignmentIn.model_fields}
        lists = {name: tuple(values[name]) for name in ("submission_types", "file_kinds")}
        return AssignmentDraft(**{**values, **lists})


class AssignmentChange(AssignmentIn):
    version: Version


class AssignmentOut(BaseModel):
    """`dates`: for the staff those of the class, for students and parents their own and their children's.

    What only concerns the staff is null for others; the description is empty for them until it opens.
    """

    id: UUID
    class_id: UUID
    group_id: UUID
    title: str
    description: str
    points: Annotated[Decimal, Exact] | None
    grading_type: str
    submission_types: list[str]
    file_kinds: list[str]
    external_url: str
    status: str
    attempts: int | None
    group_work: bool
    peer_reviews: int
    omitted: bool
    dates: list[DatesOut]
    for_everyone: bool | None
    anonymous: bool | None
    publish_at: datetime | None
    version: int | None


class ClassWorkOut(BaseModel):
    groups: list[GroupOut]
    assignments: list[AssignmentOut]


class FileOut(BaseModel):
    """`problem`: why it is in quarantine; empty for a sound one. `digest`: its SHA-256."""

    id: UUID
    name: str
    kind: str
    content_type: str
    size: int
    digest: str
    problem: str


class SubmissionOut(BaseModel):
    """`text`, `link` and `files` are null where one may see that it was handed in, and not what."""

    id: UUID
    assignment_id: UUID
    student_id: UUID
    team_id: UUID | None
    attempt: int
    submitted_at: datetime | None
    due_at: datetime | None
    receipt: str
    version: int
    text: str | None
    link: str | None
    files: list[FileOut] | None


class UploadOut(BaseModel):
    """`received` bytes of `size` have arrived: the next piece begins there. `file_id`: what became of it."""

    id: UUID
    name: str
    size: int
    received: int
    file_id: UUID | None


def group_out(group: AssignmentGroup) -> GroupOut:
    return GroupOut(**{name: getattr(group, name) for name in GroupOut.model_fields})


def assignment_out(seen: Seen) -> AssignmentOut:
    work, staff = seen.work, seen.standing.is_staff
    dates = [(None, base_of(work))] if staff else list(seen.dates.items())
    only = {"for_everyone": work.for_everyone, "anonymous": work.anonymous, "publish_at": work.publish_at}
    return AssignmentOut(
        **{name: getattr(work, name) for name in _SHOWN},
        description=seen.description,
        external_url=seen.external_url,
        dates=[dates_out(each, student_id=student) for student, each in dates],
        **{name: value if staff else None for name, value in {**only, "version": work.version}.items()},
    )


def dates_out(
    dates: Dates, *, id: UUID | None = None, student_id: UUID | None = None, section_id: UUID | None = None
) -> DatesOut:
    return DatesOut(
        id=id,
        student_id=student_id,
        section_id=section_id,
        due_at=dates.due_at,
        available_from=dates.available_from,
        available_until=dates.available_until,
    )


def file_out(file: SubmissionFile) -> FileOut:
    return FileOut(**{name: getattr(file, name) for name in FileOut.model_fields})


def submission_out(found: Attempt, text: str) -> SubmissionOut:
    row = found.submission
    own = {"text": text, "link": row.link, "files": [file_out(each) for each in found.files]}
    return SubmissionOut(
        **{name: getattr(row, name) for name in SubmissionOut.model_fields if name not in own},
        **{name: value if found.readable else None for name, value in own.items()},
    )


def upload_out(upload: Upload) -> UploadOut:
    return UploadOut(**{name: getattr(upload, name) for name in UploadOut.model_fields})


_SHOWN = (
    "id",
    "class_id",
    "group_id",
    "title",
    "points",
    "grading_type",
    "submission_types",
    "file_kinds",
    "status",
    "attempts",
    "group_work",
    "peer_reviews",
    "omitted",
)
