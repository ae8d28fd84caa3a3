"""A letter from the front that History 9A wrote about, and what its students say of each other's work.

Most reviews are sent. One of Elif's is left to write, one of Jun's is begun, and none is released yet.
"""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.classes.models import SchoolClass
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentGroup, PeerReview
from faraday_app.coursework.service import assignments, peers, publishing
from faraday_app.coursework.service.drafts import AssignmentDraft
from faraday_app.coursework.service.peers import Draft, Words
from faraday_app.coursework.service.rubrics import Criterion, Mark, PlanDraft, Rating, RubricDraft, keeping, using
from faraday_app.demo.classes import HISTORY
from faraday_app.demo.coursework import handed_in
from faraday_app.demo.people import School

TITLE = "Reading a source: a letter from the front"
TASK = (
    "Read the letter that a soldier wrote home in 1916. In about 60 words: what does it tell us, what does it leave"
    " out, and why?"
)
CRITERIA = (
    Criterion(
        "Uses the letter",
        Decimal(0),
        "What is said comes from the letter, with its own words.",
        ratings=(Rating("Quotes it", Decimal(4)), Rating("Refers to it", Decimal(3)), Rating("Hardly", Decimal(1))),
    ),
    Criterion(
        "Asks why",
        Decimal(0),
        "Who was to read it, and what could not be written.",
        ratings=(Rating("Gives reasons", Decimal(4)), Rating("Guesses", Decimal(2)), Rating("Not yet", Decimal(0))),
    ),
)
OPEN, BEGUN = "Elif Kaya", "Jun Tanaka"
# Of each: their text, and what their two reviewers say, with the levels they choose.
WORK: dict[str, tuple[str, tuple[tuple[str, int, int], ...]]] = {
    "Elif Kaya": (
        "He writes “the food is good and we are merry”, though his regiment had lost half its men that week. The date"
        " and the place are cut out. An officer read every letter, and his mother would read it too: for both of them"
        " he leaves out the dead.",
        (("You set the quotation against what happened. That convinced me.", 0, 0),
         ("Strong ending. Where do you know the losses from? Name it.", 0, 1)),
    ),
    "Amina Haddad": (
        "Most of the letter is about socks and a parcel. At first I thought that he was bored. But a person who asks"
        " three times whether the parcel was sent is waiting for something from home more than for socks.",
        (("Counting how often he asks is a good idea.", 1, 0),
         ("You could say what he does not mention at all.", 1, 1)),
    ),
    "Chloe Martin": (
        "The soldier describes the weather in four sentences and the fighting in none. Letters were censored, so places"
        " and attacks could not be named. The weather was safe to write about.",
        (("Short and clear. One quotation would make it stronger.", 1, 0),
         ("I like “four sentences and none”. It shows it at a glance.", 0, 0)),
    ),
    "Finn Olsen": (
        "He says they sang on Sunday. I think they sang because they were afraid. He does not say so, since his little"
        " brother would have heard the letter read aloud in the kitchen.",
        (("How do you know about the brother? Show me the line.", 2, 1),
         ("The kitchen makes me see it. Say which words made you think of fear.", 1, 1)),
    ),
    "Hugo Weber": (
        "The letter tells us that there was mud and that his friend Otto “has gone ahead”. I believe that Otto is dead."
        " He chose words which a child can hear, and which an adult understands.",
        (("“Gone ahead” is the best find of all that I read.", 0, 0),
         ("Good. Perhaps look for a second place like it.", 0, 1)),
    ),
    "Jun Tanaka": (
        "We learn what he ate, where he slept and that his boots are wet. We do not learn whether he still believes in"
        " the war. In 1914 he would have written about the fatherland; in 1916 he writes about boots.",
        (("Comparing 1914 and 1916 is clever. Is there an older letter?", 1, 0),
         ("The last sentence says it all.", 0, 0)),
    ),
    "Liam Byrne": (
        "It is a nice letter. He is fine and he hopes that they are fine. He wants to come home for the harvest.",
        (("You say what is in it. What is missing in the letter?", 1, 2),
         ("Why does he write that he is fine? Think of who reads it.", 1, 2)),
    ),
    "Noah Fischer": (
        "Two lines are blacked out. So somebody decided what his family may know. What is left sounds cheerful, but it"
        " is not his choice alone. A source tells us about its censor, too.",
        (("“About its censor, too”: I had not thought of that.", 1, 0),
         ("Quote what stands before the black lines, it helps.", 1, 0)),
    ),
    "Priya Nair": (
        "He thanks his sister for her photograph “which the others envy”. That is the only place where he speaks of the"
        " others. All the rest could be written by a man who is alone.",
        (("You read very closely.", 0, 1), ("Now say why he might leave the others out.", 0, 1)),
    ),
    "Rosa Conti": (
        "The handwriting gets larger towards the end, and the last line is not finished. Either he had no time or no"
        " light. The words say that all is quiet, the paper says something else.",
        (("Looking at the paper and not only at the words: great.", 0, 0),
         ("Either or: which do you think, and why?", 0, 1)),
    ),
    "Tara Singh": (
        "He writes about Christmas already in October. Soldiers had been told that they would be home by then in 1914."
        " Now he does not write of coming home, he asks what they will cook.",
        (("The detail about Christmas is well explained.", 1, 0), ("Use his own words about the cooking.", 1, 0)),
    ),
    "Vera Lind": (
        "The letter was sent by field post and has two stamps, one of them from the censor. He knows that a stranger"
        " reads it first. This is why it has no secrets and no complaints.",
        (("Good reasons. The letter itself comes a bit short.", 2, 0), ("Which complaint would you expect?", 1, 0)),
    ),
}  # fmt: skip


