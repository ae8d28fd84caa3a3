"""The page of backups, in tabs."""

from datetime import timedelta

import pytest

from faraday_app.contexts.service import backups
from faraday_app.contexts.state import BackupsState
from faraday_app.core import permissions
from faraday_app.ui.guard import ConfirmationWanted
from tests.factories.backups import destroy, made, rows
from tests.factories.contexts import begin
from tests.factories.tabs import open_at


class TestPage:
    async def test_shows_how_a_backup_comes_about(self, cast):
        await begin(cast.teacher, "Frogs")
        await begin(cast.teacher, "Newts")
        page = await open_at(cast.administrator, BackupsState, "/backups")
        await BackupsState.refresh.fn(page)
        assert (page.rows, page.every, page.keep, page.restore.id) == ([], "day", 7, "")

        await BackupsState.make.fn(page)
        await BackupsState.refresh.fn(page)
        assert (page.rows[0].state, page.making) == ("waiting", True)
        await backups.work()
        await BackupsState.refresh.fn(page)
        (row,) = page.rows
        assert (row.state, row.by, row.holds, page.making) == (
            "good", "on request", "2 conversations, 0 messages", False)  # fmt: skip
        assert "Frogs" not in repr(page.rows)

    async def test_compares_asks_who_is_there_and_brings_back(self, cast, monkeypatch):
        frogs = await begin(cast.teacher, "Frogs")
        await begin(cast.teacher, "Newts")
        await made(cast.administrator)
        page = await open_at(cast.administrator, BackupsState, "/backups")
        await BackupsState.refresh.fn(page)
        (row,) = page.rows
        before = await rows(cast.organization_id)
        destroy(cast.organization_id)
        await BackupsState.pick.fn(page, row.id)
        assert (page.asking, page.picked_made) == (True, row.made)
        await BackupsState.compare.fn(page, {"conversation": f"https://faraday.example/assistant/{frogs}"})
        await backups.work()
        await BackupsState.refresh.fn(page)
        assert (page.restore.state, page.restore.is_ready, page.restore.failed) == ("ready", True, False)
        assert {line.name: line.new for line in page.found}["Conversations"] == "1"
        assert page.restore.sum.startswith("2 would come back")

        with monkeypatch.context() as later:
            later.setattr(permissions, "CONFIRMED_FOR", timedelta(0))
            with pytest.raises(ConfirmationWanted):
                await BackupsState.confirm.fn(page)
        await BackupsState.call_off.fn(page)
        await BackupsState.pick.fn(page, row.id)
        await BackupsState.compare.fn(page, {"conversation": ""})
        await backups.work()
        await BackupsState.refresh.fn(page)
        await BackupsState.confirm.fn(page)
        await backups.work()
        await BackupsState.refresh.fn(page)
        assert (page.restore.state, page.restore.sum) == ("done", "4 came back, 0 were set back.")
        assert await rows(cast.organization_id) == before

    async def test_offers_nothing_where_nothing_is_missing(self, cast):
        await begin(cast.teacher, "Frogs")
        found = await made(cast.administrator)
        page = await open_at(cast.administrator, BackupsState, "/backups")
        await BackupsState.refresh.fn(page)
        await BackupsState.pick.fn(page, str(found.id))
        await BackupsState.compare.fn(page, {"conversation": ""})
        await backups.work()
        await BackupsState.refresh.fn(page)
        assert (page.restore.is_ready, page.restore.is_nothing, page.restore.has_files) == (False, True, False)
        assert page.restore.says == "There is nothing to bring back: all of this backup is there as it was."

    async def test_finds_the_backup_before_a_moment_and_says_what_that_means(self, cast):
        await begin(cast.teacher, "Frogs")
        found = await made(cast.administrator)
        page = await open_at(cast.administrator, BackupsState, "/backups")
        await BackupsState.compare.fn(page, {"conversation": "the one of frogs"})
        assert page.problem.startswith("Paste the address")
        for moment, problem in (("yesterday", "Choose a day"), ("2001-01-01T10:00", "no good backup")):
            await BackupsState.pick_moment.fn(page, {"moment": moment})
            assert problem in page.problem
        await BackupsState.pick_moment.fn(page, {"moment": "2999-01-01T10:00"})
        assert (page.picked, page.asking) == (str(found.id), True)
        assert "What was written between the two is not in it" in page.note

    async def test_keeps_a_schedule_or_says_what_is_wrong_with_it(self, cast):
        page = await open_at(cast.administrator, BackupsState, "/backups")
        await BackupsState.choose.fn(page, {"every": "week", "keep": "many"})
        assert "as a number" in page.problem
        await BackupsState.choose.fn(page, {"every": "week", "keep": "30"})
        await BackupsState.refresh.fn(page)
        assert (page.every, page.keep, bool(page.next_at)) == ("week", 30, True)

    async def test_shows_a_teacher_nothing(self, cast):
        await begin(cast.teacher, "Frogs")
        await made(cast.administrator)
        page = await open_at(cast.teacher, BackupsState, "/backups")
        await BackupsState.refresh.fn(page)
        assert page.rows == []
        assert "backups:manage" in page.error
