"""Who sees the grades of one piece of work, and from when: a dialog at the head of its column."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.gradebook.models import Audience, Posting
from faraday_app.gradebook.posting_views import NO_SHOWING, PartView, ReleaseView, ShowingView, SightView
from faraday_app.gradebook.service import posting, showing, undoing
from faraday_app.gradebook.service.posting import ReleaseChanged, Released
from faraday_app.gradebook.service.showing import Showing, Sight
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import field_text, moment_of, short

Act = Callable[[AsyncSession, Actor, UUID, UUID], Awaitable[UUID | None]]
TITLES = {Audience.student: "Students", Audience.parent: "Parents"}
WAYS = {Posting.automatic: "as soon as they are graded", Posting.manual: "when you post them"}


@passing
class PostingState(rx.State):
    open: bool = False
    showing: ShowingView = NO_SHOWING
    section: str = ""
    problem: str = ""
    can_undo: bool = False
    releases: list[ReleaseView] = []

    _read: dict[str, Released] = {}
    _edition: int = 0
    _class_id: str = ""
    _work_id: str = ""
    _batch: str = ""

    @rx.event
    @allow(Permission.gradebook_manage)
    async def begin(self, class_id: str, work_id: str) -> None:
        self._class_id, self._work_id = str(parse_id(class_id)), str(parse_id(work_id))
        self.problem, self.section, self._batch, self.can_undo = "", "", "", False
        await self._load(anew=list(Audience))
        self.open = True
        async with acting(self) as (_, actor):
            here = {topic("grades", self._class_id): PostingState.refresh}
            await live.watch(self, "page.posting", here, actor.user)

    @rx.event
    @allow(Permission.gradebook_manage)
    async def refresh(self) -> None:
        if self.open:
            await self._load()

    @rx.event
    @allow(Permission.gradebook_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)
        if not self.open:
            await live.leave(self, "page.posting")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def set_section(self, section_id: str) -> None:
        self.section = str(section_id)[:40]

    @rx.event
    @allow(Permission.gradebook_manage)
    async def post(self) -> Any:
        """What is graded of everybody, or of the section that is chosen."""
        section = parse_id(self.section) if self.section else None

        async def act(session: AsyncSession, actor: Actor, class_id: UUID, work_id: UUID) -> UUID | None:
            return await posting.post(session, actor, class_id, [work_id], section)

        return await self._act(act, "Posted.")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def post_for_everyone(self) -> Any:
        return await self._act(showing.post_for_everyone, "Posted; what you grade later is posted at once.")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def hide(self) -> Any:
        return await self._act(showing.hide, "Hidden: only the staff of the class sees these grades.")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def show_to_all(self) -> Any:
        told = "Students and parents see these grades now."
        return await self._act(showing.show_to_all, told, anew=list(Audience))

    @rx.event
    @allow(Permission.gradebook_manage)
    async def take_back(self) -> Any:
        """The last posting or hiding of this dialog; releases stay."""
        batch, self._batch, self.can_undo = parse_id(self._batch), "", False

        async def act(session: AsyncSession, actor: Actor, class_id: UUID, _: UUID) -> UUID | None:
            await undoing.undo(session, actor, class_id, batch)
            return None

        return await self._act(act, "Taken back.")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def set_way(self, way: str) -> Any:
        """How later grades of this work are posted."""
        how = Posting(way) if way in set(Posting) else None

        async def act(session: AsyncSession, actor: Actor, class_id: UUID, work_id: UUID) -> UUID | None:
            await showing.post_by(session, actor, class_id, work_id, how)
            return None

        return await self._act(act, "")

    @rx.event
    @allow(Permission.gradebook_manage)
    async def release(self, form: dict[str, Any]) -> Any:
        """To one audience: when posted, from a moment on, or not until further notice. Where another teacher set it
        meanwhile both are shown, and what was chosen here stays to be set after all."""
        zone = (await self.get_state(Viewer)).zone
        try:
            audience, wanted = _audience(form.get("audience")), _wanted(form, zone)
        except FaradayError as error:
            self.problem = error.message
            return None

        async def act(session: AsyncSession, actor: Actor, class_id: UUID, work_id: UUID) -> UUID | None:
            read = self._read.get(audience.value)
            if wanted.plain:
                await posting.release_when_posted(session, actor, work_id, audience, read)
            else:
                await posting.release(session, actor, work_id, audience, wanted.visible_from, read)
            return None

        try:
            return await self._act(act, "Saved.", anew=[audience])
        except ReleaseChanged as clash:
            await self._load()
            self._read = {**self._read, audience.value: clash.present}
            theirs, mine = _how_words(clash.present, zone), _how_words(wanted, zone)
            self._clash(audience, f"Meanwhile somebody set: {theirs}. You chose: {mine}. That is not saved.")
            return None

    @rx.event
    @allow(Permission.gradebook_manage)
    async def take_theirs(self, audience: str) -> None:
        """What another teacher set meanwhile stays, and stands in the form."""
        await self._load(anew=[_audience(audience)])

    async def _act(self, act: Act, told: str, anew: Sequence[Audience] = ()) -> Any:
        self.problem = ""
        try:
            async with acting(self) as (session, actor):
                batch = await act(session, actor, parse_id(self._class_id), parse_id(self._work_id))
        except ReleaseChanged:
            raise
        except FaradayError as error:
            self.problem = error.message
            return None
        if batch:
            self._batch, self.can_undo = str(batch), True
        await self._load(anew=anew)
        return ui.notify(told) if told else None

    async def _load(self, anew: Sequence[Audience] = ()) -> None:
        """``anew``: whose form, too. Of the others what is chosen stays; they say where it is otherwise by now."""
        zone = (await self.get_state(Viewer)).zone
        async with acting(self) as (session, actor):
            found = await showing.shown(session, actor, parse_id(self._class_id), parse_id(self._work_id))
        self.showing = showing_view(found, zone)
        if anew:
            self._edition += 1
            self._read = {**self._read, **{each.value: found.released[each] for each in anew}}
            new = {each.value: _form(each, found, zone, f"{each.value}-{self._edition}") for each in anew}
            kept = {each.audience: each for each in self.releases}
            self.releases = [{**kept, **new}[each.value] for each in Audience]
        for audience, present in found.released.items():
            if present != self._read[audience.value]:
                self._clash(audience, f"Meanwhile somebody set: {_how_words(present, zone)}.")

    def _clash(self, audience: Audience, words: str) -> None:
        self.releases = [
            replace(each, clash=words) if each.audience == audience.value else each for each in self.releases
        ]


def showing_view(found: Showing, zone: str) -> ShowingView:
    parts = [
        PartView(str(each.id), f"{each.name}: {each.graded - each.posted} to post of {each.graded}")
        for each in found.sections
    ]
    return ShowingView(
        str(found.work.id),
        found.work.title,
        f"{found.graded} of {found.students} graded, {found.posted} posted.",
        found.graded - found.posted,
        found.posted,
        parts,
        found.own.value if found.own else "",
        f"As the class does: {WAYS[found.of_class]}",
        [_sight(audience, sight, found, zone) for audience, sight in found.sights.items()],
    )


def _sight(audience: Audience, sight: Sight, found: Showing, zone: str) -> SightView:
    state, tone = _state(sight, found, zone)
    words = _words(sight, found, zone)
    return SightView(audience.value, TITLES[audience], words, state, tone)


def _form(audience: Audience, found: Showing, zone: str, edition: str) -> ReleaseView:
    sight = found.sights[audience]
    how = "posted" if not sight.held else "from" if sight.begins else "hidden"
    return ReleaseView(audience.value, TITLES[audience], how, field_text(sight.begins, zone), edition)


def _how_words(released: Released, zone: str) -> str:
    if released.plain:
        return "as soon as posted"
    return f"from {short(released.visible_from, zone)}" if released.visible_from else "not until further notice"


def _wanted(form: dict[str, Any], zone: str) -> Released:
    if form.get("how") == "posted":
        return Released()
    begins = None
    if form.get("how") == "from":
        begins = moment_of(form.get("moment"), zone, "moment")
        if begins is None:
            raise Invalid("Say from when on they see it.", "moment")
    return Released(plain=False, visible_from=begins)


def _state(sight: Sight, found: Showing, zone: str) -> tuple[str, str]:
    if not found.work.shown:
        return "not published", "neutral"
    if sight.held:
        return (f"from {short(sight.begins, zone)}", "iris") if sight.begins else ("held back", "amber")
    if sight.now < found.graded or not found.graded:
        return ("some" if sight.now else "nothing yet", "amber" if found.graded else "neutral")
    return "all", "green"


def _words(sight: Sight, found: Showing, zone: str) -> str:
    if not found.work.shown:
        return "They do not see this work before it is published."
    if sight.held:
        until = short(sight.begins, zone) if sight.begins else "further notice"
        return f"See none of these grades until {until}; then what is posted."
    return f"See {sight.now} of {found.graded} grades now." if found.graded else "See a grade as soon as it is posted."


def _audience(value: object) -> Audience:
    if value not in set(Audience):
        raise Invalid("Choose students or parents.", "audience")
    return Audience(str(value))
