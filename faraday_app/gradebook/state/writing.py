"""What a marker writes on the grading screen, and how it becomes a grade."""

from dataclasses import replace

import reflex as rx

from faraday_app import ui
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service import drafting
from faraday_app.coursework.service.assessing import Held, Moved, marking
from faraday_app.coursework.service.rubrics import Mark, Plan
from faraday_app.gradebook.marking_views import Shown, criterion_views, number
from faraday_app.gradebook.service import ledger
from faraday_app.gradebook.service.marking import Regraded, Saved, Saving, choose, parsed_score, save
from faraday_app.ui.guard import acting, allow

GONE = "The student on your screen has changed. Nothing was saved; what you wrote for the other one is kept as a draft."
LONGEST_NUMBER = 20


class Writing(rx.State, mixin=True):
    """For the state of the screen: it knows the plan, and whose work a key names."""

    on: Shown = Shown()
    needs_reason: bool = False
    clash: str = ""
    clash_mine: str = ""
    clash_theirs: str = ""

    @rx.event
    @allow(Permission.gradebook_manage)
    async def choose_level(self, key: str, criterion_id: str, place: int):
        """A level of a criterion; the one that is chosen already is taken back."""
        mark = await self._mark(key, criterion_id)
        wanted = place if isinstance(place, int) else -1
        await self._write(key, criterion_id, Mark(None if mark.rating == wanted else wanted, None, mark.remark))

    @rx.event
    @allow(Permission.gradebook_manage)
    async def write_points(self, key: str, criterion_id: str, typed: str):
        mark = await self._mark(key, criterion_id)
        points = parsed_score(str(typed)[:LONGEST_NUMBER])
        if points != mark.points:
            rating = None if points is None else mark.rating
            await self._write(key, criterion_id, Mark(rating, points, mark.remark))

    @rx.event
    @allow(Permission.gradebook_manage)
    async def write_remark(self, key: str, criterion_id: str, typed: str):
        mark = await self._mark(key, criterion_id)
        if mark.remark != str(typed).strip():
            await self._write(key, criterion_id, replace(mark, remark=str(typed)))

    @rx.event
    @allow(Permission.gradebook_manage)
    async def write_score(self, key: str, typed: str):
        """The grade where it is not what the rubric comes to. Kept at once, given when it is saved."""
        wanted = parsed_score(str(typed)[:LONGEST_NUMBER])
        async with acting(self) as (session, actor):
            plan, meant = await self._plan(session, actor), self._meant(key)
            before = await marking.held(session, actor, plan, meant)
            if before.sheet.score != wanted:
                self._put_sheet(key, plan, await marking.write_score(session, actor, plan, meant, wanted))

    @rx.event
    @allow(Permission.gradebook_manage)
    async def save(self, key: str, grade_version: int):
        """Give the marks of the work that the page showed, against the grade that it showed."""
        return await self._save(key, grade_version if isinstance(grade_version, int) else 0, "")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def save_because(self, key: str, grade_version: int, form: dict):
        """The same for a grade that was posted already: with the reason."""
        version = grade_version if isinstance(grade_version, int) else 0
        return await self._save(key, version, str(form.get("reason", "")))

    @rx.event
    @allow(Permission.gradebook_manage)
    async def save_over(self, key: str):
        """After both values were shown: the marker's own in place of the colleague's."""
        return await self._save(key, self.on.grade_version, "Graded again after a colleague")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def leave_theirs(self):
        self.clash = ""

    @rx.event
    @allow(Permission.gradebook_manage)
    async def stand_by(self, key: str, assessment_id: str):
        """The moderator's choice among the marks that were given."""
        self._must_show(key)
        async with acting(self) as (session, actor):
            work = parse_id(self.assignment_id)
            saving = Saving(work, self._meant(key), self.on.grade_version, "Moderated")
            await choose(session, actor, parse_id(assessment_id), saving)
        return [ui.notify("This is what stands now."), type(self).refresh]

    async def _save(self, key: str, version: int, reason: str):
        self._must_show(key)
        try:
            async with acting(self) as (session, actor):
                saving = Saving(parse_id(self.assignment_id), self._meant(key), version, reason)
                saved = await save(session, actor, saving)
                await drafting.settle(session, actor, await self._plan(session, actor), saved.held)
        except Regraded as refusal:
            self.clash = refusal.message
            self.clash_mine, self.clash_theirs = number(refusal.mine) or "—", ledger.said(refusal.theirs)
            self.on = replace(self.on, grade=self.clash_theirs, grade_version=refusal.theirs.version)
            return None
        except ledger.ReasonNeeded as refusal:
            self.needs_reason = True
            return ui.notify(refusal.message, "info")
        self._put_saved(saved)
        return [ui.notify(self._told(saved)), type(self).refresh]

    def _put_saved(self, saved: Saved) -> None:
        self.clash, self.needs_reason = "", False
        self.on = replace(self.on, on_the_way=False)
        if saved.mark:
            posted = saved.mark.posted_at is not None
            grade = ledger.said(saved.mark)
            self.on = replace(self.on, grade=grade, grade_version=saved.mark.version, posted=posted)

    def _told(self, saved: Saved) -> str:
        first = "Saved as your marks; the moderator decides." if self.moderated and saved.mark is None else "Saved."
        if not saved.unmarked:
            return first
        return f"{first} {saved.unmarked} {'criterion is' if saved.unmarked == 1 else 'criteria are'} not marked."

    def _must_show(self, key: str) -> None:
        if not key or key != self.on.key:
            raise Moved(GONE)

    async def _mark(self, key: str, criterion_id: str) -> Mark:
        async with acting(self) as (session, actor):
            held = await marking.held(session, actor, await self._plan(session, actor), self._meant(key))
        return held.sheet.marks.get(str(criterion_id), Mark())

    async def _write(self, key: str, criterion_id: str, mark: Mark) -> None:
        async with acting(self) as (session, actor):
            plan = await self._plan(session, actor)
            held = await marking.write_mark(session, actor, plan, self._meant(key), str(criterion_id), mark)
            draft = await drafting.newest(session, actor, plan, held.meant)
            self._put_sheet(key, plan, held, draft)

    def _put_sheet(self, key: str, plan: Plan, held: Held, draft: drafting.Draft | None = None) -> None:
        """On the screen, if it is still that work."""
        if key != self.on.key:
            return
        criteria = plan.rubric.criteria if plan.rubric else ()
        self.on = replace(
            self.on,
            score=number(held.sheet.score),
            comes_to=number(marking.comes_to(plan, held.sheet)),
            on_the_way=held.is_on_the_way,
            criteria=criterion_views(criteria, held.sheet, draft) if draft or criteria else [],
        )
