"""What a person wants of answers, on their own page."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.contexts.service import languages
from faraday_app.core.permissions import Permission
from faraday_app.ui.guard import acting, allow, viewer_of


class PreferencesState(rx.State):
    shown: bool = False
    language: str = ""

    @rx.event
    @allow(Permission.account_manage)
    async def enter(self) -> None:
        """Nothing for those who may not ask."""
        actor = await viewer_of(self)
        self.shown = actor is not None and actor.could(Permission.assistant_use)
        if self.shown:
            async with acting(self) as (session, actor):
                self.language = await languages.own(session, actor)

    @rx.event
    @allow(Permission.assistant_use)
    async def choose_language(self, language: str) -> Any:
        async with acting(self) as (session, actor):
            await languages.choose_own(session, actor, str(language))
        self.language = str(language)
        return ui.notify("Kept. It counts from your next question on.")
