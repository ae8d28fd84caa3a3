"""The list of people: narrowed, paged, and following what changes."""

from uuid import UUID

import reflex as rx

from faraday_app.core import mail, presence
from faraday_app.core.clock import now
from faraday_app.core.errors import FaradayError
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.redis import RedisError
from faraday_app.organizations.service import list_departments, people, sign_in_policy
from faraday_app.organizations.state.choices import STATUSES, parse_department, parse_role
from faraday_app.organizations.views import PersonView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, initials_of, tone_of
from faraday_app.ui.times import ago

_FACTORS: dict[sign_in_policy.Standing, tuple[str, str]] = {
    "app": ("2FA on", "green"),
    "passkey": ("passkey", "green"),
    "due": ("2FA due", "amber"),
    "off": ("off", "neutral"),
    "not needed": ("not needed", "neutral"),
}


class PeopleState(rx.State):
    rows: list[PersonView] = []
    total: str = ""
    shown: str = ""
    has_next: bool = False
    has_previous: bool = False
    loading: bool = True
    error: str = ""

    search: str = ""
    role: str = ""
    department: str = ""
    status: str = ""
    departments: list[tuple[str, str]] = []

    _pages: list[tuple[str, UUID]] = []

    @rx.event
    @allow(Permission.people_read)
    async def enter(self) -> None:
        if actor := await viewer_of(self):
            here = f"presence:{topic('organization', actor.organization)}"
            topics = {topic("people", actor.organization): PeopleState.refresh, here: PeopleState.refresh}
            await live.watch(self, "page.people", topics, actor.user, most_often=0.5)
        await self._load()

    @rx.event
    @allow(Permission.people_read)
    async def refresh(self) -> None:
        await self._load()

    @rx.event
    @allow(Permission.people_read)
    async def set_search(self, text: str) -> None:
        self.search = str(text)[:100]
        await self._load_first()

    @rx.event
    @allow(Permission.people_read)
    async def set_role(self, role: str) -> None:
        self.role = parse_role(role).value if role else ""
        await self._load_first()

    @rx.event
    @allow(Permission.people_read)
    async def set_department(self, department: str) -> None:
        self.department = str(parse_department(department) or "")
        await self._load_first()

    @rx.event
    @allow(Permission.people_read)
    async def set_status(self, status: str) -> None:
        self.status = status if status in STATUSES else ""
        await self._load_first()

    @rx.event
    @allow(Permission.people_read)
    async def clear(self) -> None:
        self.search = self.role = self.department = self.status = ""
        await self._load_first()

    @rx.event
    @allow(Permission.people_read)
    async def next_page(self) -> None:
        if self.has_next and self.rows:
            self._pages = [*self._pages, (self.rows[-1].name, UUID(self.rows[-1].id))]
            await self._load()

    @rx.event
    @allow(Permission.people_read)
    async def previous_page(self) -> None:
        self._pages = self._pages[:-1]
        await self._load()

    async def _load_first(self) -> None:
        self._pages = []
        await self._load()

    async def _load(self) -> None:
        """Read the page again. A page that became empty gives way to the one before it."""
        self.loading, self.error = True, ""
        try:
            async with acting(self) as (session, actor):
                total = await people.count(session, actor, self._wanted())
                found = await people.search(session, actor, self._wanted())
                while not found and self._pages:
                    self._pages = self._pages[:-1]
                    found = await people.search(session, actor, self._wanted())
                departments = await list_departments(session, actor)
                members = [(person.user_id, person.role) for person in found]
                factors = await sign_in_policy.standings(session, actor, members)
            await self._show(actor, found, total, factors)
            self.departments = [(str(department.id), department.name) for department in departments]
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    def _wanted(self) -> people.PeopleFilter:
        return people.PeopleFilter(
            text=self.search,
            role=self.role,
            department_id=parse_department(self.department),
            active=STATUSES.get(self.status),
            after=self._pages[-1] if self._pages else None,
        )

    async def _show(
        self, actor: Actor, found: list[people.Person], total: int, factors: dict[UUID, sign_in_policy.Standing]
    ) -> None:
        zone, here = (await self.get_state(Viewer)).zone, await _here(actor)
        before = len(self._pages) * people.PAGE
        self.rows = [
            _view(person, person.user_id in here, person.user_id == actor.user_id, zone, factors[person.user_id])
            for person in found
        ]
        self.total = f"{total:,}"
        self.shown = f"{before + 1}–{before + len(found)} of {total:,}"
        self.has_previous, self.has_next = before > 0, before + len(found) < total


async def _here(actor: Actor) -> set[UUID]:
    try:
        return await presence.who(topic("organization", actor.organization))
    except RedisError:
        return set()


def _view(person: people.Person, here: bool, me: bool, zone: str, factor: sign_in_policy.Standing) -> PersonView:
    return PersonView(
        str(person.user_id),
        person.name,
        person.email,
        initials_of(person.name),
        tone_of(person.user_id),
        person.role.label,
        person.department,
        "now" if here else ago(person.last_seen_at, now(), zone),
        here,
        person.active,
        me,
        not mail.is_configured(),
        *_FACTORS[factor],
    )
