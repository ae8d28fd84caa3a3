"""Who else is in the conversation, and who is here now."""

from uuid import UUID

import reflex as rx

from faraday_app.contexts.models import Access
from faraday_app.contexts.service import sharing
from faraday_app.contexts.views import ColleagueView, MemberView
from faraday_app.core import presence
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.core.redis import RedisError
from faraday_app.organizations.service import people
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.live import live
from faraday_app.ui.session import initials_of, passing, tone_of

ASIDE = 0.2  # seconds: who is here comes after what was said


@passing
class SharingState(rx.State):
    members: list[MemberView] = []
    others_here: list[MemberView] = []
    open: bool = False
    search: str = ""
    found: list[ColleagueView] = []
    access: str = Access.viewer.value

    _context_id: str = ""

    @rx.event
    @allow(Permission.assistant_use)
    async def watch(self, context_id: str):
        """Follow who comes and goes. What can be seen is decided when the members are read."""
        self._context_id = str(parse_id(context_id))
        watched = topic("context", self._context_id)
        async with acting(self) as (_, actor):
            topics = {watched: SharingState.refresh, f"presence:{watched}": SharingState.refresh}
            await live.watch(self, "page.members", topics, actor.user, after=ASIDE)
        return SharingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def refresh(self):
        if not self._context_id:
            return
        try:
            async with acting(self) as (session, actor):
                shared = await sharing.members(session, actor, UUID(self._context_id))
            here = await presence.who(topic("context", self._context_id))
        except (NotFound, RedisError):
            self.members, self.others_here = [], []
            return
        self.members = [_view(member, member.user_id in here, actor.user) for member in shared]
        self.others_here = [member for member in self.members if member.here and not member.me]

    @rx.event
    @allow(Permission.assistant_use)
    async def set_open(self, open: bool):
        self.open, self.search, self.found = bool(open), "", []

    @rx.event
    @allow(Permission.assistant_use)
    async def set_search(self, text: str):
        self.search = str(text)[:100]
        self.found = []
        if len(self.search.strip()) < 2:
            return
        async with acting(self) as (session, actor):
            candidates = await people.colleagues(session, actor, self.search)
        have = {member.user_id for member in self.members}
        self.found = [_colleague(person) for person in candidates if str(person.user_id) not in have]

    @rx.event
    @allow(Permission.assistant_use)
    async def set_access(self, access: str):
        self.access = _parsed(access).value

    @rx.event
    @allow(Permission.assistant_use)
    async def share(self, user_id: str):
        async with acting(self) as (session, actor):
            await sharing.share(session, actor, parse_id(self._context_id), parse_id(user_id), _parsed(self.access))
        self.search, self.found = "", []
        return SharingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def change(self, user_id: str, access: str):
        async with acting(self) as (session, actor):
            await sharing.share(session, actor, parse_id(self._context_id), parse_id(user_id), _parsed(access))
        return SharingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def withdraw(self, user_id: str):
        async with acting(self) as (session, actor):
            await sharing.withdraw(session, actor, parse_id(self._context_id), parse_id(user_id))
        return SharingState.refresh

    @rx.event
    @allow(Permission.assistant_use)
    async def leave(self):
        """Give up one's own access; the thread then closes by itself."""
        async with acting(self) as (session, actor):
            await sharing.withdraw(session, actor, parse_id(self._context_id), actor.user)


def _parsed(access: str) -> Access:
    try:
        return Access(str(access))
    except ValueError:
        raise Invalid("Choose viewer or editor.") from None


def _view(member: sharing.SharedWith, here: bool, me: UUID) -> MemberView:
    return MemberView(
        str(member.user_id),
        member.name,
        initials_of(member.name),
        tone_of(member.user_id),
        member.access.value,
        here,
        member.user_id == me,
    )


def _colleague(person: people.Person) -> ColleagueView:
    detail = " · ".join(part for part in (person.role.label, person.department) if part)
    return ColleagueView(str(person.user_id), person.name, detail, initials_of(person.name), tone_of(person.user_id))
