"""What a teacher says of a piece of work: its form, other dates for some, and teams."""

import random
from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.service import sections
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.models import SubmissionType
from faraday_app.coursework.service import assignments, groups, overrides, reading, teams
from faraday_app.coursework.service.dates import Dates
from faraday_app.coursework.service.drafts import AssignmentDraft, draft_of
from faraday_app.coursework.service.submissions import reading as handed
from faraday_app.coursework.words import (
    due_words,
    joined,
    number_of,
    number_words,
    whole_of,
)
from faraday_app.coursework.work_views import OverrideView
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import field_text, moment_of, short

WHEN = ("due_at", "available_from", "available_until")


class SettingsState(rx.State):
    """``form`` are the values of its fields as text, ``checks`` which boxes are ticked; ``edition`` makes them anew."""

    id: str = ""
    form: dict[str, str] = {}
    checks: dict[str, bool] = {}
    groups: list[tuple[str, str]] = []
    overrides: list[OverrideView] = []
    teams: list[OverrideView] = []
    edition: int = 0
    dirty: bool = False
    busy: bool = False
    problem: str = ""

    _version: int = 0
    _group_work: bool = False

    @rx.event
    @allow(Permission.coursework_manage)
    async def open_for(self, assignment_id: str, anew: bool = False) -> None:
        """What is being changed is left alone, unless it is opened ``anew``: a conflict is told when it is saved."""
        if self.dirty and self.id == str(assignment_id) and not anew:
            return
        self.id = str(parse_id(assignment_id))
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def touch(self) -> None:
        self.dirty = True

    @rx.event
    @allow(Permission.coursework_manage)
    async def discard(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        """On a refusal the form stays, with what was written in it."""
        zone = (await self.get_state(Viewer)).zone
        try:
            draft = drafted(form, zone)
            async with acting(self) as (session, actor):
                await assignments.change(session, actor, parse_id(self.id), self._version, draft)
        except FaradayError as error:
            self.problem = error.message
            return None
        await self._load()
        return ui.notify("Saved.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def propose(self, title: str, description: str, points: str) -> None:
        """Put a proposal into the form; nothing is saved before its teacher saves it."""
        self.form = {**self.form, "title": str(title)[:200], "description": str(description)[:50_000],
                     "points": str(points)[:20]}  # fmt: skip
        self.edition, self.dirty = self.edition + 1, True

    @rx.event
    @allow(Permission.coursework_manage)
    async def remove_dates(self, override_id: str) -> Any:
        async with acting(self) as (session, actor):
            await overrides.remove(session, actor, parse_id(self.id), parse_id(override_id))
        await self._load_lists()
        return ui.notify("The class's dates are theirs again.")

    @rx.event
    @allow(Permission.coursework_manage)
    async def make_teams(self, form: dict[str, Any]) -> Any:
        """Of so many students each, drawn by lot."""
        try:
            size = whole_of(form.get("team_size"), "team_size", "how many are in a team") or 0
            if not 2 <= size <= 20:
                raise Invalid("A team has 2 to 20 students.", field="team_size")
            async with acting(self) as (session, actor):
                students = [each.student_id for each in await handed.roll(session, actor, parse_id(self.id))]
                random.shuffle(students)
                count = max(1, len(students) // size)
                drawn = {f"Team {place + 1}": students[place::count] for place in range(count)}
                await teams.put(session, actor, parse_id(self.id), drawn)
        except FaradayError as error:
            self.problem = error.message
            return None
        await self._load_lists()
        return ui.notify("The teams are made.")

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            seen = await _taught(session, actor, self.id)
            found = await groups.of_class(session, seen.work.class_id)
        self.groups = [(str(each.id), each.name) for each in found]
        self._show(draft_of(seen.work), zone)
        self._version, self._group_work = seen.work.version, seen.work.group_work
        self.problem, self.dirty, self.edition = "", False, self.edition + 1
        await self._load_lists()

    async def _load_lists(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            self.overrides = await _overrides(session, actor, self.id, zone)
            self.teams = await _teams(session, actor, self.id) if self._group_work else []

    def _show(self, draft: AssignmentDraft, zone: str) -> None:
        self.form = {
            "title": draft.title,
            "description": draft.description,
            "group_id": str(draft.group_id),
            "points": number_words(draft.points),
            "grading_type": draft.grading_type,
            "file_kinds": ", ".join(draft.file_kinds),
            "external_url": draft.external_url,
            "attempts": str(draft.attempts or ""),
            "peer_reviews": str(draft.peer_reviews),
            **{name: field_text(getattr(draft, name), zone) for name in WHEN},
        }
        self.checks = {
            **{f"by_{each}": each in draft.submission_types for each in SubmissionType},
            **{name: getattr(draft, name) for name in ("for_everyone", "group_work", "anonymous", "omitted")},
        }


@passing
class DatesState(rx.State):
    """Other dates for a section or a student, in a dialog."""

    open: bool = False
    targets: list[tuple[str, str]] = []
    problem: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def begin(self) -> None:
        id = (await self.get_state(SettingsState)).id
        async with acting(self) as (session, actor):
            seen = await _taught(session, actor, id)
            parts = await sections.listed(session, actor, seen.work.class_id)
            students = await handed.enrolled(session, seen.work.class_id)
        self.targets = [
            *((f"section {each.id}", f"Section {each.name}") for each in parts),
            *((f"student {student_id}", name) for student_id, name in students),
        ][:100]
        self.problem, self.open = "", True

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.coursework_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        settings, zone = await self.get_state(SettingsState), (await self.get_state(Viewer)).zone
        kind, _, target = str(form.get("target", "")).partition(" ")
        try:
            dates = Dates(*(moment_of(form.get(f"other_{name}"), zone, name) for name in WHEN))
            put = overrides.for_section if kind == "section" else overrides.for_student
            async with acting(self) as (session, actor):
                await put(session, actor, parse_id(settings.id), parse_id(target), dates)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        await settings._load_lists()
        return ui.notify("Saved.")


def drafted(form: dict[str, Any], zone: str) -> AssignmentDraft:
    """What the form says; Invalid for what is no number and no time."""

    def ticked(name: str) -> bool:
        return bool(form.get(name))

    due, begins, until = (moment_of(form.get(name), zone, name) for name in WHEN)
    return AssignmentDraft(
        str(form.get("title", "")),
        parse_id(form.get("group_id")),
        str(form.get("description", "")),
        number_of(form.get("points"), "points", "the points"),
        str(form.get("grading_type") or "points"),
        tuple(each for each in SubmissionType if ticked(f"by_{each}")),
        tuple(str(form.get("file_kinds") or "").replace(",", " ").split()),
        str(form.get("external_url") or ""),
        ticked("for_everyone"),
        due,
        begins,
        until,
        whole_of(form.get("attempts"), "attempts", "the attempts"),
        ticked("group_work"),
        whole_of(form.get("peer_reviews"), "peer_reviews", "how many reviews there are") or 0,
        ticked("anonymous"),
        ticked("omitted"),
    )


async def _taught(session: AsyncSession, actor: Actor, assignment_id: str) -> reading.Seen:
    """For its teachers alone: a parent in this class may be a teacher in another."""
    seen = await reading.get(session, actor, parse_id(assignment_id))
    seen.standing.must_grade()
    return seen


async def _overrides(session: AsyncSession, actor: Actor, assignment_id: str, zone: str) -> list[OverrideView]:
    found = await overrides.of_assignment(session, actor, parse_id(assignment_id))
    work = (await reading.get(session, actor, parse_id(assignment_id))).work
    names = dict(await handed.enrolled(session, work.class_id))
    parts = {each.id: f"Section {each.name}" for each in await sections.listed(session, actor, work.class_id)}
    return [
        OverrideView(
            str(each.id),
            names.get(each.student_id, "A student who left") if each.student_id else parts.get(each.section_id, ""),
            joined(
                due_words(each.due_at, zone),
                f"opens {short(each.available_from, zone)}" if each.available_from else "",
                f"closes {short(each.available_until, zone)}" if each.available_until else "",
            ),
        )
        for each in found[:100]
    ]


async def _teams(session: AsyncSession, actor: Actor, assignment_id: str) -> list[OverrideView]:
    rows = await handed.roll(session, actor, parse_id(assignment_id))
    members: dict[str, list[str]] = {}
    for each in rows:
        members.setdefault(each.team or "In no team", []).append(each.name)
    return [OverrideView(name, name, ", ".join(who)) for name, who in sorted(members.items())]
