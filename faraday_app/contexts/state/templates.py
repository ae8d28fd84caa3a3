"""The templates one can use, and what can be done with them from the list."""

from typing import Any

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app import ui
from faraday_app.contexts.service.templates import files, shelf
from faraday_app.contexts.template_views import TemplateView, template_view
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import new_id, parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged


class TemplatesState(Paged, rx.State):
    rows: list[TemplateView] = []
    search: str = ""
    category: str = ""
    categories: list[tuple[str, str]] = []
    archived: bool = False
    loading: bool = True
    error: str = ""
    importing: bool = False
    problem: str = ""

    _visit: str = ""

    @rx.event
    @allow(Permission.templates_manage)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            topics = {topic("templates", actor.organization): TemplatesState.refresh}
            await live.watch(self, "page.templates", topics, actor.user, most_often=0.5)
        self._pages, self._visit = [], str(new_id())
        await self._load()

    @rx.event
    @allow(Permission.templates_manage)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.templates_manage)
    async def set_search(self, text: str) -> None:
        self.search, self._pages = str(text)[:100], []
        await self._load()

    @rx.event
    @allow(Permission.templates_manage)
    async def set_category(self, category: str) -> None:
        self.category, self._pages = str(category)[:40], []
        await self._load()

    @rx.event
    @allow(Permission.templates_manage)
    async def show(self, which: str) -> None:
        self.archived, self._pages = which == "archived", []
        await self._load()

    @rx.event
    @allow(Permission.templates_manage)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.templates_manage)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    @rx.event
    @allow(Permission.templates_manage)
    async def set_archived(self, template_id: str, archived: bool) -> Any:
        async with acting(self) as (session, actor):
            await shelf.set_archived(session, actor, parse_id(template_id), bool(archived))
        await self._load()
        return ui.notify("Archived. You find it under Archived." if archived else "Back among your templates.")

    @rx.event
    @allow(Permission.templates_manage)
    async def copy(self, template_id: str) -> Any:
        """One's own template that begins as this one is; one only, however often it is clicked before it opens."""
        async with acting(self) as (session, actor):
            made = await files.copied(session, actor, parse_id(template_id), self._visit)
        return rx.redirect(f"/templates/{made.template.id}")

    @rx.event
    @allow(Permission.templates_manage)
    async def export(self, template_id: str) -> Any:
        async with acting(self) as (session, actor):
            file = await files.exported(session, actor, [parse_id(template_id)])
        return rx.download(data=files.written(file), filename=file_name(file.templates[0].name))

    @rx.event
    @allow(Permission.templates_manage)
    async def export_all(self) -> Any:
        """Those on this page of the list."""
        async with acting(self) as (session, actor):
            file = await files.exported(session, actor, [parse_id(row.id) for row in self.rows])
        return rx.download(data=files.written(file), filename="templates.json")

    @rx.event
    @allow(Permission.templates_manage)
    async def set_importing(self, importing: bool) -> None:
        self.importing, self.problem = bool(importing), ""

    @rx.event
    @allow(Permission.templates_manage)
    async def import_file(self, form: dict) -> Any:
        """On a refusal the dialog stays, with what was chosen."""
        try:
            async with acting(self) as (session, actor):
                made = await files.imported(session, actor, files.parsed(str(form.get("template_file", ""))))
        except FaradayError as refusal:
            self.problem = refusal.message
            return None
        self.importing = False
        await self._load()
        many = "1 template is" if len(made) == 1 else f"{len(made)} templates are"
        return ui.notify(f"{many} yours now.")

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                found = await self._found(session, actor)
                if not found and self._pages:
                    self._pages = []
                    found = await self._found(session, actor)
                named = await shelf.categories(session, actor)
            self.rows = [template_view(each, actor) for each in found[: shelf.PAGE]]
            self.categories = [("", "Any category"), *((each, each) for each in named)]
            self._place(len(found), shelf.PAGE)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    async def _found(self, session: AsyncSession, actor: Actor) -> list[shelf.Opened]:
        return await shelf.listed(
            session,
            actor,
            self.search,
            category=self.category,
            archived=self.archived,
            before=self._page_after(),
            limit=shelf.PAGE + 1,
        )


def file_name(name: str) -> str:
    safe = "".join(sign if sign.isalnum() else "-" for sign in name.lower()).strip("-")[:60]
    return f"{safe or 'template'}.json"
