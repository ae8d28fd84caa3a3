"""Adding a model, from scratch or as a provider told of it, and changing one."""

from typing import Any

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission, Role
from faraday_app.gateway.service.managing import listing, models, providers
from faraday_app.gateway.service.managing.deployments import Place
from faraday_app.gateway.service.managing.listing import Listed
from faraday_app.gateway.service.managing.models import ModelTerms
from faraday_app.gateway.state.forms import names_in, price_of, text_of, whole
from faraday_app.gateway.state.models import ModelsState
from faraday_app.gateway.views import Capability, Category
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import passing

FIELDS = {"name", "label", "context", "longest_answer", "provider", "upstream", "input", "output", "cached_input"}
WINDOW, ANSWER = 8_192, 1_024


@passing
class ModelFormState(rx.State):
    open: bool = False
    adding: bool = True
    name: str = ""
    label: str = ""
    category: str = "chat"
    context: str = ""
    longest_answer: str = ""
    tier: str = "2"
    capabilities: list[str] = []
    roles: list[str] = []
    fallbacks: str = ""
    larger: str = ""
    laxer: str = ""
    providers: list[tuple[str, str]] = []
    provider: str = ""
    upstream: str = ""
    known: str = ""
    faults: dict[str, str] = {}
    problem: str = ""

    _names: list[str] = []
    _model_id: str = ""
    _version: int = 0

    @rx.event
    @allow(Permission.models_manage)
    async def add(self) -> None:
        await self._begin()

    @rx.event
    @allow(Permission.models_manage)
    async def add_found(self, provider_id: str, name: str, window: int) -> None:
        """As a provider told of it; what it did not tell is a guess to be looked over."""
        await self._begin()
        told = min(max(int(window), 0), models.LARGEST_WINDOW)
        self.provider, self.upstream = str(parse_id(provider_id)), str(name)[:120]
        self.name = self._free_name(next((label for id, label in self.providers if id == self.provider), ""))
        self.label = self.upstream
        self.context = str(told or WINDOW)
        self.longest_answer = str(min(ANSWER, (told or WINDOW) // 2))

    @rx.event
    @allow(Permission.models_manage)
    async def edit(self, model_id: str) -> None:
        async with acting(self) as (session, actor):
            found = await listing.get_model(session, actor, parse_id(model_id))
            names = await models.names(session, actor)
        if found.built_in:
            raise Invalid("This model is set up by whoever runs this installation.")
        self._fill(found)
        self.known = ", ".join(name for name in names if name != found.name)

    @rx.event
    @allow(Permission.models_manage)
    async def set_open(self, open: bool) -> None:
        self.open = bool(open)

    @rx.event
    @allow(Permission.models_manage)
    async def save(self, form: dict[str, Any]) -> Any:
        self.faults, self.problem = {}, ""
        try:
            terms = _terms(form)
            await self._save(terms, form)
        except FaradayError as error:
            field = error.field if isinstance(error, Invalid) else ""
            self.faults = {field: error.message} if field in FIELDS else {}
            self.problem = "" if self.faults else error.message
            return None
        self.open = False
        words = "is in the catalogue." if self.adding else "is changed."
        return [ModelsState.refresh, ui.notify(f"{terms.label or terms.name} {words}")]

    async def _save(self, terms: ModelTerms, form: dict[str, Any]) -> None:
        async with acting(self) as (session, actor):
            if not self.adding:
                await models.change_model(session, actor, parse_id(self._model_id), self._version, terms)
                return
            chosen = form.get("model_provider")
            place = Place(parse_id(chosen), text_of(form, "model_upstream") or terms.name) if chosen else None
            await models.add_model(session, actor, terms, place, price_of(form))

    async def _begin(self) -> None:
        async with acting(self) as (session, actor):
            found = await providers.list_providers(session, actor)
            names = await models.names(session, actor)
        self.reset()
        self._names = names
        self.providers = [(str(each.row.id), each.row.name) for each in found]
        self.provider = self.providers[0][0] if self.providers else ""
        self.context, self.longest_answer, self.known = str(WINDOW), str(ANSWER), ", ".join(names)
        self.open = True

    def _free_name(self, provider: str) -> str:
        """The name of the model as it was found, told apart by its provider where there is one like it."""
        if self.upstream not in self._names:
            return self.upstream
        return f"{self.upstream}-{'-'.join(provider.lower().split())}"[:120]

    def _fill(self, found: Listed) -> None:
        self.reset()
        self.adding, self.open = False, True
        self._model_id, self._version = str(found.id), found.version
        self.name, self.label, self.category = found.name, found.label, found.category.value
        self.context, self.longest_answer, self.tier = str(found.context), str(found.longest_answer), str(found.tier)
        self.capabilities, self.roles = list(found.capabilities), list(found.roles)
        self.fallbacks, self.larger = ", ".join(found.fallbacks), ", ".join(found.larger)
        self.laxer = ", ".join(found.laxer)


def _terms(form: dict[str, Any]) -> ModelTerms:
    category = text_of(form, "model_category")
    return ModelTerms(
        text_of(form, "model_name"),
        text_of(form, "model_label"),
        Category(category) if category in set(Category) else Category.chat,
        whole(form, "model_context", "context"),
        whole(form, "model_longest_answer", "longest_answer"),
        frozenset(each for each in Capability if form.get(f"can_{each.value}")),
        whole(form, "model_tier", "tier"),
        frozenset(role for role in Role if form.get(f"for_{role.value}")),
        names_in(form, "model_fallbacks"),
        names_in(form, "model_larger"),
        names_in(form, "model_laxer"),
    )
