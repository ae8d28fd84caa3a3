"""Terms and grading periods."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlmodel import col

from faraday_app.classes.service import classes, periods, terms
from faraday_app.classes.service.classes import ClassDraft
from faraday_app.classes.service.periods import PeriodDraft
from faraday_app.classes.service.terms import TermDraft
from faraday_app.classes.state.terms import TermEditorState, TermsState
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted
from faraday_app.security.models import AuditEvent
from tests.factories.tabs import open_at

AUTUMN = TermDraft("Autumn term", date(2026, 9, 1), date(2027, 1, 29))
FIRST = PeriodDraft("First quarter", date(2026, 9, 1), date(2026, 11, 6), Decimal(50))


async def _do(actor, act, *values):
    async with transaction(actor) as session:
        return await act(session, actor, *values)


@pytest.fixture
async def autumn(cast):
    return await _do(cast.administrator, terms.make, AUTUMN)


class TestMakeTerm:
    @pytest.mark.parametrize(
        ("draft", "error"),
        [
            (TermDraft(" autumn  TERM", AUTUMN.starts_on, AUTUMN.ends_on), Conflict),
            (TermDraft("", AUTUMN.starts_on, AUTUMN.ends_on), Invalid),
            (TermDraft("x" * 81, AUTUMN.starts_on, AUTUMN.ends_on), Invalid),
            (TermDraft("Backwards", AUTUMN.ends_on, AUTUMN.starts_on), Invalid),
            (TermDraft("Endless", date(2000, 1, 1), date(2030, 1, 1)), Invalid),
        ],
    )
    async def test_refuses_what_is_no_term(self, cast, autumn, draft, error):
        with pytest.raises(error):
            await _do(cast.administrator, terms.make, draft)

    async def test_is_the_administrators_alone(self, cast):
        for actor in (cast.teacher, cast.head, cast.aide, cast.student, cast.parent):
            with pytest.raises(NotPermitted):
                await _do(actor, terms.make, AUTUMN)

    async def test_is_known_to_everybody_here_and_nobody_elsewhere(self, cast, autumn):
        for actor in (cast.teacher, cast.student, cast.parent):
            assert [each.id for each in await _do(actor, terms.listed)] == [autumn.id]
        assert await _do(cast.stranger, terms.listed) == []
        with pytest.raises(NotFound):
            await _do(cast.stranger, terms.change, autumn.id, 1, AUTUMN)


class TestChangeTerm:
    async def test_refuses_an_old_version(self, cast, autumn):
        later = TermDraft("Autumn term", AUTUMN.starts_on, date(2027, 2, 5))
        assert (await _do(cast.administrator, terms.change, autumn.id, 1, later)).version == 2
        with pytest.raises(Conflict):
            await _do(cast.administrator, terms.change, autumn.id, 1, AUTUMN)

    async def test_keeps_its_periods_within_it(self, cast, autumn):
        await _do(cast.administrator, periods.add, autumn.id, FIRST)
        short = TermDraft("Autumn term", date(2026, 9, 2), AUTUMN.ends_on)
        with pytest.raises(Invalid, match="First quarter"):
            await _do(cast.administrator, terms.change, autumn.id, 1, short)


class TestRemoveTerm:
    async def test_is_refused_while_there_are_classes(self, cast, autumn):
        await _do(cast.teacher, classes.make, ClassDraft(autumn.id, "Biology 9B"))
        with pytest.raises(Conflict, match="1 class,"):
            await _do(cast.administrator, terms.remove, autumn.id)

    async def test_frees_its_name(self, cast, autumn):
        await _do(cast.administrator, terms.remove, autumn.id)
        await _do(cast.administrator, terms.make, AUTUMN)


class TestPeriods:
    @pytest.mark.parametrize(
        ("starts", "ends", "fits"),
        [
            (date(2026, 11, 7), date(2027, 1, 29), True),
            (date(2026, 11, 6), date(2027, 1, 29), False),
            (date(2026, 10, 1), date(2026, 10, 2), False),
            (date(2026, 9, 1), date(2027, 1, 29), False),
            (date(2026, 11, 7), date(2027, 1, 30), False),
        ],
    )
    async def test_neither_overlap_nor_leave_the_term(self, cast, autumn, starts, ends, fits):
        await _do(cast.administrator, periods.add, autumn.id, FIRST)
        draft = PeriodDraft("Second quarter", starts, ends)
        if fits:
            await _do(cast.administrator, periods.add, autumn.id, draft)
        else:
            with pytest.raises(Invalid):
                await _do(cast.administrator, periods.add, autumn.id, draft)

    async def test_may_change_within_themselves(self, cast, autumn):
        made = await _do(cast.administrator, periods.add, autumn.id, FIRST)
        shorter = PeriodDraft("First quarter", date(2026, 9, 7), date(2026, 10, 30), Decimal("33.3333"))
        assert (await _do(cast.administrator, periods.change, made.id, 1, shorter)).weight == Decimal("33.3333")
        with pytest.raises(Conflict):
            await _do(cast.administrator, periods.change, made.id, 1, FIRST)

    async def test_are_left_as_they_are_while_closed(self, cast, autumn):
        made = await _do(cast.administrator, periods.add, autumn.id, FIRST)
        for _ in range(2):
            await _do(cast.administrator, periods.close, made.id)
        for act in (periods.remove, lambda *more: periods.change(*more, 2, FIRST)):
            with pytest.raises(Conflict, match="closed"):
                await _do(cast.administrator, act, made.id)
        await _do(cast.administrator, periods.reopen, made.id)
        await _do(cast.administrator, periods.remove, made.id)
        async with transaction(cast.administrator) as session:
            told = await session.scalars(
                select(col(AuditEvent.action)).where(col(AuditEvent.target_id) == made.id).order_by(col(AuditEvent.id))
            )
        assert list(told) == [f"grading_period.{what}" for what in ("created", "closed", "reopened", "deleted")]

    async def test_are_not_the_teachers_to_close(self, cast, autumn):
        made = await _do(cast.administrator, periods.add, autumn.id, FIRST)
        for act in (periods.close, periods.reopen, periods.remove):
            with pytest.raises(NotPermitted):
                await _do(cast.teacher, act, made.id)


class TestTermsPage:
    async def test_makes_a_term_and_a_period_that_begins_where_the_last_ends(self, cast):
        page = await open_at(cast.administrator, TermsState, "/terms")
        editor = await page.get_state(TermEditorState)
        await TermEditorState.new_term.fn(editor)
        form = {"term_name": "Autumn term", "term_starts": "2026-09-01", "term_ends": ""}
        await TermEditorState.save.fn(editor, form)
        assert editor.error == "Choose the first and the last day."
        await TermEditorState.save.fn(editor, {**form, "term_ends": "2027-01-29"})
        await TermsState.refresh.fn(page)
        await TermEditorState.new_period.fn(editor, page.rows[0].id)
        assert (editor.starts, editor.ends) == ("2026-09-01", "2027-01-29")
        days = {"term_starts": editor.starts, "term_ends": "2026-11-06"}
        await TermEditorState.save.fn(editor, {"term_name": "First", "period_weight": "62,5 %", **days})
        await TermEditorState.new_period.fn(editor, page.rows[0].id)
        assert editor.starts == "2026-11-07"
        await TermsState.refresh.fn(page)
        [period] = page.rows[0].periods
        assert (period.weight, period.closed) == ("62.5 %", "")
        await TermsState.close_period.fn(page, period.id)
        await TermsState.refresh.fn(page)
        assert page.rows[0].periods[0].closed.startswith("closed ")
