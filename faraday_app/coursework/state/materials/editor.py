"""Add a page, a link or a folder; change what a material says, what is said about it, and who sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.classes.service.sections import of_class as sections_of
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.permissions import Permission
from faraday_app.coursework.models import MaterialKind
from faraday_app.coursework.service import materials
from faraday_app.coursework.service.materials import Draft
from faraday_app.coursework.state.materials.material import MaterialState
from faraday_app.coursework.state.materials.shelf import ShelfState
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, zone_of

KINDS = ("page", "link", "file", "folder")


class MaterialEditorState(rx.State):
    """``id`` empty: it is a new one. ``kind`` is that of the material, or ``folder``."""

    open: bool = False
    id: str = ""
    kind: str = ""
    title: str = ""
    about: str = ""
    tags: str = ""
    body: str = ""
    url: str = ""
    draft: bool = False
    visible_from: str = ""
    visible_until: str = ""
    folder: str = ""
    folders: list[tuple[str, str]] = []
    sections: list[tuple[str, str]] = []
    chosen: list[str] = []
    problem: str = ""

    _class_id: str = ""
    _version: int = 1
    _key: str = ""

    @rx.event
    @allow(Permission.materials_manage)
    async def begin(self, kind: str) -> None:
        shelf = await self.get_state(ShelfState)
        self.reset()
        self.kind = kind if kind in KINDS else "page"
        self._class_id, self._key, self.folder = shelf.head.id, str(new_id()), shelf.folder_id
        await self._choices()
        self.open = True

    @rx.event
    @allow(Permission.materials_manage)
    async def edit(self, material_id: str) -> None:
        self.reset()
        async with acting(self) as (session, actor):
            found = await materials.entry(session, actor, parse_id(material_id))
        material, zone = found.material, (await self.get_state(Viewer)).zone
        self.id, self._class_id, self._version = str(material.id), str(material.class_id), material.version
        self.kind, self.title, self.about, self.draft = material.kind, material.title, material.about, material.draft
        self.tags, self.body, self.url = ", ".join(material.tags), found.version.body, found.version.url
        self.visible_from = _local(material.visible_from, zone)
        self.visible_until = _local(material.visible_until, zone)
        self.folder, self.chosen = str(material.folder_id or ""), [str(each) for each in material.section_ids]
        await self._choices()
        self.open = True

    @rx.event
    @allow(Permission.materials_manage)
    async def edit_folder(self, folder_id: str) -> None:
        self.reset()
        async with acting(self) as (session, actor):
            folder = await materials.folders.get(session, actor, parse_id(folder_id))
        self.id, self._class_id, self._version = str(folder.id), str(folder.class_id), folder.version
        self.kind, self.title, self.folder = "folder", folder.name, str(folder.parent_id or "")
        await self._choices()
        self.open = True

    @rx.event
    @allow(Permission.materials_manage)
    async def set_open(self, open: bool) -> None:
        if not open:
            self.reset()

    @rx.event
    @allow(Permission.materials_manage)
    async def choose_section(self, section_id: str) -> None:
        """In or out; none of them is the whole class."""
        wanted = str(parse_id(section_id))
        kept = [each for each in self.chosen if each != wanted]
        self.chosen = kept if len(kept) < len(self.chosen) else [*kept, wanted][:50]

    @rx.event
    @allow(Permission.materials_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.problem = ""
        try:
            if self.kind == "folder":
                await self._save_folder(str(form.get("material_title", "")), _id(form.get("material_folder")))
            else:
                await self._save(form)
        except FaradayError as error:
            self.problem = error.message
            return None
        self.reset()
        return [ui.notify("Saved."), ShelfState.refresh, MaterialState.refresh]

    async def _save(self, form: dict[str, Any]) -> None:
        zone = (await self.get_state(Viewer)).zone
        draft = draft_of(form, zone, self.chosen)
        body, url = str(form.get("material_body", "")), str(form.get("material_url", ""))
        folder_id, class_id = _id(form.get("material_folder")), parse_id(self._class_id)
        async with acting(self) as (session, actor):
            if self.id:
                changed = await materials.edit(session, actor, parse_id(self.id), draft, self._version)
                if changed.kind == MaterialKind.page:
                    await materials.versions.write(session, actor, changed.id, body, changed.version)
                elif changed.kind == MaterialKind.link:
                    await materials.versions.point(session, actor, changed.id, url, changed.version)
                if changed.folder_id != folder_id:
                    await materials.move(session, actor, class_id, [changed.id], folder_id)
            elif self.kind == MaterialKind.link:
                await materials.add_link(session, actor, class_id, folder_id, draft, url, self._key)
            else:
                await materials.add_page(session, actor, class_id, folder_id, draft, body, self._key)

    async def _save_folder(self, name: str, parent_id: UUID | None) -> None:
        async with acting(self) as (session, actor):
            if self.id:
                await materials.folders.change(session, actor, parse_id(self.id), name, parent_id, self._version)
            else:
                await materials.folders.make(session, actor, parse_id(self._class_id), name, parent_id)

    async def _choices(self) -> None:
        async with acting(self) as (session, actor):
            class_id = parse_id(self._class_id)
            place = await materials.place(session, actor, class_id, None)
            present = await materials.folders.of_class(session, place.standing.school_class.id)
            paths = [(each.id, materials.folders.path_to(present, each.id)) for each in present]
            sections = await sections_of(session, class_id)
        named = [(str(id), " / ".join(each.name for each in path)) for id, path in paths]
        self.folders = sorted((each for each in named if each[0] != self.id), key=lambda each: each[1].lower())
        self.sections = [(str(each.id), each.name) for each in sections]


def draft_of(form: dict[str, Any], zone: str, section_ids: list[str]) -> Draft:
    return Draft(
        str(form.get("material_title", "")),
        str(form.get("material_about", "")),
        str(form.get("material_tags", "")).split(","),
        bool(form.get("material_draft")),
        [parse_id(each) for each in section_ids],
        _moment(form.get("material_from"), zone, "visible_from"),
        _moment(form.get("material_until"), zone, "visible_until"),
    )


def _moment(text: object, zone: str, field: str) -> datetime | None:
    """What a field of date and time says, in the zone of whoever filled it in."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=zone_of(zone))
    except ValueError:
        raise Invalid("Choose a day and a time.", field=field) from None


def _local(moment: datetime | None, zone: str) -> str:
    return moment.astimezone(zone_of(zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _id(text: object) -> UUID | None:
    return parse_id(text) if text else None
