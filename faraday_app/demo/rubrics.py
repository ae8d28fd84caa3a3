"""The essay on photosynthesis of Biology 9B: its rubric, what was handed in, and how some of it was marked."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.core.vault import seal
from faraday_app.coursework.models import Assignment, Submission, SubmissionType
from faraday_app.coursework.service import assignments, groups, publishing
from faraday_app.coursework.service.assessing import Meant, Sheet, bank, comments, marking
from faraday_app.coursework.service.drafts import AssignmentDraft
from faraday_app.coursework.service.groups import GroupDraft
from faraday_app.coursework.service.rubrics import (
    Criterion,
    Mark,
    Plan,
    PlanDraft,
    Rating,
    RubricDraft,
    keeping,
    using,
)
from faraday_app.coursework.service.submissions.standing import receipt_of
from faraday_app.demo.classes import BIOLOGY
from faraday_app.demo.people import School
from faraday_app.gradebook.service.marking import Saving, save

ESSAY = "Photosynthesis essay"
TASK = "Explain in about 150 words how a plant makes sugar from light, water and air. Say where you know it from."
CRITERIA = (
    Criterion(
        "Science",
        Decimal(0),
        "Inputs, products, and where in the leaf each step happens.",
        ratings=(
            Rating("Complete", Decimal(16), "Both stages, with what goes in and what comes out"),
            Rating("Mostly", Decimal(12), "One stage is vague or one product is missing"),
            Rating("In part", Decimal(6), "The idea is there, the steps are not"),
            Rating("Not yet", Decimal(0)),
        ),
    ),
    Criterion(
        "Evidence",
        Decimal(0),
        "A source or an experiment for each claim.",
        ranged=True,
        ratings=(
            Rating("Every claim", Decimal(12)),
            Rating("Some claims", Decimal(8)),
            Rating("None", Decimal(2)),
        ),
    ),
    Criterion(
        "Language",
        Decimal(0),
        "Clear sentences, and the words of biology used rightly.",
        ratings=(Rating("Clear", Decimal(12)), Rating("Readable", Decimal(8)), Rating("Hard to follow", Decimal(4))),
    ),
    Criterion(
        "Effort since the draft",
        Decimal(0),
        "Talked about, not counted.",
        scored=False,
        ratings=(Rating("A lot", Decimal(0)), Rating("A little", Decimal(0))),
    ),
)
BANK = (
    "Say where you know this from.",
    "Good use of the word: keep it.",
    "Which part of the cell is this in?",
)


@dataclass(frozen=True, slots=True)
class _Work:
    """``levels`` are the places of the ratings, best first, in the order of the criteria; empty: not marked yet."""

    text: str
    hours: int = 30  # before it was due
    levels: tuple[int, ...] = ()
    remarks: tuple[tuple[str, str], ...] = field(default_factory=tuple)  # the words it is about, and what is said


WORK = {
    "Elif Kaya": _Work(
        "Plants make their own sugar. In the chloroplasts, chlorophyll takes in light and splits water: oxygen leaves"
        " the leaf, and the energy is kept in ATP. In the second stage the plant builds sugar from carbon dioxide and"
        " uses up that ATP. We saw the oxygen ourselves, as bubbles on the pondweed, and counted fewer when the lamp"
        " was further away. So light is what drives the first stage.",
        levels=(0, 0, 0, 0),
        remarks=(
            ("We saw the oxygen ourselves", "This is what evidence looks like. Well done."),
            ("In the second stage", "Name it: the Calvin cycle."),
        ),
    ),
    "Emre Kaya": _Work(
        "Photosynthesis is how plants eat. They breathe in carbon dioxide and drink water with the roots, and the sun"
        " turns it into sugar. The leaf is green because of chlorophyll. Without light the plant dies, which we saw in"
        " the cupboard experiment.",
        hours=-5,
        levels=(2, 1, 1, 1),
        remarks=(("the sun turns it into sugar", "How? Two steps are missing here."),),
    ),
    "Amina Haddad": _Work(
        "The light reactions happen in the thylakoids: light energy splits water into oxygen and hydrogen. The Calvin"
        " cycle in the stroma then fixes carbon dioxide into glucose. According to our textbook (page 84) six molecules"
        " of carbon dioxide give one of glucose.",
        levels=(0, 1, 0, 0),
        remarks=(("fixes carbon dioxide", "Good use of the word: keep it."),),
    ),
    "Ben Carter": _Work(
        "A plant needs sunlight, water and air. The leaves catch the sunlight and make food from it. The food is sugar"
        " and it goes to the roots. Plants also make oxygen for us to breathe.",
    ),
    "Chloe Martin": _Work(
        "In the chloroplast, light is absorbed by chlorophyll and water is split. The hydrogen is used to turn carbon"
        " dioxide into glucose, and the oxygen is let out. In our pondweed experiment the number of bubbles doubled"
        " when the lamp was at half the distance.",
        hours=60,
    ),
    "Diego Santos": _Work(
        "Photosynthesis makes glucose out of carbon dioxide and water. It takes place in the green parts of a plant and"
        " it needs light. At night plants only respire, so the oxygen goes down.",
        hours=-26,
    ),
    "Grace Obi": _Work(
        "I think of a leaf as a kitchen. The recipe is six carbon dioxide and six water, the stove is sunlight and the"
        " cook is chlorophyll. What comes out is one glucose and six oxygen. The kitchen has two rooms, the thylakoids"
        " and the stroma, and the second room needs what the first one makes.",
    ),
}


async def make(session: AsyncSession, school: School) -> None:
    maya = school.person("Maya Okafor")
    ours = col(SchoolClass.organization_id) == school.faraday.organization, col(SchoolClass.name) == BIOLOGY
    biology = (await session.scalars(select(SchoolClass).where(*ours))).one()
    work = await _essay(session, maya, biology)
    rubric = await keeping.create(session, maya, RubricDraft("Science essay", CRITERIA, shared=True))
    before = await using.plan_of(session, maya, work.id)
    plan = await using.set_plan(session, maya, work.id, before.number, PlanDraft(rubric.rubric.id))
    for remark in BANK:
        await bank.save(session, maya, remark)
    for name, written in WORK.items():
        handed_in = await _handed_in(session, school, work, school.person(name), written)
        if written.levels:
            await _marked(session, maya, plan, handed_in, written)


async def _essay(session: AsyncSession, maya: Actor, biology: SchoolClass) -> Assignment:
    """The one of the class, made where there is none."""
    named = select(Assignment).where(col(Assignment.class_id) == biology.id, col(Assignment.title) == ESSAY)
    if found := await session.scalar(named.where(col(Assignment.deleted_at).is_(None))):
        return found
    essays = await groups.make(session, maya, biology.id, GroupDraft("Essays"))
    due = now() - timedelta(days=2)
    text = (SubmissionType.text,)
    draft = AssignmentDraft(ESSAY, essays.id, TASK, Decimal(40), submission_types=text, due_at=due)
    made = await assignments.make(session, maya, biology.id, draft)
    return await publishing.publish(session, maya, made.id)


async def _handed_in(
    session: AsyncSession, school: School, work: Assignment, student: Actor, written: _Work
) -> Submission:
    """As Faraday itself: it was some days ago. What the class handed in already gets these words."""
    due = work.due_at or now()
    theirs = col(Submission.assignment_id) == work.id, col(Submission.student_id) == student.user
    row = await session.scalar(select(Submission).where(*theirs)) or Submission(
        organization_id=school.faraday.organization,
        assignment_id=work.id,
        student_id=student.user,
        submitted_at=min(due - timedelta(hours=written.hours), now()),
        due_at=work.due_at,
    )
    row.receipt = receipt_of(written.text, "", [], row.submitted_at or now())
    row.sealed_text = await seal(row.organization_id, written.text, f"submission {row.id}")
    session.add(row)
    await session.flush()
    return row


async def _marked(session: AsyncSession, maya: Actor, plan: Plan, row: Submission, written: _Work) -> None:
    assert plan.rubric
    meant = Meant(row.student_id, row.id, row.attempt)
    marks = {each.id: Mark(level) for each, level in zip(plan.rubric.criteria, written.levels, strict=True)}
    await marking.write(session, maya, plan, meant, Sheet(marks))
    for quote, said in written.remarks:
        await comments.add(session, maya, plan, meant, said, quote)
    await save(session, maya, Saving(plan.work.id, meant, 0))
