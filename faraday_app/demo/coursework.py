"""The work of the demo school's classes, and what its students handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.coursework.models import Assignment, AssignmentGroup, AssignmentStatus, Submission
from faraday_app.coursework.service import assignments, groups, overrides, publishing, teams
from faraday_app.coursework.service.changes import decided
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.drafts import AssignmentDraft
from faraday_app.coursework.service.groups import GroupDraft
from faraday_app.coursework.service.submissions.standing import receipt_of
from faraday_app.demo.classes import BIOLOGY, HISTORY, LAST
from faraday_app.demo.likeness import OWN
from faraday_app.demo.people import STUDENTS, School
from faraday_app.demo.rubrics import ESSAY, WORK

LATE, MISSING = ("Enzyme lab", "Ben Carter"), ("Genetics quiz", "Hugo Weber")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work: ``due`` in days from today. Each text is somebody's, in turn; none: nothing is handed in yet."""

    group: str
    title: str
    points: int
    due: int
    description: str
    texts: tuple[str, ...] = ()
    types: tuple[str, ...] = ("text",)
    closed: bool = False
    group_work: bool = False


GROUPS = (
    GroupDraft("Quizzes", Decimal(20)),
    GroupDraft("Labs", Decimal(30), drop_lowest=1),
    GroupDraft("Essays", Decimal(40)),
    GroupDraft("Projects", Decimal(10)),
)
PIECES = (
    Piece("Quizzes", "Cell quiz", 20, -45, "Name the parts of a cell and say what each does.", (
        "Nucleus: holds the DNA. Mitochondria: release energy from glucose. Ribosomes: build proteins.",
        "The nucleus controls the cell, the membrane lets things in and out, chloroplasts make sugar from light.",
        "Vacuole: keeps the plant cell firm. Cell wall: cellulose, gives it its shape. Nucleus: the plans of the cell.",
    ), closed=True),
    Piece("Quizzes", "Genetics quiz", 20, -9, "Two Punnett squares and four words to explain.", (
        "Bb × Bb gives BB, Bb, Bb, bb: three of four are brown. An allele is one form of a gene.",
        "Dominant means it shows with one copy. Recessive needs two. Bb × bb gives half and half.",
        "Genotype is what is written in the DNA, phenotype is what one sees. BB × bb: all are Bb.",
    )),
    Piece("Labs", "Root tip lab", 30, -30, "Count the cells in each phase of mitosis in an onion root tip.\n\n"
          "1. Stain the tip.\n2. Count at least 50 cells.\n3. Say which phase takes longest, and how you know.", (
        "We counted 62 cells: 48 in interphase, 8 in prophase, 3 in metaphase, 2 in anaphase, 1 in telophase. "
        "Interphase takes longest, because most cells are in it at any moment.",
        "Of 55 cells 41 were in interphase. Prophase was hard to tell from interphase, so we counted those twice.",
        "Our stain was too weak at first. In the second slide we saw 50 cells, 39 of them in interphase.",
    ), ("text", "file"), closed=True),
    Piece("Labs", "Enzyme lab", 30, -4, "How does temperature change the work of catalase? Measure the foam at 10, 20, "
          "37 and 60 °C.", (
        "The foam was highest at 37 °C (6.1 cm) and there was none at 60 °C: the enzyme was denatured.",
        "At 10 °C it was slow, at 37 °C fast. We measured 4.8 cm after a minute. At 60 °C nothing happened.",
        "Up to 37 °C the foam rose with the temperature. Afterwards the active site loses its shape.",
    ), ("text", "file")),
    Piece("Essays", "Photosynthesis essay", 40, -18, "Why does almost all life depend on photosynthesis? About 300 "
          "words, with one source.", (
        "Plants take in carbon dioxide and water and make sugar with the energy of light. Without it there would be no "
        "food chains, because every animal eats plants or something that did.",
        "Photosynthesis gives us oxygen and food. In the light reaction water is split; in the Calvin cycle the plant "
        "builds glucose. Only some bacteria at hot springs live without it.",
        "When I eat bread I eat sunlight that was stored in wheat. That is what photosynthesis does: it stores energy "
        "from the sun in sugar, and respiration lets it out again.",
    ), ("text", "link")),
    Piece("Essays", "Evolution essay", 40, 11, "Explain natural selection with one example of your own."),
    Piece("Quizzes", "Membrane quiz", 15, 3, "Diffusion, osmosis and active transport: one sentence each."),
    Piece("Projects", "Poster", 50, 19, "A poster about an ecosystem near you, made in teams.", (), ("file", "link"),
          group_work=True),
)  # fmt: skip


