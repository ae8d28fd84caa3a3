"""What was handed in is read, compared, and laid side by side."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from faraday_app.core import files
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.core.vault import seal
from faraday_app.coursework.models import ComparedText, Fingerprint, SimilarityPair, SubmissionFile
from faraday_app.coursework.service.similarity import beside, handouts, listing, texts
from faraday_app.coursework.service.similarity.beside import Mark
from tests.factories.classes import make_assignment, make_group, make_submission
from tests.factories.coursework import do, last_terms
from tests.factories.essays import PARAGRAPH, PLANTS, WAR, renamed
from tests.factories.people import make_person
from tests.factories.similarity import ALONE, COPY, ORIGINAL, compare_all, hand_in, pairs_of, rows


@pytest.fixture
async def work(room, group):
    return await make_assignment(room, group, "Bees")


class TestRead:
    async def test_keeps_the_words_sealed_and_the_fingerprints(self, room, work):
        submission = await hand_in(work, room.elif_, ORIGINAL)
        await compare_all()
        (found,) = await rows(ComparedText, submission_id=submission.id)
        assert PARAGRAPH[:40] not in found.sealed_text
        assert await texts.text_of_row(found) == ORIGINAL.strip()
        assert found.words > 400
        async with transaction(room.teacher) as session:
            counted = text("select count(*) from similarity_fingerprints where text_id = :id")
            assert await session.scalar(counted, {"id": found.id}) == found.fingerprints > 200

    async def test_reads_files_too_and_names_what_it_cannot(self, room, work):
        submission = await make_submission(work, room.elif_, submitted_at=None)
        for name, content in (("bees.txt", ORIGINAL.encode()), ("hive.jpg", b"\xff\xd8\xff\xe0" + bytes(99))):
            file_id = new_id()
            key = await files.keep(submission.organization_id, file_id, content)
            sealed = await seal(submission.organization_id, key, f"submission file {file_id}")
            row = SubmissionFile(id=file_id, organization_id=submission.organization_id, submission_id=submission.id,
                                 name=name, kind="text", size=9, digest="", sealed_key=sealed)  # fmt: skip
            async with transaction(Actor.system(submission.organization_id)) as session:
                session.add(row)
        async with transaction(Actor.system(submission.organization_id)) as session:
            await session.execute(
                text("update submissions set submitted_at = now() where id = :id"), {"id": submission.id}
            )
        await hand_in(work, room.emre, COPY)
        await compare_all()
        (pair,) = await pairs_of(room, work)
        assert pair.row.similarity > 0.2
        (found,) = await rows(ComparedText, submission_id=submission.id)
        assert "hive.jpg" in found.problem

    async def test_compares_an_authors_last_attempt_alone(self, room, work):
        await hand_in(work, room.elif_, ORIGINAL, attempt=1)
        await hand_in(work, room.emre, COPY)
        await compare_all()
        assert len(await pairs_of(room, work)) == 1
        again = await hand_in(work, room.elif_, ALONE, attempt=2)
        await compare_all()
        assert await pairs_of(room, work) == []
        old, new = await rows(ComparedText, assignment_id=work.id, student_id=room.elif_.user)
        assert (old.current, old.sealed_text, new.submission_id) == (False, None, again.id)
        assert await _fingerprints(old) == 0 < await _fingerprints(new)

    async def test_does_not_read_drafts(self, room, work):
        await hand_in(work, room.elif_, ORIGINAL, submitted_at=None)
        await compare_all()
        assert await rows(ComparedText, assignment_id=work.id) == []


class TestCompare:
    async def test_finds_a_copied_paragraph_with_renamed_words_that_was_moved(self, room, work):
        await hand_in(work, room.elif_, ORIGINAL)
        await hand_in(work, room.emre, f"{WAR[1]}\n\n{renamed(PARAGRAPH, 0.3, 1)}")
        await hand_in(work, room.amina, PLANTS[0])
        await compare_all()
        (pair,) = await pairs_of(room, work)
        assert {pair.left.name, pair.right.name} == {"Elif Kaya", "Emre Kaya"}
        assert 0.15 < pair.row.similarity < 0.6

    async def test_is_silent_on_the_handout_and_on_the_assignments_own_words(self, room, group):
        told = await make_assignment(room, group, "Told", description=PARAGRAPH)
        given = await make_assignment(room, group, "Given")
        for work in (told, given):
            await hand_in(work, room.elif_, ORIGINAL)
            await hand_in(work, room.emre, COPY)
        await compare_all()
        assert await within(room, told) == []
        (before,) = await within(room, given)
        await do(room.teacher, handouts.add, given.id, "The keeper's notes", PARAGRAPH)
        await compare_all()
        assert await within(room, given) == []
        (handout,) = (await do(room.teacher, listing.overview, given.id)).handouts
        await do(room.teacher, handouts.remove, given.id, handout.id)
        await compare_all()
        (after,) = await within(room, given)
        assert after.row.similarity == before.row.similarity

    async def test_leaves_out_what_much_of_the_class_has(self, room, work):
        own = [*WAR[:3], *PLANTS[:2]]
        for number, essay in enumerate(own):
            student = await make_person(room.cast.organization_id, Role.student, f"Student {number}")
            await hand_in(work, student, f"{essay}\n\n{PARAGRAPH}")
        await compare_all()
        assert await pairs_of(room, work) == []
        await do(room.teacher, handouts.set_share, work.id, 100)
        await compare_all()
        assert len(await pairs_of(room, work)) == 10

    async def test_a_pair_keeps_its_id_when_it_is_compared_anew(self, room, work):
        await hand_in(work, room.elif_, ORIGINAL)
        await hand_in(work, room.emre, COPY)
        await compare_all()
        (before,) = await pairs_of(room, work)
        await do(room.teacher, handouts.add, work.id, "Plants", PLANTS[0])
        await compare_all()
        (after,) = await pairs_of(room, work)
        assert after.row.id == before.row.id

    async def test_finds_work_of_former_years_and_never_ones_own(self, room, group):
        old_room = await last_terms(room)
        old = await make_assignment(old_room, await make_group(old_room), "Bees, last spring")
        before = now() - timedelta(days=90)
        others = await make_person(room.cast.organization_id, Role.student, "Former Student")
        await hand_in(old, others, ORIGINAL, submitted_at=before)
        await hand_in(old, room.elif_, f"{PLANTS[1]}\n\n{PARAGRAPH}", submitted_at=before)
        work = await make_assignment(room, group, "Bees")
        await hand_in(work, room.elif_, f"{WAR[2]}\n\n{PARAGRAPH}")
        await compare_all()
        (pair,) = await pairs_of(room, work)
        assert (pair.left.name, pair.right.name) == ("Elif Kaya", "Former Student")
        assert pair.right.elsewhere == "Bees, last spring, Biology 8B"
        assert not pair.row.within

    async def test_of_another_teachers_class_shows_neither_name_nor_more_than_the_passage(self, room, group, cast):
        there = await last_terms(room)
        old = await make_assignment(there, await make_group(there), "Theirs")
        async with transaction(Actor.system(cast.organization_id)) as session:
            await session.execute(
                text("update class_staff set ended_at = now() where class_id = :id"), {"id": there.id}
            )
        await hand_in(old, there.amina, ORIGINAL)
        work = await make_assignment(room, group, "Bees")
        await hand_in(work, room.emre, COPY)
        await compare_all()
        (pair,) = await pairs_of(room, work)
        assert (pair.right.name, pair.right.whole) == ("A student of another class", False)
        found = await do(room.teacher, beside.look, pair.row.id)
        assert {part.mark for part in found.right.parts} == {Mark.alike, Mark.hidden}
        assert "Princip" not in "".join(part.text for part in found.right.parts)

    async def test_never_reaches_into_another_school(self, room, work, cast):
        async with transaction(room.teacher) as session:
            mine = await session.scalar(text("select count(*) from similarity_fingerprints"))
        await hand_in(work, room.elif_, ORIGINAL)
        await compare_all()
        async with transaction(cast.stranger) as session:
            assert await session.scalar(text("select count(*) from similarity_fingerprints")) == 0
            assert await session.scalar(text("select count(*) from similarity_texts")) == 0
        assert mine == 0


class TestLook:
    async def test_marks_and_links_the_passages_on_both_sides(self, room, work):
        await hand_in(work, room.elif_, f"{PLANTS[0]}\n\n{ORIGINAL}")
        await hand_in(work, room.emre, f"{COPY}\n\n{PLANTS[0]}")
        await do(room.teacher, handouts.add, work.id, "Plants", PLANTS[0])
        await compare_all()
        (pair,) = await pairs_of(room, work)
        found = await do(room.teacher, beside.look, pair.row.id)
        for side, written in ((found.left, f"{PLANTS[0]}\n\n{ORIGINAL}"), (found.right, f"{COPY}\n\n{PLANTS[0]}")):
            assert "".join(part.text for part in side.parts) == written.strip()
            alike = [part for part in side.parts if part.mark is Mark.alike]
            assert sorted(part.number for part in alike) == list(range(1, len(found.comparison.matches) + 1))
            assert max((part.text for part in alike), key=len).startswith("My grandmother kept bees")
            assert sum(len(part.text) for part in side.parts if part.mark is Mark.given) > 0.8 * len(PLANTS[0])
        assert "left out" in found.comparison.description
        assert found.comparison.similarity == pytest.approx(pair.row.similarity)

    async def test_adds_up_over_the_work_of_the_class(self, room, group):
        others = [await make_person(room.cast.organization_id, Role.student, f"Student {n}") for n in range(8)]
        pair = None
        for number in range(3):
            work = await make_assignment(room, group, f"Essay {number}")
            await hand_in(work, room.elif_, ORIGINAL)
            await hand_in(work, room.emre, COPY)
            for other in others:
                await hand_in(work, other, f"{other.user} wrote nothing to speak of in essay {number}.")
            await compare_all()
            (pair,) = await within(room, work)
        found = await do(room.teacher, beside.look, pair.row.id)
        assert found.evidence.strength == "unusual"
        assert found.evidence.description.startswith("Alike in 3 of 3 assignments")

    async def test_names_nobody_where_work_is_graded_without_names(self, room, group):
        work = await make_assignment(room, group, "Blind", anonymous=True)
        await hand_in(work, room.elif_, ORIGINAL)
        await hand_in(work, room.emre, COPY)
        await compare_all()
        (pair,) = await pairs_of(room, work)
        assert {pair.left.name, pair.right.name} == {"Author 1", "Author 2"}


class TestAccess:
    """Role and relationship: who sees that anything is alike."""

    @pytest.mark.parametrize(
        ("who", "refused"),
        [
            ("teacher", None),
            ("administrator", None),
            ("colleague", NotFound),
            ("aide", NotPermitted),
            ("student", NotPermitted),
            ("parent", NotPermitted),
            ("stranger", NotFound),
        ],
    )
    async def test_is_the_classs_teachers_and_overseers(self, room, work, cast, who, refused):
        await hand_in(work, room.elif_, ORIGINAL)
        await hand_in(work, room.emre, COPY)
        await compare_all()
        (pair,) = await pairs_of(room, work)
        actor = getattr(cast, who)
        calls = [
            (listing.overview, work.id),
            (listing.listed, work.id),
            (beside.look, pair.row.id),
            (handouts.compare_again, work.id),
            (handouts.add, work.id, "Notes", "Some words."),
        ]
        for call, *arguments in calls:
            if refused:
                with pytest.raises(refused):
                    await do(actor, call, *arguments)
            else:
                await do(actor, call, *arguments)

    async def test_is_not_an_aides_even_with_a_teachers_rights(self, room, work, cast):
        aide = Actor(cast.aide.user_id, cast.aide.organization_id, Role.teacher, cast.teacher.permissions)
        with pytest.raises(NotPermitted):
            await do(aide, listing.overview, work.id)


async def within(room, work):
    """Of the assignment's own work."""
    return [each for each in await pairs_of(room, work) if each.row.within]


async def _fingerprints(of_text: ComparedText) -> int:
    async with transaction(Actor.system()) as session:
        counted = text(f"select count(*) from {Fingerprint.__tablename__} where text_id = :id")  # noqa: S608
        return int(await session.scalar(counted, {"id": of_text.id}))


def test_pairs_hold_no_words():
    assert not [name for name in SimilarityPair.model_fields if "text" in name or "sealed" in name]
