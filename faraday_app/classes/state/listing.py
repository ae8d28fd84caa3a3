"""The list of one's classes: narrowed, paged, and following what changes."""

import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.service import listing, terms
from faraday_app.classes.service.listing import ClassFilter, Listed
from faraday_app.classes.views import ClassRow
from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged

NOTHING_FOR = {
    Role.student: "You are in no class yet. A class stands here as soon as a teacher adds you.",
    Role.parent: "None of your children is in a class yet, or the school has not said whose parent you are. "
    "Ask the office to link you to your children.",
    Role.aide: "You help in no class yet. A class stands here as soon as a teacher adds you.",
}
NOTHING = "Make the first one: choose a term, give it a name, then add students."


class ClassesState(Paged, rx.State):
    rows: list[ClassRow] = []
    search: str = ""
    term: str = ""
    archived: bool = False
    terms: list[tuple[str, str]] = []
    nothing: str = NOTHING
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.classes_read)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            own = {
                topic("classes", actor.organization): ClassesState.refresh,
                topic("rights", actor.user): ClassesState.refresh,
            }
            await live.watch(self, "page.classes", own, actor.user, most_often=0.5)
            self.nothing = NOTHING_FOR.get(actor.role, NOTHING) if actor.role else NOTHING
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.classes_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.classes_read)
    async def set_search(self, text: str) -> None:
        self.search = str(text).replace("\x00", "")[:100]
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def set_term(self, term: str) -> None:
        self.term = str(parse_id(term)) if term else ""
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def show_archived(self, archived: bool) -> None:
        self.archived = bool(archived)
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def clear(self) -> None:
        self.search = self.term = ""
        await self._load_first()

    @rx.event
    @allow(Permission.classes_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.classes_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load_first(self) -> None:
        self._pages = []
        await self._load()

    async def _load(self) -> None:
        """Read the page again. A page that became empty gives way to the first."""
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                found = await self._found(session, actor)
                if not found and self._pages:
                    self._pages = []
                    found = await self._found(session, actor)
                self.terms = [(str(each.id), each.name) for each in await terms.listed(session, actor)]
            self.rows = [_row(each) for each in found[: listing.PAGE]]
            self._place(len(found), listing.PAGE)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    async def _found(self, session: AsyncSession, actor: Actor) -> list[Listed]:
        wanted = ClassFilter(self.search, parse_id(self.term) if self.term else None, self.archived, self._page_after())
        return await listing.listed(session, actor, wanted, listing.PAGE + 1)


def _row(each: Listed) -> ClassRow:
    of_class = each.school_class
    children = " and ".join(each.children)
    return ClassRow(
        str(each.id),
        of_class.name,
        " · ".join(part for part in (of_class.subject, of_class.code, of_class.room) if part),
        each.term,
        ", ".join(each.teachers) or "No teacher yet",
        "" if each.students is None else f"{each.students:,}",
        f"Parent of {children}" if children else each.standing,
        of_class.archived_at is not None,
    )
