"""What is here as a package, and what has changed since."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from faraday_app.classes.models import Enrolment, SchoolClass
from faraday_app.classes.oneroster import File, Mode, Status, Version, read
from faraday_app.classes.service import rosters
from faraday_app.classes.service.rosters import Confirmed
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from tests.factories.classes import make_classroom
from tests.factories.rosters import package


async def exported(actor, version=Version.v1_2, since=None):
    reading = read(await rosters.export(actor, version, since))
    assert reading.applicable
    assert reading.findings == () or not [each for each in reading.findings if each.severity != "note"]
    assert reading.package
    return reading.package


class TestExport:
    async def test_can_be_read_in_both_versions(self, cast):
        await make_classroom(cast)
        for version in Version:
            found = await exported(cast.administrator, version)
            assert [each.title for each in found.classes] == ["Biology 9B"]
            assert {each.role for each in found.enrollments} == {"teacher", "aide", "student"}
            nadir = next(each for each in found.users if each.given_name == "Nadir")
            children = {each.given_name for each in found.users if each.sourced_id in nadir.agent_ids}
            assert children == {"Elif", "Emre"}

    async def test_has_the_ids_of_the_source(self, cast):
        looked = await rosters.check(cast.administrator, "a.zip", package())
        await rosters.apply(cast.administrator, looked.id, looked.digest, Confirmed())
        found = await exported(cast.administrator, Version.v1_1)
        assert [each.sourced_id for each in found.classes] == ["k1"]
        assert {each.sourced_id for each in found.enrollments} == {"e1", "e2", "e3"}
        assert {"t1", "u1", "u2"} < {each.sourced_id for each in found.users}

    async def test_comes_back_as_it_went(self, cast):
        """What was exported and is sent in again makes nobody and nothing twice, once people are known by address."""
        await make_classroom(cast)
        looked = await rosters.check(cast.administrator, "a.zip", await rosters.export(cast.administrator))
        assert looked.state == "checked"
        assert looked.administrators == []
        done = await rosters.apply(cast.administrator, looked.id, looked.digest, Confirmed())
        assert "people" not in done.made
        assert "guardians" not in done.made

    async def test_of_changes_tells_what_is_other_and_what_is_gone(self, cast):
        room = await make_classroom(cast)
        await exported(cast.administrator)
        moment = now()
        async with transaction(Actor.system(cast.organization_id)) as session:
            await session.execute(
                update(SchoolClass).where(col(SchoolClass.id) == room.id).values(name="Biology, period 9")
            )
            gone = update(Enrolment).where(col(Enrolment.student_id) == room.emre.user)
            await session.execute(gone.values(status="withdrawn"))
        found = await exported(cast.administrator, since=moment)
        assert {file for file, mode in found.modes.items() if mode is Mode.delta} == {File.classes, File.enrollments}
        assert [each.title for each in found.classes] == ["Biology, period 9"]
        assert [each.status for each in found.enrollments] == [Status.tobedeleted]
        assert not (await exported(cast.administrator, since=now() + timedelta(minutes=1))).modes
