"""Remarks beside the work on the grading screen, the marker's bank of them, and a model's draft."""

from dataclasses import replace

import reflex as rx

from faraday_app import ui
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service import drafting
from faraday_app.coursework.service.assessing import agreeing, bank, comments
from faraday_app.gradebook import marking_views as views
from faraday_app.gradebook.marking_views import AgreementView, BankView, RemarkView
from faraday_app.gradebook.state.marking import MarkingState
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow

MOST_BANK = 30
RECORDING = "marking-recording"


class RemarksState(rx.State):
    """``key`` is the work that the remarks are about; ``quote`` the words of it that are marked just now."""

    key: str = ""
    remarks: list[RemarkView] = []
    written: str = ""
    quote: str = ""
    bank: list[BankView] = []
    looking: str = ""
    rate: str = ""
    agreement: list[AgreementView] = []
    turn: int = 0

    _begins: int = 0

    @rx.event
    @allow(Permission.gradebook_read)
    async def load(self):
        """What was said about the work on the screen."""
        screen = await self.get_state(MarkingState)
        if not screen.on.key:
            self.remarks, self.key = [], ""
            return
        if self.key != screen.on.key:
            self.written, self.quote, self.turn = "", "", self.turn + 1
        self.key = screen.on.key
        zone = await screen._zone()
        async with acting(self) as (session, actor):
            plan, meant = await screen._plan(session, actor), screen._meant(self.key)
            found = await comments.about(session, plan, meant.student_id)
            address = f"/api/v1/assignments/{plan.work.id}/recordings/{{id}}"
            self.remarks = views.remark_views(found, meant.attempt, actor.user, zone, address)
            self.bank = [BankView(str(each.id), each.text) for each in await bank.listed(session, actor, self.looking)]
            self.bank = self.bank[:MOST_BANK]
            self.rate = _said(await drafting.rate(session, actor))
            may = plan.standing.grades and (not plan.moderated or plan.moderates(actor)) and plan.rubric is not None
            figures = await agreeing.figures(session, actor, plan) if may else []
            self.agreement = [views.agreement_view(each) for each in figures if each.figures]

    @rx.event
    @allow(Permission.gradebook_read)
    async def hear(self, words: str):
        """The browser says which words are marked (`scripts/marking.js`)."""
        key, _, rest = str(words)[:4_000].partition("\n")
        begins, _, quote = rest.partition("\n")
        if key == self.key and begins.isdecimal():
            self._begins, self.quote = int(begins[:9]), quote[:2_001]

    @rx.event
    @allow(Permission.gradebook_read)
    async def forget_words(self):
        self.quote = ""

    @rx.event
    @allow(Permission.gradebook_read)
    async def say(self, key: str, form: dict):
        """A remark about the work that the page showed, at the marked words where there are any."""
        screen = await self.get_state(MarkingState)
        screen._must_show(key)
        async with acting(self) as (session, actor):
            plan, meant = await screen._plan(session, actor), screen._meant(key)
            text = str(form.get("text", ""))
            await comments.add(session, actor, plan, meant, text, self.quote, self._begins)
            if form.get("keep"):
                await bank.save(session, actor, text)
        self.written, self.quote, self.turn = "", "", self.turn + 1
        return [MarkingState.refresh, RemarksState.load]

    @rx.event
    @allow(Permission.gradebook_read)
    async def remove(self, key: str, comment_id: str):
        screen = await self.get_state(MarkingState)
        screen._must_show(key)
        async with acting(self) as (session, actor):
            await comments.remove(session, actor, await screen._plan(session, actor), parse_id(comment_id))
        return [MarkingState.refresh, RemarksState.load]

    @rx.event
    @allow(Permission.gradebook_read)
    async def use_saved(self, bank_id: str):
        """Put a saved remark into the field, where it can still be changed."""
        async with acting(self) as (session, actor):
            self.written = await bank.use(session, actor, parse_id(bank_id))
        self.turn += 1

    @rx.event
    @allow(Permission.gradebook_read)
    async def forget_saved(self, bank_id: str):
        async with acting(self) as (session, actor):
            await bank.remove(session, actor, parse_id(bank_id))
        return RemarksState.load

    @rx.event
    @allow(Permission.gradebook_read)
    async def look_for(self, text: str):
        self.looking = str(text)[:100]
        return RemarksState.load

    @rx.event
    @allow(Permission.gradebook_read)
    async def send_recording(self, _: str):
        """Have the browser send what was recorded or chosen, about the work on the screen."""
        screen = await self.get_state(MarkingState)
        meant = screen._meant(self.key)
        to = f"/api/v1/assignments/{screen.assignment_id}/recordings?submission={meant.submission_id}"
        return browser.asked("send_file", RECORDING, to, then=RemarksState.spoken)

    @rx.event
    @allow(Permission.gradebook_read)
    async def spoken(self, problem: str):
        """The recording was sent, or could not be."""
        if problem:
            return ui.notify(str(problem)[:300], "error")
        return [MarkingState.refresh, RemarksState.load]

    @rx.event
    @allow(Permission.gradebook_manage)
    async def ask_for_draft(self, key: str):
        """Have a model propose levels. It costs credits, and decides nothing."""
        screen = await self.get_state(MarkingState)
        screen._must_show(key)
        async with acting(self) as (session, actor):
            await drafting.ask(session, actor, await screen._plan(session, actor), screen._meant(key))
        screen.on = replace(screen.on, draft="waiting", draft_told="")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def use_proposal(self, key: str, criterion_id: str):
        screen = await self.get_state(MarkingState)
        screen._must_show(key)
        async with acting(self) as (session, actor):
            plan, meant = await screen._plan(session, actor), screen._meant(key)
            held = await drafting.use(session, actor, plan, meant, str(criterion_id))
            screen._put_sheet(key, plan, held, await drafting.newest(session, actor, plan, meant))
        screen.on = replace(screen.on, turn=screen.on.turn + 1)

    @rx.event
    @allow(Permission.gradebook_manage)
    async def dismiss_proposal(self, key: str, criterion_id: str):
        screen = await self.get_state(MarkingState)
        screen._must_show(key)
        async with acting(self) as (session, actor):
            plan, meant = await screen._plan(session, actor), screen._meant(key)
            await drafting.dismiss(session, actor, plan, meant, str(criterion_id))
        return MarkingState.refresh


def _said(rate: drafting.Rate) -> str:
    if not rate.all:
        return ""
    return (
        f"Of {rate.all} proposals so far you took {rate.accepted / rate.all:.0%} as they were,"
        f" changed {rate.edited / rate.all:.0%} and left {rate.dismissed / rate.all:.0%}."
    )
