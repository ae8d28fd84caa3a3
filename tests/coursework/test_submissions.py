import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlmodel import col

from faraday_app.classes.models import Enrolment
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Submission
from faraday_app.coursework.service import changes, publishing, teams
from faraday_app.coursework.service.submissions import desk, finding, reading, writing
from faraday_app.coursework.service.submissions.standing import receipt_of
from tests.factories.classes import make_assignment
from tests.factories.coursework import do

HOUR = timedelta(hours=1)


@pytest.fixture
async def essay(room, group):
    return await make_assignment(room, group, "Photosynthesis essay", submission_types=["text", "link", "file"])


async def write(actor, work, text="Leaves are green.", version=0, link=""):
    return await do(actor, writing.save, work.id, text, link, version)


async def hand_in(actor, work, key="once", version=None):
    return await do(actor, writing.hand_in, work.id, key, version)


class TestSave:
    async def test_keeps_what_was_typed_sealed(self, room, essay):
        first = await write(room.elif_, essay)
        second = await write(room.elif_, essay, "Leaves are green because", first.version)
        assert (first.id, second.version) == (second.id, 2)
        assert "Leaves" not in second.sealed_text
        found = await do(room.elif_, desk.sit_down, essay.id)
        assert await writing.text_of(found.draft) == "Leaves are green because"

    async def test_leaves_alone_what_another_window_wrote(self, room, essay):
        await write(room.elif_, essay, "From here")
        with pytest.raises(Conflict, match="changed in another window"):
            await write(room.elif_, essay, "From there")
        found = await do(room.elif_, desk.sit_down, essay.id)
        assert await writing.text_of(found.draft) == "From here"

    async def test_at_once_from_two_windows_makes_one_draft(self, room, essay):
        results = await asyncio.gather(*(write(room.elif_, essay, f"Text {n}") for n in (1, 2)), return_exceptions=True)
        assert sorted(type(each).__name__ for each in results) == ["Conflict", "Submission"]

    async def test_is_for_students_of_the_class(self, cast, room, essay):
        for actor, error in ((room.teacher, NotPermitted), (room.nadir, NotPermitted), (cast.stranger, NotFound)):
            with pytest.raises(error):
                await write(actor, essay)


class TestHandIn:
    async def test_gives_a_receipt_and_changes_nothing_more(self, room, essay, heard):
        await write(room.elif_, essay, link="https://example.org/leaf")
        handed = await hand_in(room.elif_, essay)
        expected = receipt_of("Leaves are green.", "https://example.org/leaf", [], handed.submitted_at)
        assert (handed.receipt, handed.attempt, heard) == (expected, 1, [room.id])
        later = await write(room.elif_, essay, "Second thoughts")
        assert (later.attempt, later.id != handed.id) == (2, True)
        (kept,) = await do(room.elif_, reading.attempts, essay.id, room.elif_.user)
        assert await writing.text_of(kept.submission) == "Leaves are green."

    async def test_twice_is_once(self, room, essay):
        await write(room.elif_, essay)
        made = await asyncio.gather(*(hand_in(room.elif_, essay) for _ in range(3)))
        assert len({each.id for each in made}) == 1
        assert len({each.receipt for each in made}) == 1
        async with transaction(Actor.system()) as session:
            query = select(func.count()).where(col(Submission.assignment_id) == essay.id)
            assert await session.scalar(query) == 1

    async def test_of_nothing_is_refused(self, room, essay):
        with pytest.raises(Invalid, match="nothing to hand in yet"):
            await hand_in(room.elif_, essay)

    async def test_of_what_was_not_seen_is_refused(self, room, essay):
        await write(room.elif_, essay)
        with pytest.raises(Conflict, match="Look at it once more"):
            await hand_in(room.elif_, essay, version=7)

    async def test_takes_only_an_address_as_a_link(self, room, essay):
        await write(room.elif_, essay, link="javascript:alert(1)")
        with pytest.raises(Invalid) as refused:
            await hand_in(room.elif_, essay)
        assert refused.value.field == "link"

    async def test_is_refused_with_the_reason(self, room, group):
        past, coming = now() - HOUR, now() + HOUR
        for reason, more in {
            "is closed": {"status": "closed"},
            "can be handed in from": {"available_from": coming},
            "could be handed in until": {"available_until": past},
            "on paper": {"submission_types": ["paper"]},
        }.items():
            work = await make_assignment(room, group, **more)
            with pytest.raises(desk.Refused, match=reason):
                await write(room.elif_, work)
        once = await make_assignment(room, group, attempts=1)
        await write(room.elif_, once)
        await hand_in(room.elif_, once)
        with pytest.raises(desk.Refused, match="used the one attempt"):
            await write(room.elif_, once, "More")

    async def test_of_work_that_was_taken_back_keeps_the_draft(self, room, essay):
        await write(room.elif_, essay)
        await do(room.teacher, publishing.withdraw, essay.id)
        with pytest.raises(desk.Refused, match="What you wrote is kept"):
            await hand_in(room.elif_, essay)
        with pytest.raises(NotFound):
            await hand_in(room.amina, essay)
        await do(room.teacher, publishing.publish, essay.id)
        assert (await hand_in(room.elif_, essay)).attempt == 1

    async def test_ends_with_the_class(self, room, essay):
        await write(room.elif_, essay)
        async with transaction(Actor.system()) as session:
            theirs = update(Enrolment).where(col(Enrolment.student_id) == room.elif_.user)
            await session.execute(theirs.values(status="withdrawn"))
        with pytest.raises(desk.Refused, match="no longer in this class"):
            await hand_in(room.elif_, essay)


