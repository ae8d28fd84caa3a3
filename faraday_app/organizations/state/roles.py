"""The list of roles."""

from typing import Any

import reflex as rx

from faraday_app.core.errors import FaradayError
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission, Role
from faraday_app.organizations.service import roles
from faraday_app.organizations.views.roles import BUILT_IN_WORDS, RoleView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live


class RolesState(rx.State):
    rows: list[RoleView] = []
    total: str = ""
    loading: bool = True
    error: str = ""

    @rx.event
    @allow(Permission.roles_read)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {
                topic("roles", actor.organization): RolesState.refresh,
                topic("people", actor.organization): RolesState.refresh,
            }
            await live.watch(self, "page.roles", topics, actor.user, most_often=0.5)
        return RolesState.refresh

    @rx.event
    @allow(Permission.roles_read)
    async def refresh(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                found = await roles.list_roles(session, actor)
            self.rows = [_view(line) for line in found]
            self.total = str(len(found))
        except FaradayError as error:
            self.error = error.message
        self.loading = False


def _view(line: roles.RoleLine) -> RoleView:
    about = BUILT_IN_WORDS[Role(line.key)] if line.built_in else line.description
    return RoleView(line.key, line.name, about, line.built_in, f"{line.people:,}", str(line.permissions))
