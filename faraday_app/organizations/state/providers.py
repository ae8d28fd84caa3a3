"""The identity providers of the organisation, as an administrator sees them."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import Conflict, FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.outbox import topic
from faraday_app.core.permissions import Permission, Role
from faraday_app.core.settings import settings
from faraday_app.organizations.models import IdentityProvider
from faraday_app.organizations.service import providers
from faraday_app.organizations.service.providers import Terms
from faraday_app.organizations.state.choices import parse_role
from faraday_app.organizations.views import ProviderView
from faraday_app.ui.guard import acting, allow, viewer_of
from faraday_app.ui.live import live
from faraday_app.ui.session import passing

FIELDS = ("label", "issuer", "client_id", "secret", "domains")


@passing
class ProvidersState(rx.State):
    rows: list[ProviderView] = []
    loading: bool = True
    error: str = ""
    callback: str = ""

    editing: bool = False
    adding: bool = True
    label: str = ""
    issuer: str = ""
    client_id: str = ""
    domains: str = ""
    role: str = ""
    faults: dict[str, str] = {}
    problem: str = ""

    removing: bool = False
    removed: str = ""

    _provider_id: str = ""
    _version: int = 0

    @rx.event
    @allow(Permission.sign_in_manage)
    async def enter(self) -> Any:
        if actor := await viewer_of(self):
            topics = {topic("providers", actor.organization): ProvidersState.refresh}
            await live.watch(self, "page.providers", topics, actor.user)
        self.callback = f"{settings().site(str(self.router.url.origin))}/auth/oidc/callback"
        return ProvidersState.refresh

    @rx.event
    @allow(Permission.sign_in_manage)
    async def refresh(self) -> None:
        self.error = ""
        try:
            async with acting(self) as (session, actor):
                self.rows = [_view(provider) for provider in await providers.list_providers(session, actor)]
        except FaradayError as error:
            self.error = error.message
        self.loading = False

    @rx.event
    @allow(Permission.sign_in_manage)
    async def add(self) -> None:
        self._fill(None)

    @rx.event
    @allow(Permission.sign_in_manage)
    async def edit(self, provider_id: str) -> None:
        async with acting(self) as (session, actor):
            self._fill(await providers.get_provider(session, actor, parse_id(provider_id)))

    @rx.event
    @allow(Permission.sign_in_manage)
    async def set_editing(self, open: bool) -> None:
        self.editing = bool(open)

    @rx.event
    @allow(Permission.sign_in_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.faults, self.problem = {}, ""
        try:
            terms = _terms(form)
            await self._save(terms)
        except (Invalid, Conflict) as error:
            field = getattr(error, "field", "")
            self.faults = {field: error.message} if field in FIELDS else {}
            self.problem = "" if self.faults else error.message
        except FaradayError as error:
            self.problem = error.message
        else:
            self.editing = False
            return [ProvidersState.refresh, ui.notify(f"People can now continue with {terms.label.strip()}.")]
        return None

    @rx.event
    @allow(Permission.sign_in_manage)
    async def set_enabled(self, provider_id: str, enabled: bool) -> Any:
        async with acting(self) as (session, actor):
            await providers.set_enabled(session, actor, parse_id(provider_id), bool(enabled))
        words = "The sign-in page offers it again." if enabled else "Nobody can sign in with it for now."
        return [ProvidersState.refresh, ui.notify(words)]

    @rx.event
    @allow(Permission.sign_in_manage)
    async def ask_remove(self, provider_id: str) -> None:
        self._provider_id = str(parse_id(provider_id))
        self.removed = next((row.label for row in self.rows if row.id == self._provider_id), "")
        self.removing = True

    @rx.event
    @allow(Permission.sign_in_manage)
    async def set_removing(self, open: bool) -> None:
        self.removing = bool(open)

    @rx.event
    @allow(Permission.sign_in_manage)
    async def remove(self) -> Any:
        self.removing = False
        async with acting(self) as (session, actor):
            await providers.remove_provider(session, actor, parse_id(self._provider_id))
        return [ProvidersState.refresh, ui.notify(f"{self.removed} is removed.")]

    def _fill(self, provider: IdentityProvider | None) -> None:
        """The form, without the secret: that never comes back."""
        self.faults, self.problem = {}, ""
        self.adding, self.editing = provider is None, True
        self._provider_id, self._version = (str(provider.id), provider.version) if provider else ("", 0)
        self.label = provider.label if provider else ""
        self.issuer = provider.issuer if provider else ""
        self.client_id = provider.client_id if provider else ""
        self.domains = ", ".join(provider.domains) if provider else ""
        self.role = (provider.role or "") if provider else ""

    async def _save(self, terms: Terms) -> None:
        async with acting(self) as (session, actor):
            if self.adding:
                await providers.add_provider(session, actor, terms)
            else:
                await providers.change_provider(session, actor, parse_id(self._provider_id), self._version, terms)


def _terms(form: dict[str, Any]) -> Terms:
    text = {name: str(form.get(f"provider_{name}", "")) for name in FIELDS}
    role = parse_role(form["provider_role"]) if form.get("provider_role") else None
    domains = tuple(text["domains"].replace(",", " ").split())
    return Terms(text["label"], text["issuer"], text["client_id"], text["secret"], domains, role)


def _view(provider: IdentityProvider) -> ProviderView:
    who = f"newcomers join as {Role(provider.role).label.lower()}" if provider.role else "only who was invited"
    domains = ", ".join(provider.domains)
    terms = f"{domains} · {who}" if domains else who
    return ProviderView(str(provider.id), provider.label, provider.issuer, terms, provider.enabled)
