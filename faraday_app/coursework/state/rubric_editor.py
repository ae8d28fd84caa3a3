"""A rubric being written: nothing is kept before it is saved."""

from dataclasses import replace

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.rubric_views import CriterionForm, LevelForm, criteria_of, forms_of, reachable
from faraday_app.coursework.service.rubrics import RubricDraft, keeping
from faraday_app.coursework.service.rubrics.criteria import MOST_CRITERIA, MOST_RATINGS
from faraday_app.ui.guard import acting, allow

TEXTS = frozenset({"title", "details", "points"})
FLAGS = frozenset({"scored", "ranged"})
LEVEL_TEXTS = frozenset({"title", "points", "text"})
LONGEST = 2_001
NEW = [
    CriterionForm(
        "c0", levels=[LevelForm("c0l0", "Strong", "4"), LevelForm("c0l1", "Fair", "2"), LevelForm("c0l2", "Weak", "0")]
    )
]


class RubricEditorState(rx.State):
    """``copies``: it is another's, and saving makes one's own of it. ``uses``: assignments that go by it."""

    id: str = ""
    version: int = 0
    title: str = ""
    shared: bool = False
    criteria: list[CriterionForm] = []
    total: str = ""
    uses: int = 0
    locked: bool = False
    copies: bool = False
    dirty: bool = False
    problem: str = ""
    gone: str = ""

    _next: int = 100

    @rx.event
    @allow(Permission.coursework_manage)
    async def enter(self):
        """The rubric in the address; without one, a new one."""
        self.reset()
        wanted = str(self.router.url.query_parameters.get("id", ""))
        if not wanted:
            self.criteria = NEW
            self.total = reachable(NEW)
            return
        try:
            async with acting(self) as (session, actor):
                found = await keeping.get(session, actor, parse_id(wanted))
                self.copies = not keeping.owns(actor, found.rubric)
        except NotFound as refusal:
            self.gone = refusal.message
            return
        self._show(found)

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_title(self, text: str):
        self.title, self.dirty = str(text)[:LONGEST], True

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_shared(self, shared: bool):
        self.shared, self.dirty = bool(shared), True

    @rx.event
    @allow(Permission.coursework_manage)
    async def write(self, key: str, name: str, value: str):
        if name in TEXTS:
            self._change(key, **{name: str(value)[:LONGEST]})

    @rx.event
    @allow(Permission.coursework_manage)
    async def turn(self, key: str, name: str, on: bool):
        if name in FLAGS:
            self._change(key, **{name: bool(on)})

    @rx.event
    @allow(Permission.coursework_manage)
    async def write_level(self, key: str, level_key: str, name: str, value: str):
        if name not in LEVEL_TEXTS:
            return
        for each in self.criteria:
            if each.key == key:
                levels = [
                    replace(level, **{name: str(value)[:LONGEST]}) if level.key == level_key else level
                    for level in each.levels
                ]
                self._change(key, levels=levels)

    @rx.event
    @allow(Permission.coursework_manage)
    async def add_level(self, key: str):
        for each in self.criteria:
            if each.key == key and len(each.levels) < MOST_RATINGS:
                added = [LevelForm(self._key())] if each.levels else [LevelForm(self._key()), LevelForm(self._key())]
                self._change(key, levels=[*each.levels, *added])

    @rx.event
    @allow(Permission.coursework_manage)
    async def remove_level(self, key: str, level_key: str):
        """Of two levels both go: one alone says nothing, and points are given freely then."""
        for each in self.criteria:
            if each.key == key:
                left = [level for level in each.levels if level.key != level_key]
                self._change(key, levels=left if len(left) > 1 else [])

    @rx.event
    @allow(Permission.coursework_manage)
    async def add_criterion(self):
        if len(self.criteria) < MOST_CRITERIA:
            levels = [LevelForm(self._key(), name, points) for name, points in (("Strong", "4"), ("Weak", "0"))]
            self._put([*self.criteria, CriterionForm(self._key(), levels=levels)])

    @rx.event
    @allow(Permission.coursework_manage)
    async def remove_criterion(self, key: str):
        self._put([each for each in self.criteria if each.key != key])

    @rx.event
    @allow(Permission.coursework_manage)
    async def move(self, key: str, by: int):
        """Up or down by one."""
        keys = [each.key for each in self.criteria]
        if key not in keys:
            return
        at = keys.index(key)
        to = at + (1 if isinstance(by, int) and by > 0 else -1)
        if 0 <= to < len(keys):
            moved = list(self.criteria)
            moved[at], moved[to] = moved[to], moved[at]
            self._put(moved)

    @rx.event
    @allow(Permission.coursework_manage)
    async def save(self):
        try:
            draft = RubricDraft(self.title, criteria_of(self.criteria), self.shared)
            async with acting(self) as (session, actor):
                if self.id and not self.copies:
                    edited = await keeping.edit(session, actor, parse_id(self.id), self.version, draft)
                    told = _told(edited)
                    found = edited.version
                else:
                    found = await keeping.create(session, actor, draft)
                    told = "Saved."
        except (Invalid, Conflict) as refusal:
            self.problem = refusal.message
            return None
        self._show(found)
        return [ui.notify(told), rx.redirect("/rubrics")]

    def _show(self, found: keeping.Version) -> None:
        rubric = found.rubric
        self.id, self.version, self.title = str(rubric.id), rubric.version, rubric.title
        self.shared = rubric.department_id is not None and not self.copies
        self.criteria = forms_of(found.criteria)
        self.total, self.uses, self.locked = reachable(self.criteria), found.used_in, found.is_locked
        self.dirty, self.problem = False, ""

    def _change(self, key: str, **values: object) -> None:
        self._put([replace(each, **values) if each.key == key else each for each in self.criteria])

    def _put(self, criteria: list[CriterionForm]) -> None:
        self.criteria, self.dirty, self.problem = criteria, True, ""
        self.total = reachable(criteria)

    def _key(self) -> str:
        self._next += 1
        return f"n{self._next}"


def _told(edited: keeping.Edited) -> str:
    if edited.kept:
        who = "1 assignment keeps its" if edited.kept == 1 else f"{edited.kept} assignments keep their"
        return f"Saved for new uses. {who} own."
    return "Saved, also for the assignment that uses it." if edited.moved else "Saved."
