"""What a file of grades would change, as the API says it and as the page shows it."""

from dataclasses import dataclass

from pydantic import BaseModel, Field


class Planned(BaseModel):
    student: str
    assignment: str
    now: str
    then: str
    posted: bool


class Answer(BaseModel):
    """Of ``POST …/import``; ``problem`` where it was refused as a whole."""

    problem: str = ""
    changes: list[Planned] = Field(default_factory=list)
    count: int = 0
    problems: list[str] = Field(default_factory=list)
    since: str | None = None
    batch: str | None = None
    refused: list[str] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlannedView:
    key: str
    student: str
    assignment: str
    now: str
    then: str
    posted: bool


@dataclass(frozen=True, slots=True)
class RejectedView:
    """Where in the file, and why nothing of it is taken."""

    where: str
    why: str


def planned_view(each: Planned) -> PlannedView:
    return PlannedView(
        f"{each.student} {each.assignment}", each.student, each.assignment, each.now, each.then, each.posted
    )


def rejected_view(words: str) -> RejectedView:
    where, colon, why = words.partition(": ")
    return RejectedView(where, why) if colon and where.startswith("Row ") else RejectedView("Head", words)
