"""By what an assignment is marked."""

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.service.rubrics import PlanDraft, listing, using
from faraday_app.ui.guard import acting, allow

MOST = 100


class MarkingPlanState(rx.State):
    """``behind``: the rubric has a newer version than the one that is used here."""

    title: str = ""
    gone: str = ""
    assignment_id: str = ""
    number: int = 0
    rubric: str = ""
    rubrics: list[tuple[str, str]] = []
    fills_grade: bool = True
    moderated: bool = False
    moderator: str = ""
    teachers: list[tuple[str, str]] = []
    behind: bool = False
    problem: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def enter(self):
        """Of the assignment in the address."""
        self.reset()
        try:
            async with acting(self) as (session, actor):
                id = parse_id(self.router.url.query_parameters.get("id", ""))
                plan = await using.plan_to_mark(session, actor, id)
                found = await listing.listed(session, actor, limit=MOST)
                teachers = await using.graders_by_name(session, plan.work.class_id)
        except FaradayError as refusal:
            self.gone = refusal.message
            return
        self.assignment_id, self.number, self.title = str(plan.work.id), plan.number, plan.work.title
        self.rubric = str(plan.rubric.rubric.id) if plan.rubric else ""
        own = [(str(each.rubric.id), each.rubric.title) for each in found]
        here = [(self.rubric, plan.rubric.rubric.title)] if plan.rubric else []
        self.rubrics = list(dict([*own, *here]).items())
        self.behind = plan.rubric is not None and plan.rubric.number < plan.rubric.rubric.number
        self.fills_grade, self.moderated = plan.fills_grade, plan.moderated
        self.moderator = str(plan.moderator_id or "")
        self.teachers = [(str(id), name) for id, name in teachers]

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_moderated(self, moderated: bool):
        self.moderated = bool(moderated)

    @rx.event
    @allow(Permission.coursework_manage)
    async def save(self, form: dict):
        rubric, moderator = str(form.get("rubric", "")), str(form.get("moderator", ""))
        draft = PlanDraft(
            parse_id(rubric) if rubric else None,
            bool(form.get("newest")),
            bool(form.get("fills_grade")),
            bool(form.get("moderated")),
            parse_id(moderator) if moderator and form.get("moderated") else None,
        )
        try:
            async with acting(self) as (session, actor):
                plan = await using.set_plan(session, actor, parse_id(self.assignment_id), self.number, draft)
        except FaradayError as refusal:
            self.problem = refusal.message
            return None
        self.number, self.rubric, self.behind, self.problem = plan.number, rubric, False, ""
        return ui.notify("Saved.")
