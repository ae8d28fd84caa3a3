"""Who looked at one's record, or at a child's; and taking out all that is kept."""

from typing import Any

import reflex as rx

from faraday_app.core.errors import FaradayError
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.privacy.service import looks, requests
from faraday_app.privacy.views import LookView, SubjectView, look_view
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.paging import Paged
from faraday_app.ui.session import Viewer
from faraday_app.ui.times import short

OFTEN = 5.0  # seconds: the trail of a school moves all the time


class RecordsState(Paged, rx.State):
    rows: list[LookView] = []
    subjects: list[SubjectView] = []
    subject: str = ""
    about: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.records_read)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            topics = {topic("audit", actor.organization): RecordsState.refresh}
            await live.watch(self, "page.records", topics, actor.user, most_often=OFTEN)
        self._pages = []
        await self._load()

    @rx.event
    @allow(Permission.records_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.records_read)
    async def choose(self, person_id: str) -> None:
        self.subject, self._pages = str(parse_id(person_id)), []
        await self._load()

    @rx.event
    @allow(Permission.records_read)
    async def take_out(self) -> Any:
        """A ZIP, once the person has shown that it is them."""
        person_id = parse_id(self.subject)
        async with acting(self) as (session, actor):
            await requests.may_export(session, actor, person_id)
        return rx.download(url=f"/api/v1/people/{person_id}/data", filename="record.zip")

    @rx.event
    @allow(Permission.records_read)
    async def next_page(self) -> None:
        if self._turn_on():
            await self._load()

    @rx.event
    @allow(Permission.records_read)
    async def previous_page(self) -> None:
        self._turn_back()
        await self._load()

    async def _load(self) -> None:
        self.loading, self.error = True, ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                known = await looks.subjects(session, actor)
                if self.subject not in {str(id) for id, _ in known}:
                    self.subject = str(known[-1][0] if len(known) > 1 else actor.user)
                found = await looks.looks(session, actor, parse_id(self.subject), self._page_after(), looks.PAGE + 1)
            self.subjects = [SubjectView(str(id), "You" if id == actor.user else name) for id, name in known]
            self.about = next((each.name for each in self.subjects if each.id == self.subject), "")
            self.rows = [look_view(look, short(look.at, zone)) for look in found[: looks.PAGE]]
            self._place(len(found), looks.PAGE)
        except FaradayError as error:
            self.error = error.message
        self.loading = False
