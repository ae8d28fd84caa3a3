"""The gradebook's files of a package: what each row would do, and what becomes of it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.classes.models import GradingPeriod, SchoolClass, Term
from faraday_app.classes.oneroster import Version
from faraday_app.classes.service import rosters
from faraday_app.classes.service.rosters import Confirmed
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict
from faraday_app.core.permissions import Actor
from faraday_app.coursework.models import Assignment, AssignmentGroup
from faraday_app.gradebook.models import GradeEntry, GradeTotal
from faraday_app.gradebook.service import ledger, undoing
from faraday_app.gradebook.service.ledger import Change
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.graded import (
    CATEGORIES,
    GRADED,
    LINE_ITEMS,
    RESULTS,
    bring,
    check,
    delta,
    enter,
    grades,
    one,
    results,
    rows_of,
    student,
)

COUNTED = {"categories": {"create": 1}, "lineItems": {"create": 2}, "results": {"create": 3}}


class TestCheck:
    async def test_tells_what_each_row_would_do_and_touches_nothing(self, cast):
        found = await check(cast.administrator)
        assert {file: found.counts[file] for file in COUNTED} == COUNTED
        assert await rows_of(cast.administrator, found) == {
            "r1": ("create", 2, ""),
            "r2": ("create", 3, ""),
            "r3": ("create", 4, ""),
        }
        assert await grades(cast.administrator) == {}

    async def test_counts_what_stays_as_it_is(self, cast):
        await bring(cast.administrator)
        found = await check(cast.administrator)
        assert {file: found.counts[file] for file in COUNTED} == {
            "categories": {"unchanged": 1},
            "lineItems": {"unchanged": 2},
            "results": {"unchanged": 3},
        }

    @pytest.mark.parametrize(
        ("row", "why"),
        [
            ("r4,,,q2,u2,fully graded,1 7,2026-09-10,", "is not a number"),
            ("r4,,,q9,u2,fully graded,17,2026-09-10,", "“q9” is nowhere in lineItems.csv"),
            ("r4,,,q2,u9,fully graded,17,2026-09-10,", "“u9” is nowhere in users.csv"),
            ("r4,,,q2,t1,fully graded,17,2026-09-10,", "This student is not in the class of the line item."),
            ("r1,,,q2,u2,fully graded,17,2026-09-10,", "is also that of row 2"),
            ("r4,,,q1,u1,fully graded,17,2026-09-10,", "Row 2 is about the same line item and student."),
            ("r4,,,q2,u2,fully graded,1000001,2026-09-10,", "A score is at most 1,000,000."),
            ("r4,,,q2,u2,done,17,2026-09-10,", "done"),
        ],
    )
    async def test_rejects_a_row_and_says_why(self, cast, row, why):
        found = await check(cast.administrator, results=GRADED["results"] + f"{row}\n")
        assert found.counts["results"] == {"create": 3, "reject": 1}
        async with transaction(cast.administrator) as session:
            wanted = rosters.Narrowing(file="results", action="reject")
            (refused,) = await rosters.changes_of(session, cast.administrator, found.id, wanted)
        assert (refused.row, why in refused.why) == (5, True), refused.why

    @pytest.mark.parametrize(
        ("file", "old", "new", "why"),
        [
            (
                "lineItems",
                "q2,,,Mirror lab,,2026-09-02,2026-09-09,k1",
                "q2,,,Mirror lab,,2026-09-02,2026-09-09,k9",
                "k9",
            ),
            ("lineItems", "k1,tests,s1,0,20", "k1,quests,s1,0,20", "“quests” is nowhere in categories.csv"),
            ("lineItems", "s1,0,20", "s1,0,2000000", "The highest value is between 0 and 1,000,000."),
        ],
    )
    async def test_rejects_work_with_the_results_that_need_it(self, cast, file, old, new, why):
        assert old in GRADED[file]
        found = await check(cast.administrator, **{file: GRADED[file].replace(old, new)})
        refused = await rows_of(cast.administrator, found, "lineItems")
        assert (refused["q2"][0], why in refused["q2"][2]) == ("reject", True), refused["q2"]
        assert (await rows_of(cast.administrator, found))["r3"][0] == "reject"
        done = await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        assert (done.made["line items"], done.made["grades"]) == (1, 2)

    async def test_refuses_a_misspelt_header_with_what_was_meant(self, cast):
        found = await check(cast.administrator, results=GRADED["results"].replace("scoreStatus", "scoreState"))
        assert found.state == "refused"
        (told,) = [each for each in found.findings if each["severity"] == "refuses"]
        assert (told["file"], told["row"]) == ("results.csv", 1)
        assert "scoreStatus" in told["problem"] + told["remedy"]


class TestApply:
    async def test_enters_grades_through_the_ledger(self, cast):
        done = await bring(cast.administrator)
        assert {what: done.made[what] for what in ("categories", "line items", "grades")} == {
            "categories": 1,
            "line items": 2,
            "grades": 3,
        }
        assert await grades(cast.administrator) == {
            ("Optics quiz", "u1"): Decimal(300),
            ("Optics quiz", "u2"): "EX",
            ("Mirror lab", "u1"): Decimal("17.5"),
        }
        work = await one(cast.administrator, Assignment, title="Optics quiz")
        assert (work.status, work.submission_types, work.points) == ("published", ["paper"], Decimal(100))
        assert (await one(cast.administrator, AssignmentGroup, id=work.group_id)).name == "Tests"
        line = await one(cast.administrator, GradeEntry, assignment_id=work.id, kind="imported",
                         student_id=await student(cast.administrator, "u1"))  # fmt: skip
        assert (line.reason, line.made_by) == ("Brought in from OneRoster (OneRoster).", cast.administrator.user)
        total = await one(cast.administrator, GradeTotal, student_id=await student(cast.administrator, "u1"))
        assert total.final_percent == Decimal("264.58")

    async def test_can_be_taken_back_in_the_gradebook(self, cast):
        await bring(cast.administrator)
        work = await one(cast.administrator, Assignment, title="Mirror lab")
        line = await one(cast.administrator, GradeEntry, assignment_id=work.id)
        async with transaction(cast.administrator) as session:
            undone = await undoing.undo(session, cast.administrator, work.class_id, line.batch_id)
        assert len(undone.cells) == 3
        assert set((await grades(cast.administrator)).values()) == {None}

    async def test_grades_are_taken_back_where_they_still_stand(self, cast):
        done = await bring(cast.administrator)
        await enter(cast.administrator, "Mirror lab", "u1", "12")
        back = await rosters.take_grades_back(cast.administrator, done.id)
        assert (back.made["grades"], back.made["grades taken back"]) == (3, 2)
        assert await grades(cast.administrator) == {
            ("Optics quiz", "u1"): None,
            ("Optics quiz", "u2"): None,
            ("Mirror lab", "u1"): Decimal(12),
        }
        with pytest.raises(Conflict, match="already"):
            await rosters.take_grades_back(cast.administrator, done.id)

    async def test_of_changes_alone_follows_them(self, cast):
        await bring(cast.administrator)
        at = "2026-11-20T08:00:00.000Z"
        rows = RESULTS + f"r3,active,{at},q2,u1,fully graded,19,2026-09-10,\n"
        rows += f"r1,tobedeleted,{at},q1,u1,fully graded,300,2026-09-10,\n"
        found = await check(cast.administrator, delta(results=rows))
        assert found.counts["results"] == {"update": 1, "deactivate": 1}
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        assert await grades(cast.administrator) == {
            ("Optics quiz", "u1"): None,
            ("Optics quiz", "u2"): "EX",
            ("Mirror lab", "u1"): Decimal(19),
        }
        older = RESULTS + "r3,active,2026-11-19T08:00:00.000Z,q2,u1,fully graded,3,2026-09-10,\n"
        late = await check(cast.administrator, delta(results=older))
        assert await rows_of(cast.administrator, late) == {"r3": ("reject", 2, "What is here is newer than this row.")}

    async def test_of_a_whole_file_ends_only_what_a_file_brought(self, cast):
        await bring(cast.administrator)
        await enter(cast.administrator, "Mirror lab", "u1", "12")  # what came is another now
        await enter(cast.administrator, "Mirror lab", "u2", "18")  # what never came
        found = await check(cast.administrator, **results("r2,,,q1,u2,exempt,,2026-09-10,"))
        told = await rows_of(cast.administrator, found)
        assert told["r1"] == ("deactivate", 0, "It is not in the file any more.")
        assert told["r3"][:2] == ("reject", 0)
        assert "changed here since" in told["r3"][2]
        assert found.sweeping == ["Results"]
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed(sweeping=True))
        assert await grades(cast.administrator) == {
            ("Optics quiz", "u1"): None,
            ("Optics quiz", "u2"): "EX",
            ("Mirror lab", "u1"): Decimal(12),
            ("Mirror lab", "u2"): Decimal(18),
        }

    async def test_ends_work_that_is_gone_but_none_with_grades_of_a_teacher(self, cast):
        await bring(cast.administrator)
        await enter(cast.administrator, "Mirror lab", "u2", "18")
        nothing = {"lineItems": LINE_ITEMS, "results": RESULTS, "categories": CATEGORIES}
        found = await check(cast.administrator, **nothing)
        told = await rows_of(cast.administrator, found, "lineItems")
        assert {id: row[0] for id, row in told.items()} == {"q1": "deactivate", "q2": "reject"}
        assert (await rows_of(cast.administrator, found, "categories"))["tests"][
            2
        ] == "There is work in it (1): it stays."
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed(sweeping=True))
        assert await grades(cast.administrator) == {("Mirror lab", "u1"): None, ("Mirror lab", "u2"): Decimal(18)}
        gone = await one(cast.administrator, Assignment, title="Optics quiz")
        assert gone.deleted_at is not None

    async def test_says_where_it_overwrites_what_a_teacher_entered(self, cast):
        await bring(cast.administrator)
        work = await enter(cast.administrator, "Mirror lab", "u2", "12")
        rows = GRADED["results"] + "r4,,,q2,u2,fully graded,15,2026-09-10,\n"
        found = await check(cast.administrator, results=rows)
        assert await rows_of(cast.administrator, found) == {
            "r4": ("update", 5, "It was entered here, and becomes what the file says.")
        }
        silent = await check(cast.administrator, results=rows.replace("fully graded,15", "submitted,"))
        assert (await rows_of(cast.administrator, silent))["r4"][0] == "reject"
        assert work.id

    async def test_leaves_a_closed_period_alone(self, cast):
        await bring(cast.administrator)
        term = await one(cast.administrator, Term)
        async with transaction(Actor.system(cast.organization_id)) as session:
            session.add(
                GradingPeriod(organization_id=cast.organization_id, term_id=term.id, name="Quarter 1", closed_at=now(),
                              starts_on=date(2026, 8, 1), ends_on=date(2026, 9, 8))
            )  # fmt: skip
        more = "q3,,,Lens quiz,,2026-09-01,2026-09-07,k1,tests,s1,0,100\n"
        rows = (
            "r1,,,q1,u1,fully graded,90,2026-09-10,",
            "r3,,,q2,u1,fully graded,18,2026-09-10,",
            "r5,,,q3,u1,fully graded,9,2026-09-10,",
        )
        found = await check(cast.administrator, **{**results(*rows), "lineItems": GRADED["lineItems"] + more})
        told = await rows_of(cast.administrator, found)
        closed = "“Optics quiz” is due in Quarter 1, which is closed: its grades stay as they are."
        assert told == {
            "r1": ("reject", 2, closed),
            "r3": ("update", 3, ""),
            "r5": ("reject", 4, "The line item that it is of is not taken."),
        }
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        assert (await grades(cast.administrator))["Optics quiz", "u1"] == Decimal(300)
        assert (await grades(cast.administrator))["Mirror lab", "u1"] == Decimal(18)

    async def test_changes_work_and_keeps_what_is_the_same_in_other_words(self, cast):
        await bring(cast.administrator)
        async with transaction(Actor.system(cast.organization_id)) as session:
            named = update(Assignment).where(col(Assignment.title) == "Optics quiz")
            await session.execute(named.values(description="Bring:\n\n- a ruler"))
        said = GRADED["lineItems"].replace(
            "Optics quiz,,2026-09-01,2026-09-08", "Optics test,Bring: - a ruler,2026-09-01,2026-09-10"
        )
        found = await check(cast.administrator, lineItems=said)
        assert found.counts["lineItems"] == {"update": 1, "unchanged": 1}
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        work = await one(cast.administrator, Assignment, title="Optics test")
        assert work.description == "Bring:\n\n- a ruler"
        assert work.due_at.date() - datetime(2026, 9, 10, tzinfo=work.due_at.tzinfo).date() <= timedelta(days=1)
        assert (await check(cast.administrator, lineItems=said)).counts["lineItems"] == {"unchanged": 2}


class TestRoundTrip:
    @pytest.mark.parametrize("version", list(Version))
    async def test_of_what_is_exported_changes_nothing(self, cast, version):
        """What a file brought and what was made here, by their ids; and the classes are the same ones."""
        await bring(cast.administrator)
        room = await make_classroom(cast)
        work = await make_assignment(room, await make_group(room, weight=Decimal(30)), "Cell quiz", due_at=now())
        await make_assignment(room, await make_group(room, "Labs"), "No date", points=None)
        system = Actor.system(cast.organization_id)
        async with transaction(system) as session:
            changes = [Change(work.id, room.elif_.user, "17"), Change(work.id, room.emre.user, "ex")]
            await ledger.enter(session, system, room.id, changes)
        data = await rosters.export(cast.administrator, version)
        found = await check(cast.administrator, data)
        assert {file: found.counts[file] for file in COUNTED} == {
            "categories": {"unchanged": 3},
            "lineItems": {"unchanged": 4},
            "results": {"unchanged": 5},
        }
        await rosters.apply(cast.administrator, found.id, found.digest, Confirmed())
        async with transaction(system) as session:
            names = select(SchoolClass.name).where(col(SchoolClass.organization_id) == cast.organization_id)
            assert sorted(await session.scalars(names)) == ["Biology 9B", "Physics 10a"]
        again = await check(cast.administrator, data)
        assert {action for counts in again.counts.values() for action in counts} == {"unchanged"}
