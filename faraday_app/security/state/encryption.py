"""The keys that the organisation's data is encrypted with."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.permissions import Permission
from faraday_app.core.vault.rotation import progress_topic
from faraday_app.security.service import encryption
from faraday_app.security.views.encryption import DataKeyView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import Viewer, passing
from faraday_app.ui.times import short

_STATES = {"Current": "green", "Retired": "neutral", "Erased": "red"}


@passing
class EncryptionState(rx.State):
    rows: list[DataKeyView] = []
    loading: bool = True
    error: str = ""
    master: str = ""
    older: str = ""
    remaining: int = 0
    rotating: bool = False
    erasing: bool = False
    name_error: str = ""

    @rx.event
    @allow(Permission.encryption_manage)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {progress_topic(actor.organization): EncryptionState.refresh}
            await live.watch(self, "page.encryption", topics, actor.user, most_often=0.5)
        return EncryptionState.refresh

    @rx.event
    @allow(Permission.encryption_manage)
    async def refresh(self) -> None:
        self.error = ""
        zone = (await self.get_state(Viewer)).zone
        try:
            async with acting(self) as (session, actor):
                self._show(await encryption.overview(session, actor), zone)
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.encryption_manage)
    async def set_rotating(self, open: bool) -> None:
        self.rotating = bool(open)

    @rx.event
    @allow(Permission.encryption_manage)
    async def rotate(self) -> Any:
        self.rotating = False
        async with acting(self) as (session, actor):
            await encryption.rotate(session, actor)
        return [EncryptionState.refresh, ui.notify("A new key is in use. What older keys sealed is sealed anew.")]

    @rx.event
    @allow(Permission.encryption_manage)
    async def set_erasing(self, open: bool) -> None:
        self.erasing, self.name_error = bool(open), ""

    @rx.event
    @allow(Permission.encryption_manage)
    async def erase(self, form: dict[str, Any]) -> Any:
        self.name_error = ""
        try:
            async with acting(self) as (session, actor):
                await encryption.erase(session, actor, str(form.get("erase_name") or ""))
        except Invalid as error:
            self.name_error = error.message
            return None
        self.erasing = False
        return [EncryptionState.refresh, ui.notify("The keys are erased. What they sealed can no longer be read.")]

    def _show(self, found: encryption.Overview, zone: str) -> None:
        self.rows = [_view(key, zone) for key in found.keys]
        self.master, self.remaining = found.master, found.remaining
        self.older = ", ".join(sorted(set(found.masters) - {found.master}))


def _view(key: encryption.KeyInfo, zone: str) -> DataKeyView:
    state = "Erased" if key.erased_at else "Retired" if key.retired_at else "Current"
    return DataKeyView(
        str(key.id),
        short(key.created_at, zone),
        state,
        _STATES[state],
        short(key.erased_at or key.retired_at, zone),
        f"{key.sealed:,}",
        "—" if key.erased_at else key.master_key,
    )
