"""Providers: the list, adding and changing one, its keys, and whether it answers."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission
from faraday_app.gateway.service.managing import deployments, providers, testing
from faraday_app.gateway.service.managing.providers import Managed, ProviderTerms
from faraday_app.gateway.service.managing.testing import FoundModel
from faraday_app.gateway.state.forms import text_of
from faraday_app.gateway.views import Privacy
from faraday_app.gateway.views.providers import FoundView, ProviderRowView, found_view, provider_view
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import passing

FIELDS = ("name", "base_url", "region")


@passing
class ModelProvidersState(rx.State):
    rows: list[ProviderRowView] = []
    loading: bool = True
    error: str = ""

    editing: bool = False
    adding: bool = True
    name: str = ""
    base_url: str = ""
    region: str = ""
    privacy: str = "public"
    faults: dict[str, str] = {}
    problem: str = ""

    removing: bool = False
    removed: str = ""
    removed_with: str = ""

    _provider_id: str = ""
    _version: int = 0

    @rx.event
    @allow(Permission.models_manage)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {topic("models", actor.organization): ModelProvidersState.refresh}
            await live.watch(self, "page.providers", topics, actor.user)
        return ModelProvidersState.refresh

    @rx.event
    @allow(Permission.models_manage)
    async def refresh(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                self.rows = [provider_view(each) for each in await providers.list_providers(session, actor)]
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.models_manage)
    async def add(self) -> None:
        self._fill(None)

    @rx.event
    @allow(Permission.models_manage)
    async def edit(self, provider_id: str) -> None:
        async with acting(self) as (session, actor):
            self._fill(await providers.get_provider(session, actor, parse_id(provider_id)))

    @rx.event
    @allow(Permission.models_manage)
    async def set_editing(self, open: bool) -> None:
        self.editing = bool(open)

    @rx.event
    @allow(Permission.models_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.faults, self.problem = {}, ""
        try:
            terms = _terms(form)
            async with acting(self) as (session, actor):
                if self.adding:
                    await providers.add_provider(session, actor, terms)
                else:
                    id = parse_id(self._provider_id)
                    await providers.change_provider(session, actor, id, self._version, terms)
        except FaradayError as error:
            field = error.field if isinstance(error, Invalid) else ""
            self.faults = {field: error.message} if field in FIELDS else {}
            self.problem = "" if self.faults else error.message
            return None
        self.editing = False
        words = "Add a key next, then test it." if self.adding else "Calls go by it from now on."
        return [ModelProvidersState.refresh, ui.notify(f"{terms.name.strip()} is saved. {words}")]

    @rx.event
    @allow(Permission.models_manage)
    async def set_enabled(self, provider_id: str, enabled: bool) -> Any:
        async with acting(self) as (session, actor):
            await providers.set_enabled(session, actor, parse_id(provider_id), bool(enabled))
        words = "It is asked again." if enabled else "It is asked for nothing for now."
        return [ModelProvidersState.refresh, ui.notify(words)]

    @rx.event
    @allow(Permission.models_manage)
    async def ask_remove(self, provider_id: str) -> None:
        async with acting(self) as (session, actor):
            found = await providers.get_provider(session, actor, parse_id(provider_id))
        self._provider_id, self.removed = str(found.row.id), found.row.name
        count = found.deployments
        self.removed_with = (
            f" {count} model{'s are' if count != 1 else ' is'} not asked there any more." if count else ""
        )
        self.removing = True

    @rx.event
    @allow(Permission.models_manage)
    async def set_removing(self, open: bool) -> None:
        self.removing = bool(open)

    @rx.event
    @allow(Permission.models_manage)
    async def remove(self) -> Any:
        self.removing = False
        async with acting(self) as (session, actor):
            await providers.remove_provider(session, actor, parse_id(self._provider_id))
        return [ModelProvidersState.refresh, ui.notify(f"{self.removed} is removed.")]

    def _fill(self, found: Managed | None) -> None:
        self.faults, self.problem = {}, ""
        self.adding, self.editing = found is None, True
        row = found.row if found else None
        self._provider_id, self._version = (str(row.id), row.version) if row else ("", 0)
        self.name, self.base_url = (row.name, row.base_url) if row else ("", "")
        self.region, self.privacy = (row.region, row.privacy) if row else ("", Privacy.public.value)


@passing
class ProviderTestState(rx.State):
    """What a provider said when it was asked for its models. The first hundred that match are shown."""

    open: bool = False
    asking: bool = False
    provider: str = ""
    provider_id: str = ""
    took: str = ""
    search: str = ""
    found: list[FoundView] = []
    problem: str = ""

    _told: list[FoundModel] = []
    _known: list[str] = []

    @rx.event
    @allow(Permission.models_manage)
    async def ask(self, provider_id: str) -> Any:
        async with acting(self) as (session, actor):
            found = await providers.get_provider(session, actor, parse_id(provider_id))
        self.reset()
        self.provider, self.provider_id = found.row.name, str(found.row.id)
        self.open = self.asking = True
        return ProviderTestState.listen

    @rx.event
    @allow(Permission.models_manage)
    async def listen(self) -> None:
        async with acting(self) as (session, actor):
            self._known = await deployments.names_at(session, actor, parse_id(self.provider_id))
        try:
            tested = await testing.ask_for_models(actor, parse_id(self.provider_id))
        except FaradayError as error:
            self.problem = error.message
        else:
            self._told = list(tested.models)
            count = f"{len(self._told):,} models" if len(self._told) != 1 else "1 model"
            self.took = f"It answered in {tested.took_ms:,} ms and offers {count}."
            self._show()
        self.asking = False

    @rx.event
    @allow(Permission.models_manage)
    async def set_search(self, text: str) -> None:
        self.search = str(text)[:100]
        self._show()

    @rx.event
    @allow(Permission.models_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.models_manage)
    async def add(self, name: str) -> Any:
        """Goes on in the form of a new model."""
        from faraday_app.gateway.state.model_form import ModelFormState

        told = next((each for each in self._told if each.name == name), None)
        if told is None:
            return None
        self.open = False
        return ModelFormState.add_found(self.provider_id, told.name, told.window)

    def _show(self) -> None:
        sought, known = self.search.strip().lower(), set(self._known)
        matching = [each for each in self._told if sought in each.name.lower()]
        self.found = [found_view(each, known) for each in matching[:100]]


def _terms(form: dict[str, Any]) -> ProviderTerms:
    privacy = text_of(form, "provider_privacy")
    return ProviderTerms(
        text_of(form, "provider_name"),
        text_of(form, "provider_base_url"),
        text_of(form, "provider_region"),
        Privacy(privacy) if privacy in set(Privacy) else Privacy.public,
    )