async def make(session: AsyncSession, school: School) -> None:
    maya = school.person("Maya Okafor")
    biology = await _class(session, school, BIOLOGY)
    homes = {draft.name: (await groups.make(session, maya, biology, draft)).id for draft in GROUPS}
    for piece in PIECES:
        work = await _piece(session, maya, biology, homes[piece.group], piece)
        await _handed_in(session, school, work, piece)
        if piece.group_work:
            await teams.put(session, maya, work.id, {f"Team {n + 1}": school.named(STUDENTS[n::6]) for n in range(6)})
        if piece.title == "Membrane quiz":
            more = Dates(work.due_at and work.due_at + timedelta(days=4))
            await overrides.for_student(session, maya, work.id, school.person("Amina Haddad").user, more)
        if piece.closed:
            await publishing.close_now(session, maya, work)
    draft = AssignmentDraft("Microscope drawing", homes["Labs"], "Draw what you see at 400×.", Decimal(10))
    await assignments.make(session, maya, biology, draft)
    await _history(session, school)
    await _last_term(session, school)
    await decided(session, biology)


async def _class(session: AsyncSession, school: School, name: str) -> UUID:
    query = select(col(SchoolClass.id)).where(
        col(SchoolClass.name) == name, col(SchoolClass.organization_id) == school.faraday.organization
    )
    return (await session.execute(query)).scalar_one()


async def _piece(session: AsyncSession, teacher: Actor, class_id: UUID, group_id: UUID, piece: Piece) -> Assignment:
    draft = AssignmentDraft(
        piece.title,
        group_id,
        piece.description,
        Decimal(piece.points),
        submission_types=piece.types,
        due_at=_at(piece.due),
        group_work=piece.group_work,
    )
    work = await assignments.make(session, teacher, class_id, draft)
    await publishing.publish(session, teacher, work.id)
    work.publish_at = _at(piece.due - 14)
    return work


def _at(days: int) -> datetime:
    """That many days from today, at four in the afternoon."""
    return (now() + timedelta(days=days)).replace(hour=16, minute=0, second=0, microsecond=0)


async def _handed_in(session: AsyncSession, school: School, work: Assignment, piece: Piece) -> None:
    """Days ago, which the services would not do: nobody hands in yesterday."""
    for place, name in enumerate(STUDENTS if piece.texts else ()):
        if (piece.title, name) == MISSING or (piece.title == ESSAY and name in WORK):  # what is marked is longer
            continue
        due = work.due_at or now()
        early = timedelta(days=-2, hours=3) if (piece.title, name) == LATE else timedelta(hours=2 + 5 * (place % 9))
        text = OWN.get((piece.title, name), piece.texts[place % len(piece.texts)])
        await handed_in(session, work, school.person(name), text, due - early)


async def handed_in(session: AsyncSession, work: Assignment, student: Actor, text: str, at: datetime) -> None:
    """At a moment that has passed, which the services would not do."""
    id = new_id()
    session.add(
        Submission(
            id=id,
            organization_id=work.organization_id,
            assignment_id=work.id,
            student_id=student.user,
            sealed_text=await seal(work.organization_id, text, f"submission {id}"),
            submitted_at=at,
            submitted_by=student.user,
            due_at=work.due_at,
            receipt=receipt_of(text, "", [], at),
            version=2,
        )
    )


async def _history(session: AsyncSession, school: School) -> None:
    daniel = school.person("Daniel Weiss")
    history = await _class(session, school, HISTORY)
    home = await groups.make(session, daniel, history, GroupDraft("Essays"))
    piece = Piece("Essays", "Causes of the First World War", 50, 5, "Which cause weighs most? Argue with two sources.")
    await _piece(session, daniel, history, home.id, piece)


async def _last_term(session: AsyncSession, school: School) -> None:
    """What Biology 8B did: to be copied. The class is over, so no service changes anything in it."""
    maya, last = school.person("Maya Okafor"), await _class(session, school, LAST)
    home = AssignmentGroup(organization_id=maya.organization, class_id=last, name="Quizzes", weight=Decimal(100))
    session.add(home)
    await session.flush()
    session.add_all(_old(maya, last, home.id, ("Food web quiz", "Leaf lab", "Habitat report")))


def _old(teacher: Actor, class_id: UUID, group_id: UUID, titles: Sequence[str]) -> list[Assignment]:
    return [
        Assignment(
            organization_id=teacher.organization,
            class_id=class_id,
            group_id=group_id,
            title=title,
            points=Decimal(20),
            submission_types=["text"],
            status=AssignmentStatus.closed,
            due_at=_at(-280 + 30 * place),
            position=place,
            created_by=teacher.user,
        )
        for place, title in enumerate(titles)
    ]
