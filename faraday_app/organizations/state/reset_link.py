"""A link for a person who has forgotten their password, where no e-mail can be sent."""

import reflex as rx

from faraday_app.core.database import transaction
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Actor, Permission
from faraday_app.core.settings import settings
from faraday_app.organizations.service import people, recovery
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing


@passing
class ResetLinkState(rx.State):
    """The link goes with the dialog: it cannot be shown again."""

    link: str = ""
    name: str = ""

    @rx.event
    @allow(Permission.people_manage)
    async def make(self, user_id: str) -> None:
        async with acting(self) as (session, actor):
            person = await people.get_person(session, actor, parse_id(user_id))
        async with transaction(Actor.system(actor.organization)) as session:
            token = await recovery.make_reset_link(session, actor, person.user_id)
        self.name = person.name
        self.link = f"{settings().site(str(self.router.url.origin))}/reset?token={token}"

    @rx.event
    @allow(Permission.people_manage)
    async def set_open(self, open: bool) -> None:
        if not open:
            self.link = self.name = ""
