"""The work of one class: its groups, their order, and what a teacher does with each piece."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.classes.service.heading import heading_of
from faraday_app.classes.views import NO_CLASS, ClassHead
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.coursework.models import AssignmentGroup
from faraday_app.coursework.service import assignments, groups, ordering, overview, publishing, reading
from faraday_app.coursework.service.drafts import AssignmentDraft
from faraday_app.coursework.service.groups import GroupDraft
from faraday_app.coursework.service.submissions import finding
from faraday_app.coursework.service.submissions.standing import timeliness
from faraday_app.coursework.views import taught_row
from faraday_app.coursework.words import due_words, group_words, joined, number_of, number_words, whole_of, worth
from faraday_app.coursework.work_views import NO_GROUP, STATE_TONES, STATE_WORDS, GroupView, WorkRow
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing


class ClassWorkState(rx.State):
    head: ClassHead = NO_CLASS
    groups: list[GroupView] = []
    loaded: bool = False
    error: str = ""

    _id: str = ""

    @rx.event
    @allow(Permission.coursework_read)
    async def enter(self) -> Any:
        self.reset()
        self._id = str(self.router.url.query_parameters.get("id", ""))[:40]
        await self._load()
        if self.head.id:
            async with acting(self) as (_, actor):
                topics = {topic(kind, self.head.id): ClassWorkState.refresh for kind in ("coursework", "class")}
                await live.watch(self, "page.class-work", topics, actor.user, most_often=0.5)

    @rx.event
    @allow(Permission.coursework_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def move(self, assignment_id: str, by: int) -> None:
        """A place up or down in its group."""
        async with acting(self) as (session, actor):
            await ordering.move(session, actor, parse_id(assignment_id), 1 if int(by) > 0 else -1)
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def move_group(self, group_id: str, by: int) -> None:
        ids = [each.id for each in self.groups]
        if str(group_id) not in ids:
            return
        at = ids.index(str(group_id))
        ids.insert(max(0, min(len(ids) - 1, at + (1 if int(by) > 0 else -1))), ids.pop(at))
        async with acting(self) as (session, actor):
            await groups.order(session, actor, parse_id(self._id), [UUID(id) for id in ids])
        await self._load()

    @rx.event
    @allow(Permission.coursework_manage)
    async def act(self, what: str, assignment_id: str) -> Any:
        """Publish, close, reopen or duplicate it."""
        acts = {
            "publish": (publishing.publish, "Published. Students see it now."),
            "close": (publishing.close, "Closed. Nothing can be handed in any more."),
            "reopen": (publishing.reopen, "Open again, with no end."),
            "duplicate": (assignments.duplicate, "Copied as a draft, at the end of the group."),
        }
        if what not in acts:
            raise Invalid("This cannot be done with an assignment.")
        act, told = acts[what]
        async with acting(self) as (session, actor):
            await act(session, actor, parse_id(assignment_id))
        await self._load()
        return ui.notify(told)

    @rx.event
    @allow(Permission.coursework_manage)
    async def remove(self, assignment_id: str) -> Any:
        async with acting(self) as (session, actor):
            await assignments.delete(session, actor, parse_id(assignment_id))
        await self._load()
        return [RemovedState.offer(str(parse_id(assignment_id)))]

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                found = await reading.of_class(session, actor, parse_id(self._id))
                self.head = await heading_of(session, actor, found.standing)
                if found.standing.is_staff:
                    rows = await self._of_staff(session, found, zone)
                else:
                    rows = await self._of_others(session, found, zone)
        except FaradayError as error:
            self.error, self.loaded, self.head = error.message, True, NO_CLASS
            return
        views = [_group(each, rows.get(each.id, [])) for each in found.groups]
        self.groups = [each for each in views if each.rows or found.standing.is_staff]
        self.error, self.loaded = "", True

    async def _of_staff(self, session: Any, found: reading.ClassWork, zone: str) -> dict[UUID, list[WorkRow]]:
        counts = await overview.counted(session, found.work)
        rows: dict[UUID, list[WorkRow]] = {}
        for work in found.work[: overview.MOST]:
            rows.setdefault(work.group_id, []).append(taught_row(work, *counts[work.id], zone))
        return rows

    async def _of_others(self, session: Any, found: reading.ClassWork, zone: str) -> dict[UUID, list[WorkRow]]:
        """As it stands for the one of theirs whom it is for; with several children, for each of them."""
        latest = await finding.latest(session, [work.id for work in found.work])
        rows: dict[UUID, list[WorkRow]] = {}
        for work in found.work[: overview.MOST]:
            for student in sorted(found.standing.enrolled):
                if (dates := found.dates.of(work.id, student)) is None:
                    continue
                handed = latest.get((work.id, student))
                state = timeliness(
                    handed.submitted_at if handed else None, dates.due_at, now(), types=work.submission_types
                )
                about = joined(due_words(dates.due_at, zone), worth(work))
                row = WorkRow(str(work.id), work.title, "", about, STATE_WORDS[state], STATE_TONES[state])
                rows.setdefault(work.group_id, []).append(row)
                break
        return rows


def _group(group: AssignmentGroup, rows: list[WorkRow]) -> GroupView:
    return GroupView(
        str(group.id),
        group.name,
        group_words(group),
        rows,
        number_words(group.weight),
        str(group.drop_lowest),
        str(group.drop_highest),
        group.drop_by,
        group.aggregate,
        group.version,
    )


@passing
class RemovedState(rx.State):
    """What was removed just now, and can be brought back."""

    id: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def offer(self, assignment_id: str) -> None:
        self.id = str(parse_id(assignment_id))

    @rx.event
    @allow(Permission.coursework_manage)
    async def undo(self) -> Any:
        async with acting(self) as (session, actor):
            await assignments.restore(session, actor, parse_id(self.id))
        self.id = ""
        return [ClassWorkState.refresh, ui.notify("Back where it was.")]

    @rx.event
    @allow(Permission.coursework_manage)
    async def close(self) -> None:
        self.id = ""


@passing
class GroupFormState(rx.State):
    """A group's name and rules, in a dialog."""

    open: bool = False
    group: GroupView = NO_GROUP
    problem: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def begin(self, group_id: str = "") -> None:
        known = (await self.get_state(ClassWorkState)).groups
        self.group = next((each for each in known if each.id == str(group_id)), NO_GROUP)
        self.problem, self.open = "", True

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.coursework_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        class_id = (await self.get_state(ClassWorkState))._id
        try:
            async with acting(self) as (session, actor):
                if self.group.id:
                    id, version = parse_id(self.group.id), self.group.version
                    kept = await session.get_one(AssignmentGroup, id)
                    await groups.change(session, actor, id, version, _draft(form, tuple(kept.never_drop)))
                else:
                    await groups.make(session, actor, parse_id(class_id), _draft(form))
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        return [ClassWorkState.refresh, ui.notify("Saved.")]

    @rx.event
    @allow(Permission.coursework_manage)
    async def remove(self) -> Any:
        try:
            async with acting(self) as (session, actor):
                await groups.delete(session, actor, parse_id(self.group.id))
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        return [ClassWorkState.refresh, ui.notify("The group is gone.")]


