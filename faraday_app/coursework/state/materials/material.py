"""One material as it is looked at: its preview, and for its staff what it was before and how it is used."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.rendering import to_html
from faraday_app.coursework.material_views import DiffLine, PastView, about, diff_line, past_view
from faraday_app.coursework.models import FileState
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import Entry, Reached
from faraday_app.coursework.state.materials.shelf import PROGRESS
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer

LONGEST_SHOWN = 60_000  # characters of a text in a preview
FIELD = "material_replacement"
_IN_BROWSER = {
    "pdf": ("application/pdf",),
    "image": ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"),
    "video": ("video/mp4", "video/webm"),
    "audio": ("audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac"),
}


class MaterialState(rx.State):
    """``shown``: how it is previewed (page, text, pdf, image, video, audio, link, none)."""

    open: bool = False
    id: str = ""
    title: str = ""
    about: str = ""
    description: str = ""
    shown: str = ""
    html: str = ""
    text: str = ""
    src: str = ""
    download: str = ""
    url: str = ""
    problem: str = ""
    version: int = 1
    is_file: bool = False
    manages: bool = False
    staff: bool = False
    used: str = ""
    versions: list[PastView] = []
    lines: list[DiffLine] = []
    compared: str = ""
    replacing: bool = False
    wrong: str = ""

    @rx.event
    @allow(Permission.materials_read)
    async def show(self, material_id: str) -> None:
        """Opening it counts, for learners; by whom is kept nowhere."""
        self.reset()
        self.id = str(parse_id(material_id))
        async with acting(self) as (session, actor):
            found = await materials.reached(session, actor, parse_id(self.id))
            await materials.usage.count(session, found)
            await self._read(session, actor, found)
            topics = {topic("coursework", found.material.class_id): MaterialState.refresh}
            await live.watch(self, "page.material", topics, actor.user, most_often=0.5)
        self.open = True

    @rx.event
    @allow(Permission.materials_read)
    async def refresh(self) -> None:
        if not (self.open and self.id):
            return
        try:
            async with acting(self) as (session, actor):
                await self._read(session, actor, await materials.reached(session, actor, parse_id(self.id)))
        except FaradayError:
            self.reset()

    @rx.event
    @allow(Permission.materials_read)
    async def set_open(self, open: bool) -> None:
        if not open:
            self.reset()

    @rx.event
    @allow(Permission.materials_manage)
    async def compare(self, number: int) -> None:
        """A version with the one before it."""
        newer = int(number)
        async with acting(self) as (session, actor):
            lines = await materials.versions.compare(session, actor, parse_id(self.id), newer - 1, newer)
        self.lines = [diff_line(each) for each in lines[:500]]
        self.compared = f"What version {newer} changed" if lines else f"The text of version {newer} is the same"

    @rx.event
    @allow(Permission.materials_manage)
    async def restore(self, number: int) -> Any:
        async with acting(self) as (session, actor):
            await materials.versions.restore(session, actor, parse_id(self.id), int(number), self.version)
            await self._read(session, actor, await materials.reached(session, actor, parse_id(self.id)))
        return ui.notify(f"Version {int(number)} is back, as a new version.")

    @rx.event
    @allow(Permission.materials_manage)
    async def replace(self, _chosen: str) -> Any:
        """Have the browser send another file in its place."""
        self.replacing, self.wrong = True, ""
        return browser.asked(
            "upload_files", FIELD, self._address("files"), PROGRESS + "_one", then=MaterialState.replaced
        )

    @rx.event
    @allow(Permission.materials_manage)
    async def replaced(self, wrong: list[str]) -> Any:
        self.replacing = False
        self.wrong = " ".join(str(each)[:300] for each in wrong[:5]) if isinstance(wrong, list) else ""
        return MaterialState.refresh

    _class_id: str = ""

    def _address(self, what: str) -> str:
        return f"/api/v1/classes/{self._class_id}/materials/{parse_id(self.id)}/{what}"

    async def _read(self, session: AsyncSession, actor: Actor, reached: Reached) -> None:
        found = await materials.entry(session, actor, reached.material.id)
        self._class_id, self.version = str(found.material.class_id), found.material.version
        self.title, self.about, self.description = found.material.title, about(found), found.material.about
        self.url, self.is_file = found.version.url, found.file is not None
        self.staff = reached.standing.is_staff
        self.manages = materials.manages(actor, reached.standing)
        await self._preview(found)
        self.versions, self.used = [], ""
        if self.staff:
            zone = (await self.get_state(Viewer)).zone
            past = await materials.versions.history(session, actor, found.material.id, most=30)
            address = self._address("content")
            self.versions = [past_view(each, address, found.material.latest, zone) for each in past]
            days = await materials.usage.by_day(session, actor, found.material.id)
            opened, downloaded = sum(each.opened for each in days), sum(each.downloaded for each in days)
            self.used = f"Opened {opened:,} and downloaded {downloaded:,} times in the last {len(days)} days."

    async def _preview(self, found: Entry) -> None:
        self.html = self.text = self.src = self.download = self.problem = ""
        file = found.file
        if file is None:
            self.shown = found.material.kind
            self.html = to_html(found.version.body) if found.version.body else ""
            return
        self.shown, self.problem = "none", file.problem if self.staff else ""
        if file.state == FileState.quarantined:
            return
        self.download = self._address("content")
        for shown, types in _IN_BROWSER.items():
            if file.content_type in types:
                self.shown, self.src = shown, f"{self.download}?inline=true&of={file.digest[:12]}"
        told = (await materials.stored.text_of(file))[:LONGEST_SHOWN] if self.shown == "none" else ""
        if told and file.kind == "markdown":
            self.shown, self.html = "page", to_html(told)
        elif told:
            self.shown, self.text = "text", told
