import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.classes.models import Guardianship
from faraday_app.contexts.models import Message
from faraday_app.core import files, vault
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Submission, SubmissionFile
from faraday_app.coursework.service.submissions import reading
from faraday_app.gradebook.models import Grade
from faraday_app.gradebook.service import records
from faraday_app.organizations.models import Membership
from faraday_app.organizations.service.identity import member
from faraday_app.privacy.models import Erasure, ErasureState, RetentionPolicy
from faraday_app.privacy.service import exporting, looks, requests, retention
from faraday_app.security.service import seen
from tests.factories.classes import make_assignment, make_classroom, make_group, make_submission
from tests.factories.contexts import begin, said


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def handed_in(room):
    """What Elif handed in: a text, and a file."""
    group = await make_group(room)
    work = await make_assignment(room, group, "Root tip lab")
    submission = await make_submission(work, room.elif_)
    content = SubmissionFile(
        organization_id=submission.organization_id,
        submission_id=submission.id,
        name="../roots?.txt",
        kind="text/plain",
        size=5,
        digest="0" * 64,
        sealed_key="",
    )
    key = await files.keep(content.organization_id, content.id, b"roots")
    content.sealed_key = await vault.seal(content.organization_id, key, f"submission file {content.id}")
    words = await vault.seal(submission.organization_id, "Roots grow at their tips.", f"submission {submission.id}")
    async with transaction(Actor.system(submission.organization_id)) as session:
        session.add(content)
        await session.execute(update(Submission).where(col(Submission.id) == submission.id).values(sealed_text=words))
    return content


def confirmed(actor: Actor) -> Actor:
    return replace(actor, confirmed_at=now())


async def ask(actor: Actor, person: Actor) -> Erasure:
    async with transaction(confirmed(actor)) as session:
        return await requests.ask_erasure(session, confirmed(actor), person.user, "The family moved away.")


async def let_be_due(organization_id, days=0) -> None:
    async with transaction(Actor.system(organization_id)) as session:
        whose = col(Erasure.organization_id) == organization_id
        await session.execute(update(Erasure).where(whose).values(due_at=now() - timedelta(days=days)))


async def rows(actor: Actor, query) -> list:
    async with transaction(Actor.system(actor.organization)) as session:
        return list(await session.scalars(query))


async def taken_out(actor: Actor, person: Actor) -> zipfile.ZipFile:
    async with transaction(confirmed(actor)) as session:
        await requests.may_export(session, confirmed(actor), person.user)
    pieces = [piece async for piece in exporting.archive(confirmed(actor), person.user)]
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


class TestExport:
    async def test_is_of_oneself_ones_children_and_for_administrators(self, cast, room):
        for actor in (room.elif_, room.nadir, cast.administrator):
            async with transaction(actor) as session:
                await requests.must_concern(session, actor, room.elif_.user)
        for actor in (room.karim, room.emre, room.teacher, cast.stranger):
            async with transaction(actor) as session:
                with pytest.raises(NotFound):
                    await requests.must_concern(session, actor, room.elif_.user)

    async def test_wants_to_know_who_is_there(self, room):
        async with transaction(room.elif_) as session:
            with pytest.raises(ConfirmationNeeded):
                await requests.may_export(session, room.elif_, room.elif_.user)

    async def test_holds_what_is_theirs_in_clear_and_nothing_of_others(self, room, handed_in):
        mine = await begin(room.elif_)
        await said(room.emre, await begin(room.emre), "Nobody else's")
        await said(room.elif_, mine, "What do roots do?")
        archive = await taken_out(room.nadir, room.elif_)
        assert archive.testzip() is None
        told = archive.read("data/submissions.jsonl").decode()
        assert json.loads(told)["text"] == "Roots grow at their tips."
        assert archive.read(f"files/submission_files/{handed_in.id} roots_.txt") == b"roots"
        assert "What do roots do?" in archive.read("data/messages.jsonl").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
        assert room.emre.user.hex not in everything.replace("-", "")
        assert "Nobody else's" not in everything
        assert "password_hash" not in everything
        assert "sealed_key" not in everything

    async def test_tells_nobody_but_the_school_what_is_not_posted(self, cast, room):
        work = await make_assignment(room, await make_group(room))
        grade = Grade(
            organization_id=cast.organization_id,
            class_id=room.id,
            assignment_id=work.id,
            student_id=room.elif_.user,
            raw=Decimal(7),
        )
        async with transaction(Actor.system(cast.organization_id)) as session:
            session.add(grade)
        for actor in (room.elif_, room.nadir):
            assert "data/grades.jsonl" not in (await taken_out(actor, room.elif_)).namelist()
        assert "data/grades.jsonl" in (await taken_out(cast.administrator, room.elif_)).namelist()

    async def test_is_in_the_trail_of_the_person(self, room):
        await taken_out(room.nadir, room.elif_)
        async with transaction(room.elif_) as session:
            (look,) = await looks.looks(session, room.elif_, room.elif_.user)
        assert (look.name, look.role, look.exported) == ("Nadir Kaya", "parent", True)


