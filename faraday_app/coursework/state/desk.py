"""A student's own place at a piece of work: writing, sending files, handing in."""

from typing import Any
from uuid import uuid4

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.errors import Conflict, FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.core.rendering import to_html
from faraday_app.coursework.models import Submission, SubmissionType
from faraday_app.coursework.service.submissions import desk, finding, uploads, writing
from faraday_app.coursework.service.submissions.standing import timeliness
from faraday_app.coursework.words import file_view, joined
from faraday_app.coursework.work_views import STATE_TONES, STATE_WORDS, AttemptView, FileView
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, zone_of
from faraday_app.ui.times import short

FIELD = "work_files"  # where files are chosen


class DeskState(rx.State):
    """``unsaved``: what stands in the text is not kept yet. ``theirs``: what another window or the team wrote."""

    id: str = ""
    text: str = ""
    link: str = ""
    files: list[FileView] = []
    attempts: list[AttemptView] = []
    takes_text: bool = False
    takes_link: bool = False
    takes_files: bool = False
    kinds: str = ""
    refused: str = ""
    left: str = ""
    team: str = ""
    saved: str = ""
    unsaved: bool = False
    clash: bool = False
    theirs: str = ""
    sending: bool = False
    handing: bool = False
    problem: str = ""
    loaded: bool = False

    _version: int = 0
    _key: str = ""

    @rx.event
    @allow(Permission.coursework_submit)
    async def sit_down(self, assignment_id: str) -> Any:
        self.reset()
        self.id, self._key = str(parse_id(assignment_id)), str(uuid4())
        await self._load()
        async with acting(self) as (session, actor):
            found = await desk.sit_down(session, actor, parse_id(self.id))
            topics = {topic("draft", found.team.id if found.team else actor.user): DeskState.refresh}
            await live.watch(self, "page.desk", topics, actor.user, most_often=0.5)

    @rx.event
    @allow(Permission.coursework_submit)
    async def refresh(self) -> None:
        if self.id:
            await self._load()

    @rx.event
    @allow(Permission.coursework_submit)
    async def write(self, text: str) -> None:
        """What is typed is kept at once; in a clash it stays here until it is decided which words count."""
        self.text, self.unsaved = str(text)[: writing.LONGEST], True
        await self._save()

    @rx.event
    @allow(Permission.coursework_submit)
    async def set_link(self, link: str) -> None:
        self.link, self.unsaved = str(link)[:2_000], True
        await self._save()

    @rx.event
    @allow(Permission.coursework_submit)
    async def keep_mine(self) -> None:
        """In place of what the other window wrote."""
        async with acting(self) as (session, actor):
            found = await desk.sit_down(session, actor, parse_id(self.id))
            self._version = found.draft.version if found.draft else desk.NOTHING_WRITTEN
        self.clash = False
        await self._save()

    @rx.event
    @allow(Permission.coursework_submit)
    async def take_theirs(self) -> None:
        self.clash = self.unsaved = False
        await self._load()

    @rx.event
    @allow(Permission.coursework_submit)
    async def send(self) -> Any:
        """Have the browser send the chosen files over HTTP, in pieces."""
        self.sending, self.problem = True, ""
        return browser.asked("send_in_pieces", FIELD, f"/api/v1/assignments/{parse_id(self.id)}/uploads",
                             then=DeskState.sent)  # fmt: skip

    @rx.event
    @allow(Permission.coursework_submit)
    async def sent(self, wrong: list[str]) -> None:
        """What went wrong, in the browser's words."""
        self.sending = False
        self.problem = " ".join(str(each)[:300] for each in wrong[:5]) if isinstance(wrong, list) else ""
        await self._load()

    @rx.event
    @allow(Permission.coursework_submit)
    async def remove(self, file_id: str) -> None:
        async with acting(self) as (session, actor):
            await uploads.remove(session, actor, parse_id(self.id), parse_id(file_id))
        await self._load()

    @rx.event
    @allow(Permission.coursework_submit)
    async def hand_in(self) -> Any:
        """Once, however often it is clicked."""
        if self.unsaved:
            await self._save()
        if self.clash or self.unsaved:
            return None
        self.problem = ""
        try:
            async with acting(self) as (session, actor):
                handed = await writing.hand_in(session, actor, parse_id(self.id), self._key)
        except FaradayError as error:
            self.problem = error.message
            return None
        self._key, self.text, self.link = str(uuid4()), "", ""
        await self._load()
        return ui.notify(f"Handed in. Your receipt begins with {handed.receipt[:8]}.")

    async def _save(self) -> None:
        if self.clash:
            return
        try:
            async with acting(self) as (session, actor):
                draft = await writing.save(session, actor, parse_id(self.id), self.text, self.link, self._version)
        except desk.Refused as refused:
            self.refused = refused.refusal.sentence(zone_of((await self.get_state(Viewer)).zone))
        except Conflict:
            self.clash = True
            await self._look_at_theirs()
        except FaradayError as error:
            self.problem = error.message
        else:
            self._version, self.unsaved, self.saved, self.problem = draft.version, False, "Kept.", ""

    async def _look_at_theirs(self) -> None:
        async with acting(self) as (session, actor):
            found = await desk.sit_down(session, actor, parse_id(self.id))
            self.theirs = await writing.text_of(found.draft) if found.draft else ""
        if self.theirs == self.text:  # the same words: nothing to decide
            self.clash, self._version = False, found.draft.version if found.draft else 0
            self.unsaved = False

    async def _load(self) -> None:
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                found = await desk.sit_down(session, actor, parse_id(self.id))
                ids = [each.id for each in (*found.attempts, *([found.draft] if found.draft else []))]
                files = await finding.files_of(session, ids)
                await self._show(session, found, files, zone)
        except FaradayError as error:
            self.refused, self.loaded = error.message, True

    async def _show(self, session: AsyncSession, found: desk.Desk, files: dict[Any, Any], zone: str) -> None:
        work, draft = found.work, found.draft
        if not self.unsaved and not self.clash:
            self.text = await writing.text_of(draft) if draft else ""
            self.link = draft.link if draft else ""
            self._version = draft.version if draft else desk.NOTHING_WRITTEN
        elif draft and draft.version != self._version and not self.clash:
            self.clash, self.theirs = True, await writing.text_of(draft)
        self.files = [file_view(each) for each in files[draft.id]] if draft else []
        types = work.submission_types
        self.takes_text, self.takes_link, self.takes_files = (
            each in types for each in (SubmissionType.text, SubmissionType.link, SubmissionType.file)
        )
        self.kinds = ",".join(f".{each}" for each in work.file_kinds)
        self.refused = found.refusal.sentence(zone_of(zone)) if found.refusal else ""
        left = None if work.attempts is None else work.attempts - len(found.attempts)
        self.left = "" if left is None else f"{left} of {work.attempts} attempt{'s' * (work.attempts != 1)} left"
        self.team = found.team.name if found.team else ""
        self.attempts = [await _attempt(each, files[each.id], found.dates.due_at, zone) for each in found.attempts[:50]]
        self.loaded = True


async def _attempt(each: Submission, files: list[Any], due_at: Any, zone: str) -> AttemptView:
    state = timeliness(each.submitted_at, due_at, each.submitted_at or each.created_at)
    return AttemptView(
        str(each.id),
        joined(f"Attempt {each.attempt}", short(each.submitted_at, zone)),
        STATE_WORDS[state],
        STATE_TONES[state],
        each.receipt,
        to_html(await writing.text_of(each)),
        each.link,
        [file_view(file) for file in files],
    )