class TestTeams:
    @pytest.fixture
    async def poster(self, room, group):
        work = await make_assignment(room, group, "Poster", group_work=True)
        await do(room.teacher, teams.put, work.id, {"Mitosis": [room.elif_.user, room.amina.user]})
        return work

    async def test_write_one_draft_and_hand_in_once_for_all(self, room, poster, monkeypatch):
        told = []

        async def hear(_session, _class_id, students):
            told.append(students)

        monkeypatch.setattr(changes, "CHANGES", [hear])
        first = await write(room.elif_, poster, "Elif's part")
        second = await write(room.amina, poster, "Elif's part and Amina's", first.version)
        assert first.id == second.id
        handed = await hand_in(room.amina, poster)
        assert told == [{room.elif_.user, room.amina.user}]
        async with transaction(room.teacher) as session:
            latest = await finding.latest(session, [poster.id])
        assert {key[1] for key in latest} == {room.elif_.user, room.amina.user}
        (seen,) = await do(room.elif_, reading.attempts, poster.id, room.elif_.user)
        assert (seen.submission.id, seen.readable) == (handed.id, True)
        again = await write(room.elif_, poster, "Better")
        assert (again.attempt, again.team_id) == (2, first.team_id)

    async def test_leave_others_to_themselves(self, room, poster):
        alone = await write(room.emre, poster, "On my own")
        assert alone.team_id is None
        team = await write(room.elif_, poster, "Ours")
        await hand_in(room.elif_, poster)
        with pytest.raises(NotFound):
            await do(room.emre, reading.get, team.id)

    async def test_take_along_what_was_written_before(self, room, group):
        work = await make_assignment(room, group, "Poster", group_work=True)
        before = await write(room.elif_, work, "A start")
        await do(room.teacher, teams.put, work.id, {"Mitosis": [room.elif_.user, room.amina.user]})
        after = await write(room.elif_, work, "A start and more", before.version)
        assert after.id == before.id
        found = await do(room.amina, desk.sit_down, work.id)
        assert await writing.text_of(found.draft) == "A start and more"

    async def test_are_of_students_of_the_class_each_in_one(self, cast, room, poster):
        for wanted, error in (
            ({"A": [room.elif_.user], "B": [room.elif_.user]}, Invalid),
            ({"A": [cast.colleague.user]}, NotFound),
            ({"": [room.elif_.user]}, Invalid),
        ):
            with pytest.raises(error):
                await do(room.teacher, teams.put, poster.id, wanted)
        await write(room.elif_, poster)
        with pytest.raises(Conflict, match="has work of its own already"):
            await do(room.teacher, teams.put, poster.id, {"Meiosis": [room.elif_.user]})


class TestReading:
    async def test_of_who_may_see_what(self, cast, room, essay):
        """Role by relationship by field: the row, that it was handed in; the words; the roll of the class; a draft."""
        await write(room.elif_, essay)
        handed = await hand_in(room.elif_, essay)
        draft = await write(room.elif_, essay, "Not finished")

        async def can(actor, what, *arguments):
            try:
                return await do(actor, what, *arguments)
            except (NotFound, NotPermitted):
                return None

        expected = {
            # actor: (sees that it was handed in, reads it, sees the roll, reads the draft)
            "teacher": (room.teacher, True, True, True, False),
            "aide": (cast.aide, True, True, True, False),
            "head": (cast.head, True, True, True, False),
            "administrator": (cast.administrator, True, True, True, False),
            "the student": (room.elif_, True, True, False, True),
            "her brother": (room.emre, False, False, False, False),
            "a classmate": (room.amina, False, False, False, False),
            "her parent": (room.nadir, True, False, False, False),
            "another parent": (room.karim, False, False, False, False),
            "a colleague": (cast.colleague, False, False, False, False),
            "another school": (cast.stranger, False, False, False, False),
        }
        for who, (actor, sees, reads, rolls, drafts) in expected.items():
            found = await can(actor, reading.get, handed.id)
            listed = await can(actor, reading.attempts, essay.id, room.elif_.user)
            assert (found is not None, bool(listed)) == (sees, sees), who
            assert bool(found and found.readable) == bool(listed and listed[0].readable) == reads, who
            assert (await can(actor, reading.roll, essay.id) is not None) == rolls, who
            assert (await can(actor, reading.get, draft.id) is not None) == drafts, who