class TestLooks:
    async def test_tell_student_and_parent_who_looked_at_what(self, cast, room):
        async with transaction(room.teacher) as session:
            await seen(session, room.teacher, room.elif_.user, "grades in Biology 9B")
            await seen(session, room.teacher, room.amina.user, "grades in Biology 9B")
        for actor in (room.elif_, room.nadir, cast.administrator):
            async with transaction(actor) as session:
                found = await looks.looks(session, actor, room.elif_.user)
            assert [(look.name, look.role, look.what) for look in found] == [
                ("Maya Okafor", "teacher", "grades in Biology 9B")
            ]

    async def test_tell_of_grades_and_of_work_that_was_opened(self, room, handed_in):
        async with transaction(room.teacher) as session:
            await records.of_student(session, room.teacher, room.id, room.elif_.user)
            await reading.get(session, room.teacher, handed_in.submission_id)
        async with transaction(room.elif_) as session:
            await records.of_student(session, room.elif_, room.id, room.elif_.user)
            found = await looks.looks(session, room.elif_, room.elif_.user)
        assert {(look.name, look.what) for look in found} == {
            ("Maya Okafor", "grades in Biology 9B"),
            ("Maya Okafor", "work for “Root tip lab”"),
        }

    async def test_are_nobody_elses(self, room):
        for actor in (room.karim, room.emre, room.teacher):
            async with transaction(actor) as session:
                with pytest.raises(NotFound):
                    await looks.looks(session, actor, room.elif_.user)

    async def test_are_about_oneself_and_each_child(self, room):
        async with transaction(room.nadir) as session:
            found = await looks.subjects(session, room.nadir)
        assert [name for _, name in found] == ["Nadir Kaya", "Elif Kaya", "Emre Kaya"]


