"""Grades to a spreadsheet and back."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotPermitted
from faraday_app.gradebook.service import differences, ledger, tables, transfer, workbooks
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.grades import enter, mark_of


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


class TestTables:
    @pytest.mark.parametrize("value", ["=1+1", "+A1", "@SUM(A1)", "-cmd|' /C calc'!A0", "\tx"])
    def test_let_nothing_be_a_formula(self, value):
        assert guarded(value) == f"'{value}"
        with ZipFile(BytesIO(workbooks.write([[value.strip()]]))) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        assert b't="inlineStr"' in sheet
        assert b"<f>" not in sheet
        assert workbooks.read(workbooks.write([[value.strip()]]), 1) == [[value.strip()]]

    @pytest.mark.parametrize("value", ["-2", "17.5", "B+", "", "Elif"])
    def test_leave_alone_what_is_none(self, value):
        assert guarded(value) == value

    @pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04 no workbook", b"\n\n"])
    def test_say_what_cannot_be_read(self, content):
        with pytest.raises(Invalid):
            tables.read(content)

    def test_read_what_spreadsheets_write(self):
        assert tables.read("Student;Quiz\nElif;17,5\n".encode("cp1252")) == [["Student", "Quiz"], ["Elif", "17,5"]]
        assert tables.read(workbooks.write([["Student", "Quiz"], ["Elif & Co", "17.5"]]))[1] == ["Elif & Co", "17.5"]


guarded = tables.guarded
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def crafted(sheet, part="xl/worksheets/sheet1.xml"):
    """A workbook with this in place of one of its parts."""
    out = BytesIO()
    with ZipFile(BytesIO(workbooks.write([["Student"]]))) as book, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in {*book.namelist(), part}:
            made.writestr(name, sheet if name == part else book.read(name))
    return out.getvalue()


def sheet(rows, before="", after="", head=""):
    return f'{head}<worksheet xmlns="{SPREADSHEET}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


class TestWorkbooks:
    @pytest.mark.parametrize(
        "value", ["", "x", "17.5", "-2", "1e5", "007", "#N/A", "=1+1", "Ünï & <b>", "a\nb", "12:30", "∞"]
    )
    def test_come_back_as_they_went(self, value):
        assert workbooks.read(workbooks.write([["first", value, "last"]]), 3) == [["first", value, "last"]]

    def test_are_read_by_the_library_as_numbers_and_texts(self):
        book = load_workbook(BytesIO(workbooks.write([["Student", "Quiz"], ["=Elif", "17.5"], ["\x00\ud800e", "x"]])))
        assert [[cell.value for cell in row] for row in book.active.iter_rows()][1:] == [["=Elif", 17.5], ["e", "x"]]
        assert (book.active["A2"].data_type, book.active.title, book.active.freeze_panes) == ("s", "Grades", "D2")

    def test_of_others_are_read_too(self):
        book, out = Workbook(), BytesIO()
        book.active.append(["Student", "Quiz", None, True])
        book.active.append(["Elif", 0.1 + 0.2, date(2026, 3, 4), "=B2"])
        book.create_sheet("Second").append(["not this"])
        book.save(out)
        rows = workbooks.read(out.getvalue(), 4)
        assert rows == [["Student", "Quiz", "", "True"], ["Elif", "0.3", "2026-03-04 00:00:00", ""]]

    @pytest.mark.parametrize(
        "content",
        [
            crafted(sheet(ONE, head='<!DOCTYPE a [<!ENTITY x "y">]>')),
            crafted(sheet(ONE, head='<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a>').encode("utf-16")),
            crafted(sheet('<row r="1"><c r="ZZZ1"><v>1</v></c></row>')),
            crafted(sheet(f"<row>{'<c/>' * 4}</row>")),
            crafted(sheet("<row><c/></row>" * (workbooks.MOST_CELLS // 100 + 1))),
            crafted(sheet(ONE, before=f"<cols>{'<col/>' * 200_000}</cols>")),
            crafted(f'<sst xmlns="{SPREADSHEET}">{" " * 5_000_001}</sst>', "xl/sharedStrings.xml"),
            crafted(f'<styleSheet xmlns="{SPREADSHEET}">{" " * 1_000_001}</styleSheet>', "xl/styles.xml"),
            crafted("no sheet"),
            crafted(sheet('<row><c t="s"><v>9</v></c></row>')),
        ],
        ids=["entity", "entity16", "far", "wide", "many", "before", "strings", "styles", "none", "dangling"],
    )
    def test_that_somebody_made_up_are_refused(self, content, monkeypatch):
        monkeypatch.setattr(workbooks, "MOST_CELLS", workbooks.MOST_CELLS // 100)
        with pytest.raises(Invalid):
            workbooks.read(content, 3)

    @pytest.mark.parametrize(
        "content",
        [
            crafted(sheet(ONE, before='<dimension ref="A1:ZZZ1048576"/>')),
            crafted(sheet(ONE, after='<conditionalFormatting sqref="A1"/>' * 20_000)),
            crafted(sheet(f'{ONE}<row r="99999999999999"><c><v>2</v></c></row>')),
        ],
        ids=["claim", "behind", "gap"],
    )
    def test_do_not_keep_anybody_waiting(self, content):
        assert workbooks.read(content, 3) == [["1"]]


class TestPlan:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    async def test_finds_nothing_to_change_in_what_was_exported(self, room, kind):
        quiz = await make_assignment(room, await make_group(room), "=Cell quiz")
        await enter(room, (quiz, room.elif_, "17.5"), (quiz, room.emre, "B+"), (quiz, room.amina, "ex"))
        async with transaction(room.teacher) as session:
            content = await transfer.export(session, room.teacher, room.id, kind)
            found = await transfer.plan(session, room.teacher, room.id, content)
        assert (found.changes, found.problems) == ([], [])

    async def test_says_what_would_change_and_what_cannot(self, room):
        quiz = await make_assignment(room, await make_group(room))
        await enter(room, (quiz, room.elif_, "17"))
        content = b"Student,Cell quiz,Poem\nElif Kaya,18,1\nEmre Kaya,much,1\nNobody,3,1\nAmina Haddad,,1\n"
        async with transaction(room.teacher) as session:
            found = await transfer.plan(session, room.teacher, room.id, content)
        assert [(each.student, each.now, each.then) for each in found.changes] == [("Elif Kaya", "17", "18")]
        assert [problem.split(":")[0] for problem in found.problems] == [
            "Column “Poem” is no piece of work of this class.",
            "Row 4",
            "Row 3, “Cell quiz”",
        ]

    async def test_is_not_for_the_aide(self, room):
        with pytest.raises(NotPermitted):
            async with transaction(room.cast.aide) as session:
                await transfer.plan(session, room.cast.aide, room.id, b"Student\nElif")


class TestApply:
    async def test_refuses_what_changed_since_it_was_shown(self, room):
        quiz = await make_assignment(room, await make_group(room))
        content = b"Student,Cell quiz\nElif Kaya,18\nEmre Kaya,12\n"
        async with transaction(room.teacher) as session:
            shown = await transfer.plan(session, room.teacher, room.id, content)
        await enter(room, (quiz, room.elif_, "3"))
        async with transaction(room.teacher) as session:
            _, entered = await transfer.apply(session, room.teacher, room.id, content, shown.since, "Import")
        assert [type(each.why) for each in entered.refused] == [ledger.Stale]
        assert (await mark_of(room, quiz, room.elif_)).score == 3
        assert (await mark_of(room, quiz, room.emre)).score == 12


class TestSince:
    async def test_says_what_is_another(self, room):
        group = await make_group(room, drop_lowest=1)
        quiz, second = await make_assignment(room, group), await make_assignment(room, group, "Genetics quiz")
        await enter(room, (quiz, room.elif_, "17"))
        moment = now()
        await enter(room, (second, room.elif_, "19"))
        async with transaction(room.elif_) as session:
            found = await differences.since(session, room.elif_, room.id, room.elif_.user, moment)
        assert (found.before, found.after) == ("85.00", "95.00")
        assert [(line.title, line.note, line.figure) for line in found.lines] == [
            ("Cell quiz", "counts → dropped", "17"),
            ("Genetics quiz", "does not count → counts", "— → 19"),
        ]

    async def test_asks_for_a_moment_that_has_passed(self, room):
        later = now() + timedelta(days=1)
        with pytest.raises(Invalid):
            async with transaction(room.teacher) as session:
                await differences.since(session, room.teacher, room.id, room.elif_.user, later)