async def make(session: AsyncSession, school: School) -> None:
    daniel = school.person("Daniel Weiss")
    work = await _work(session, daniel)
    rubric = await keeping.create(session, daniel, RubricDraft("Source reading", CRITERIA))
    before = await using.plan_of(session, daniel, work.id)
    await using.set_plan(session, daniel, work.id, before.number, PlanDraft(rubric.rubric.id))
    for place, (name, (text, _)) in enumerate(WORK.items()):
        at = (work.due_at or now()) - timedelta(hours=3 + 4 * place)
        await handed_in(session, work, school.person(name), text, at)
    await session.flush()
    due = (now() + timedelta(days=4)).replace(hour=16, minute=0, second=0, microsecond=0)
    await peers.set_plan(session, daniel, work.id, 0, Draft(due_at=due))
    await peers.begin(session, daniel, work.id)
    await _reviewed(session, school, work, [each.id for each in rubric.criteria])


async def _work(session: AsyncSession, daniel: Actor) -> Assignment:
    ours = col(SchoolClass.organization_id) == daniel.organization, col(SchoolClass.name) == HISTORY
    history = (await session.scalars(select(SchoolClass).where(*ours))).one()
    home = (await session.scalars(select(AssignmentGroup).where(col(AssignmentGroup.class_id) == history.id))).one()
    due = (now() - timedelta(days=2)).replace(hour=16, minute=0, second=0, microsecond=0)
    draft = AssignmentDraft(TITLE, home.id, TASK, Decimal(8), submission_types=("text",), due_at=due, peer_reviews=2)
    made = await assignments.make(session, daniel, history.id, draft)
    work = await publishing.publish(session, daniel, made.id)
    work.publish_at = due - timedelta(days=9)
    return work


async def _reviewed(session: AsyncSession, school: School, work: Assignment, criteria: list[str]) -> None:
    people = {school.person(name).user: school.person(name) for name in WORK}
    said = {school.person(name).user: list(about) for name, (_, about) in WORK.items()}
    open_, begun = school.person(OPEN).user, school.person(BEGUN).user
    query = select(PeerReview).where(col(PeerReview.assignment_id) == work.id).order_by(col(PeerReview.id))
    waits = {open_, begun}
    for review in (await session.scalars(query)).all():
        comment, *levels = said[review.author_id].pop(0) if said[review.author_id] else ("Well read.", 1, 1)
        who = people[review.reviewer_id]
        left = review.reviewer_id in waits
        waits.discard(review.reviewer_id)
        if left and review.reviewer_id == open_:
            continue
        marks = {id: Mark(level) for id, level in zip(criteria, levels, strict=True)}
        kept = await peers.write(session, who, review.id, review.version, Words(marks, comment))
        if not left:
            await peers.send(session, who, review.id, kept.version)
