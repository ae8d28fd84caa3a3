"""The library of one class: a folder of it, or what is found in it."""

from typing import Any
from uuid import UUID

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.classes.service.heading import heading_of
from faraday_app.classes.service.sections import of_class as sections_of
from faraday_app.classes.views import NO_CLASS, ClassHead
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.coursework.material_views import FolderView, MaterialRow, folder_view, material_row
from faraday_app.coursework.models import MaterialKind
from faraday_app.coursework.service import materials
from faraday_app.ui import browser
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer

PAGE = 50
FIELD = "material_files"  # where files are chosen
PROGRESS = "material_progress"  # where the browser shows how far they are
_STAFF = "Add files, links and pages. Your class sees them at once, unless you keep them as drafts."
_LEARNER = "Your teachers have not put anything here yet. It appears by itself as soon as they do."
_PARENT = "Nothing is shown to your child’s section here yet. It appears by itself as soon as there is something."


class ShelfState(rx.State):
    """``crumbs``: (id, name) of the folders above and of this one. ``removed``: what was deleted is shown instead."""

    head: ClassHead = NO_CLASS
    folder_id: str = ""
    crumbs: list[tuple[str, str]] = []
    folders: list[FolderView] = []
    rows: list[MaterialRow] = []
    tags: list[tuple[str, str]] = []
    search: str = ""
    kind: str = ""
    tag: str = ""
    cards: bool = False
    removed: bool = False
    manages: bool = False
    nothing: str = ""
    has_next: bool = False
    has_previous: bool = False
    loading: bool = True
    sending: bool = False
    problem: str = ""
    error: str = ""

    _pages: list[tuple[str, str]] = []  # title and id of the last row of each page before

    @rx.event
    @allow(Permission.materials_read)
    async def enter(self) -> Any:
        query = self.router.url.query_parameters
        self.reset()
        self.folder_id = str(query.get("folder", ""))[:36]
        await self._load()
        if self.head.id and (actor := await viewer_of(self)):
            topics = {topic(kind, self.head.id): ShelfState.refresh for kind in ("coursework", "class")}
            await live.watch(self, "page.materials", topics, actor.user, most_often=0.5)

    @rx.event
    @allow(Permission.materials_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def open_folder(self, folder_id: str) -> Any:
        self.folder_id = str(parse_id(folder_id)) if folder_id else ""
        self.search = self.kind = self.tag = ""
        self.removed, self._pages = False, []
        await self._load()
        folder = f"&folder={self.folder_id}" if self.folder_id else ""
        return browser.address(f"/class/materials?id={self.head.id}{folder}")

    @rx.event
    @allow(Permission.materials_read)
    async def set_search(self, text: str) -> None:
        self.search, self._pages = str(text).replace("\x00", "")[:200], []
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def set_kind(self, kind: str) -> None:
        self.kind, self._pages = kind if kind in set(MaterialKind) else "", []
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def set_tag(self, tag: str) -> None:
        self.tag, self._pages = str(tag)[:40], []
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def clear(self) -> None:
        self.search = self.kind = self.tag = ""
        await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def set_cards(self, cards: bool) -> None:
        self.cards = bool(cards)

    @rx.event
    @allow(Permission.materials_read)
    async def next_page(self) -> None:
        if self.has_next and self.rows:
            self._pages = [*self._pages, (self.rows[-1].title.lower(), self.rows[-1].id)]
            await self._load()

    @rx.event
    @allow(Permission.materials_read)
    async def previous_page(self) -> None:
        self._pages = self._pages[:-1]
        await self._load()

    @rx.event
    @allow(Permission.materials_manage)
    async def show_removed(self, removed: bool) -> None:
        self.removed = bool(removed)
        await self._load()

    @rx.event
    @allow(Permission.materials_manage)
    async def upload(self, _chosen: str) -> Any:
        """Have the browser send the chosen files over HTTP, and show how far each of them is."""
        self.sending, self.problem = True, ""
        folder = f"?folder_id={self.folder_id}" if self.folder_id else ""
        to = f"/api/v1/classes/{parse_id(self.head.id)}/materials/files{folder}"
        return browser.asked("upload_files", FIELD, to, PROGRESS, then=ShelfState.uploaded)

    @rx.event
    @allow(Permission.materials_manage)
    async def uploaded(self, wrong: list[str]) -> None:
        """What went wrong, in the browser's words."""
        self.sending = False
        self.problem = " ".join(str(each)[:300] for each in wrong[:5]) if isinstance(wrong, list) else ""
        await self._load()

    @rx.event
    @allow(Permission.materials_manage)
    async def delete(self, material_id: str) -> Any:
        async with acting(self) as (session, actor):
            gone = await materials.delete(session, actor, parse_id(material_id))
            needed = await materials.needed_by(session, gone.id)
        told = f" It was needed for {', '.join(each.title for each in needed)}." if needed else ""
        await self._load()
        return ui.notify(f"“{gone.title}” is deleted. It is kept under Deleted.{told}")

    @rx.event
    @allow(Permission.materials_manage)
    async def restore(self, material_id: str) -> Any:
        async with acting(self) as (session, actor):
            back = await materials.restore(session, actor, parse_id(material_id))
        await self._load()
        return ui.notify(f"“{back.title}” is back.")

    @rx.event
    @allow(Permission.materials_manage)
    async def delete_folder(self, folder_id: str) -> Any:
        async with acting(self) as (session, actor):
            gone = await materials.folders.delete(session, actor, parse_id(folder_id))
        await self._load()
        return ui.notify(f"The folder “{gone.name}” is deleted with what was in it. It is kept under Deleted.")

    @rx.event
    @allow(Permission.materials_manage)
    async def restore_folder(self, folder_id: str) -> Any:
        async with acting(self) as (session, actor):
            back = await materials.folders.restore(session, actor, parse_id(folder_id))
        await self._load()
        return ui.notify(f"The folder “{back.name}” is back with what was in it.")

    async def _load(self) -> None:
        try:
            class_id = parse_id(self.router.url.query_parameters.get("id", ""))
            async with acting(self) as (session, actor):
                await self._read(session, actor, class_id)
            self.error = ""
        except FaradayError as error:
            self.folders, self.rows, self.error = [], [], error.message
        self.loading = False

    async def _read(self, session: AsyncSession, actor: Actor, class_id: UUID) -> None:
        folder_id = parse_id(self.folder_id) if self.folder_id else None
        place = await materials.place(session, actor, class_id, folder_id)
        staff = place.standing.is_staff
        self.head, self.manages = await heading_of(session, actor, place.standing), place.manages
        self.crumbs = [(str(each.id), each.name) for each in place.path]
        self.tags = [(each, each) for each in await materials.tags_of(session, actor, class_id)]
        self.nothing = _STAFF if place.manages else _LEARNER if place.standing.learns or staff else _PARENT
        found = await self._found(session, actor, class_id, folder_id)
        if self.removed:
            gone = await materials.removed_folders(session, actor, class_id) if self.manages else []
            self.folders = [FolderView(str(each.id), each.name, "Deleted", each.version) for each in gone]
        else:
            searching = bool(self.search or self.kind or self.tag)
            self.folders = [] if searching or self._pages else [folder_view(each) for each in place.folders]
        zone = (await self.get_state(Viewer)).zone
        names = {each.id: each.name for each in await sections_of(session, class_id)} if staff else {}
        self.has_previous, self.has_next = bool(self._pages), len(found) > PAGE
        self.rows = [material_row(each, zone, staff=staff, sections=names) for each in found[:PAGE]]

    async def _found(
        self, session: AsyncSession, actor: Actor, class_id: UUID, folder_id: UUID | None
    ) -> list[materials.Entry]:
        if self.removed and self.manages:
            return await materials.removed(session, actor, class_id)
        if self.search or self.kind or self.tag:
            return await materials.search(
                session, actor, self.search, class_id=class_id, kind=self.kind, tag=self.tag, limit=PAGE
            )
        after = (self._pages[-1][0], UUID(self._pages[-1][1])) if self._pages else None
        return await materials.listed(session, actor, class_id, folder_id, after=after, limit=PAGE + 1)