class TestErasure:
    async def test_lets_the_person_go_at_once_and_erases_later(self, cast, room):
        context = await begin(room.karim)
        await said(room.karim, context, "When is the meeting?")
        await ask(cast.administrator, room.karim)
        async with transaction(Actor.system()) as session:
            assert await member(session, room.karim.user, room.karim.organization) is None
        assert await requests.work() == 0
        await let_be_due(room.karim.organization)
        assert await requests.work() == 1
        (user,) = await rows(cast.administrator, select(User).where(col(User.id) == room.karim.user))
        assert (user.name, user.email, user.password_hash) == ("Erased person", f"{user.id}@erased.invalid", "")
        words = await rows(cast.administrator, select(col(Message.content)).where(col(Message.context_id) == context))
        assert set(words) == {""}
        left = await rows(
            cast.administrator, select(Guardianship).where(col(Guardianship.organization_id) == cast.organization_id)
        )
        assert {each.guardian_id for each in left} == {room.nadir.user}
        (done,) = await rows(
            cast.administrator, select(Erasure).where(col(Erasure.organization_id) == cast.organization_id)
        )
        assert done.state == ErasureState.done
        assert done.erased["users"] == done.erased["guardianships"] == 1

    async def test_keeps_the_record_of_a_student_with_its_name_until_the_retention_is_over(self, cast, room, handed_in):
        await ask(cast.administrator, room.elif_)
        await let_be_due(cast.organization_id)
        assert await requests.work() == 0
        (user,) = await rows(cast.administrator, select(User).where(col(User.id) == room.elif_.user))
        assert user.name == "Elif Kaya"
        assert (
            len(
                await rows(
                    cast.administrator,
                    select(Submission).where(col(Submission.organization_id) == cast.organization_id),
                )
            )
            == 1
        )

        async with transaction(cast.administrator) as session:
            await retention.set_policy(session, cast.administrator, 5, 0)
        await let_be_due(cast.organization_id)
        assert await requests.work() == 0  # she left just now
        async with transaction(Actor.system(cast.organization_id)) as session:
            left = now() - 5 * retention.YEAR
            await session.execute(
                update(Membership).where(col(Membership.user_id) == room.elif_.user).values(deactivated_at=left)
            )
        await let_be_due(cast.organization_id)
        assert await requests.work() == 1
        assert (
            await rows(
                cast.administrator, select(Submission).where(col(Submission.organization_id) == cast.organization_id)
            )
            == []
        )
        with pytest.raises(files.Gone):
            await files.read(handed_in.organization_id, handed_in.id, "AAAA")
        assert not await files.exists(handed_in.organization_id, handed_in.id)
        (user,) = await rows(cast.administrator, select(User).where(col(User.id) == room.elif_.user))
        assert user.name == "Erased person"

    async def test_leaves_an_account_that_another_school_has_too(self, cast, room):
        async with transaction(Actor.system(cast.stranger.organization)) as session:
            session.add(Membership(organization_id=cast.stranger.organization, user_id=room.karim.user, role="parent"))
        await ask(cast.administrator, room.karim)
        await let_be_due(cast.organization_id)
        await requests.work()
        (user,) = await rows(cast.administrator, select(User).where(col(User.id) == room.karim.user))
        assert user.name == "Karim Haddad"

    async def test_can_be_taken_back_while_nothing_is_erased(self, cast, room):
        erasure = await ask(cast.administrator, room.karim)
        async with transaction(cast.administrator) as session:
            await requests.cancel(session, cast.administrator, erasure.id)
        await let_be_due(cast.organization_id, days=1)
        assert await requests.work() == 0
        async with transaction(cast.administrator) as session:
            with pytest.raises(Conflict):
                await requests.cancel(session, cast.administrator, erasure.id)

    async def test_is_asked_once_by_administrators_and_never_of_oneself(self, cast, room):
        await ask(cast.administrator, room.karim)
        with pytest.raises(Conflict):
            await ask(cast.administrator, room.karim)
        with pytest.raises(Invalid):
            await ask(cast.administrator, cast.administrator)
        with pytest.raises(NotFound):
            await ask(cast.administrator, cast.stranger)
        with pytest.raises(NotPermitted):
            await ask(room.teacher, room.emre)


class TestRetention:
    async def test_begins_by_itself_for_whoever_left_long_ago(self, cast, room):
        async with transaction(Actor.system(cast.organization_id)) as session:
            session.add(RetentionPolicy(organization_id=cast.organization_id, years=3))
            long_ago = now() - 4 * retention.YEAR
            await session.execute(
                update(Membership).where(col(Membership.user_id) == room.amina.user).values(deactivated_at=long_ago)
            )
        assert await retention.begin_due() == 1
        assert await retention.begin_due() == 0
        (begun,) = await rows(
            cast.administrator, select(Erasure).where(col(Erasure.organization_id) == cast.organization_id)
        )
        assert (begun.subject_id, begun.asked_by) == (room.amina.user, None)

    async def test_of_two_changes_at_once_one_is_refused(self, cast):
        async with transaction(cast.administrator) as session:
            await retention.set_policy(session, cast.administrator, 7, 0)
            assert await retention.policy(session, cast.administrator) == (7, 1)
            with pytest.raises(Conflict):
                await retention.set_policy(session, cast.administrator, 8, 0)
            with pytest.raises(Invalid):
                await retention.set_policy(session, cast.administrator, 0, 1)
