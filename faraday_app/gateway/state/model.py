"""One model: what is known of it, where it is asked for, and what that costs."""

from typing import Any
from uuid import UUID

import reflex as rx

from faraday_app import ui
from faraday_app.core.errors import FaradayError, Invalid
from faraday_app.core.ids import parse_id
from faraday_app.core.permissions import Permission
from faraday_app.gateway.service import rating
from faraday_app.gateway.service.managing import deployments, figures, listing, prices, providers
from faraday_app.gateway.service.managing.deployments import Place
from faraday_app.gateway.service.managing.figures import Span
from faraday_app.gateway.service.managing.listing import Placed
from faraday_app.gateway.state.forms import amount_words, price_of, text_of, whole
from faraday_app.gateway.state.models import ModelsState
from faraday_app.gateway.views.catalogue import NONE, PlaceView, facts_of, place_view
from faraday_app.gateway.views.trials import ReasonView, reason_view
from faraday_app.ui.guard import acting, allow
from faraday_app.ui.session import Viewer, passing, zone_of

PLACE, PRICE = "place", "price"


@passing
class ModelState(rx.State):
    """The dialog of a model. ``form`` is which of its forms is open: none, of a place, or of a price."""

    open: bool = False
    id: str = ""
    label: str = ""
    built_in: bool = False
    facts: list[tuple[str, str]] = []
    places: list[PlaceView] = []
    reasons: list[ReasonView] = []
    span: str = ""

    form: str = ""
    about: str = ""
    providers: list[tuple[str, str]] = []
    provider: str = ""
    upstream: str = ""
    rank: str = "1"
    weight: str = "1"
    price_input: str = ""
    price_cached: str = ""
    price_output: str = ""
    faults: dict[str, str] = {}
    problem: str = ""

    _version: int = 0
    _place_id: str = ""
    _placed: list[Placed] = []

    @rx.event
    @allow(Permission.models_read)
    async def show(self, model_id: str) -> None:
        self.id, self.form = str(parse_id(model_id)), ""
        await self._read()
        self.open = True

    @rx.event
    @allow(Permission.models_read)
    async def set_open(self, open: bool) -> None:
        self.open, self.form = bool(open), ""

    @rx.event
    @allow(Permission.models_manage)
    async def add_place(self) -> None:
        await self._offer_providers()
        self._begin(PLACE, "Another place", "")
        self.provider = self.providers[0][0] if self.providers else ""
        self.upstream, self.rank, self.weight = "", "1", "1"

    @rx.event
    @allow(Permission.models_manage)
    async def edit_place(self, place_id: str) -> None:
        await self._offer_providers()
        place = self._found(place_id)
        self._begin(PLACE, place.provider, place_id)
        self.provider, self.upstream = str(place.provider_id), place.upstream
        self.rank, self.weight = str(place.rank), str(place.weight)

    @rx.event
    @allow(Permission.models_manage)
    async def set_price(self, place_id: str) -> None:
        place = self._found(place_id)
        self._begin(PRICE, f"{place.provider} · {place.upstream}", place_id)
        price = place.price
        self.price_input = amount_words(price.input) if price else ""
        self.price_cached = amount_words(price.cached_input) if price else ""
        self.price_output = amount_words(price.output) if price else ""

    @rx.event
    @allow(Permission.models_manage)
    async def back(self) -> None:
        self.form = ""

    @rx.event
    @allow(Permission.models_manage)
    async def save_place(self, form: dict[str, Any]) -> Any:
        self.faults, self.problem = {}, ""
        try:
            old = self._found(self._place_id) if self._place_id else None
            place = Place(
                parse_id(form.get("place_provider")),
                text_of(form, "place_upstream"),
                whole(form, "place_rank", "rank"),
                whole(form, "place_weight", "weight"),
                old.enabled if old else True,
            )
            async with acting(self) as (session, actor):
                if old:
                    await deployments.change_deployment(session, actor, old.id, self._version, place)
                else:
                    await deployments.add_deployment(session, actor, UUID(self.id), self._version, place)
        except FaradayError as error:
            self._refuse(error)
            return None
        return await self._done("Saved. Calls go by it from now on.")

    @rx.event
    @allow(Permission.models_manage)
    async def save_price(self, form: dict[str, Any]) -> Any:
        self.faults, self.problem = {}, ""
        zone = zone_of((await self.get_state(Viewer)).zone)
        try:
            terms = price_of(form, zone)
            if terms is None:
                raise Invalid("Enter an amount such as 500 or 2.5.", field="input")
            async with acting(self) as (session, actor):
                await prices.set_price(session, actor, parse_id(self._place_id), terms)
        except FaradayError as error:
            self._refuse(error)
            return None
        return await self._done("The price is set.")

    @rx.event
    @allow(Permission.models_manage)
    async def remove_price(self, price_id: str) -> Any:
        async with acting(self) as (session, actor):
            await prices.remove_price(session, actor, parse_id(price_id))
        return await self._done("The price that was to come is taken back.")

    @rx.event
    @allow(Permission.models_manage)
    async def set_place_enabled(self, place_id: str, enabled: bool) -> Any:
        old = self._found(place_id)
        place = Place(old.provider_id, old.upstream, old.rank, old.weight, bool(enabled))
        async with acting(self) as (session, actor):
            await deployments.change_deployment(session, actor, old.id, self._version, place)
        return await self._done("It is asked there again." if enabled else "It is not asked there for now.")

    @rx.event
    @allow(Permission.models_manage)
    async def remove_place(self, place_id: str) -> Any:
        async with acting(self) as (session, actor):
            await deployments.remove_deployment(session, actor, parse_id(place_id), self._version)
        return await self._done("It is not asked there any more.")

    async def _read(self) -> None:
        zone, span = (await self.get_state(Viewer)).zone, Span((await self.get_state(ModelsState)).span)
        async with acting(self) as (session, actor):
            found = await listing.get_model(session, actor, UUID(self.id))
            manages = actor.may(Permission.models_manage)
            counted = await figures.figures_of(session, actor, span) if manages else {}
            said = await rating.reasons(session, actor, found.name) if manages else []
        self.reasons = [reason_view(each, zone) for each in said]
        self.label, self.built_in, self._version = found.label, found.built_in, found.version
        self.facts, self._placed, self.span = facts_of(found), list(found.places), span.label
        self.places = [
            place_view(
                place,
                counted.get(place.id, NONE) if manages else None,
                figures.moment_of(actor, place.id) if manages else None,
                zone,
            )
            for place in found.places
        ]

    async def _done(self, words: str) -> Any:
        self.form = ""
        await self._read()
        return [ModelsState.refresh, ui.notify(words)]

    async def _offer_providers(self) -> None:
        async with acting(self) as (session, actor):
            found = await providers.list_providers(session, actor)
        self.providers = [(str(each.row.id), each.row.name) for each in found]

    def _begin(self, form: str, about: str, place_id: str) -> None:
        self.form, self.about, self._place_id, self.faults, self.problem = form, about, place_id, {}, ""

    def _refuse(self, error: FaradayError) -> None:
        field = error.field if isinstance(error, Invalid) else ""
        self.faults = {field: error.message} if field else {}
        self.problem = "" if field else error.message

    def _found(self, place_id: str) -> Placed:
        wanted = parse_id(place_id)
        found = next((place for place in self._placed if place.id == wanted), None)
        if found is None:
            raise Invalid("This place is gone. Close the dialog and look again.")
        return found