@passing
class NewWorkState(rx.State):
    """A new piece of work: its title and group, the rest on its own page."""

    open: bool = False
    group_id: str = ""
    groups: list[tuple[str, str]] = []
    problem: str = ""

    @rx.event
    @allow(Permission.coursework_manage)
    async def begin(self, group_id: str = "") -> None:
        known = (await self.get_state(ClassWorkState)).groups
        self.groups, self.group_id = [(each.id, each.name) for each in known], str(group_id)[:40]
        self.problem, self.open = "", True

    @rx.event
    @allow(Permission.coursework_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.coursework_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        class_id = parse_id((await self.get_state(ClassWorkState))._id)
        try:
            async with acting(self) as (session, actor):
                if not (group_id := str(form.get("work_group") or "")):
                    group_id = str((await groups.make(session, actor, class_id, GroupDraft("Assignments"))).id)
                draft = AssignmentDraft(str(form.get("work_title", "")), parse_id(group_id))
                work = await assignments.make(session, actor, class_id, draft)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.open = False
        return rx.redirect(f"/assignment?id={work.id}")


def _draft(form: dict[str, Any], never_drop: tuple[UUID, ...] = ()) -> GroupDraft:
    return GroupDraft(
        str(form.get("group_name", "")),
        number_of(form.get("group_weight"), "weight", "the weight"),
        whole_of(form.get("drop_lowest"), "drop_lowest", "how many are dropped") or 0,
        whole_of(form.get("drop_highest"), "drop_highest", "how many are dropped") or 0,
        never_drop,
        str(form.get("drop_by") or "best_total"),
        str(form.get("aggregate") or "sum"),
    )
