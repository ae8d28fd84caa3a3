"""What a browser may know of the catalogue, and how it is put into words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from faraday_app.core.money import credits_text
from faraday_app.core.permissions import Role
from faraday_app.gateway.service.managing.figures import Figures, Moment
from faraday_app.gateway.service.managing.listing import Listed, Placed
from faraday_app.gateway.views import Capability, Category, Price, Privacy
from faraday_app.ui.times import short

CATEGORIES = [(category.value, category.value.capitalize()) for category in Category]
CAPABILITIES = {Capability.tools: "Tools", Capability.json: "Structured answers", Capability.images: "Images"}
PRIVACIES = [(privacy.value, privacy.label) for privacy in Privacy]
NONE = Figures()


@dataclass(frozen=True, slots=True)
class ModelView:
    """A line of the catalogue. The figures are empty for those who do not manage models."""

    id: str
    name: str
    label: str
    category: str
    window: str
    price: str
    privacy: str
    masked: bool
    state: str
    tone: str
    built_in: bool
    enabled: bool
    calls: str = ""
    failed: str = ""
    first: str = ""
    liked: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A deployment, with how it fares for those who manage models."""

    id: str
    provider: str
    meta: str
    masked: bool
    price: str
    coming: str
    coming_id: str
    state: str
    tone: str
    enabled: bool
    lately: str = ""
    costs: str = ""


def model_view(listed: Listed, figures: Mapping[UUID, Figures] | None) -> ModelView:
    state, tone = _state(listed)
    told = _told(listed.places, figures) if figures is not None else ("", "", "", "")
    return ModelView(
        str(listed.id),
        listed.name,
        listed.label,
        listed.category.value.capitalize(),
        f"{listed.context:,}",
        price_words(_dearest(listed.places)),
        _least_trusted(listed.places),
        any(not place.trusted for place in listed.places),
        state,
        tone,
        listed.built_in,
        listed.enabled,
        *told,
    )


def facts_of(listed: Listed) -> list[tuple[str, str]]:
    """What is known of a model, as names and values."""
    able = [CAPABILITIES[Capability(each)] for each in listed.capabilities]
    roles = [Role(role).label for role in listed.roles if role in set(Role)]
    facts = [
        ("Name", listed.name),
        ("Category", listed.category.value.capitalize()),
        ("Window", f"{listed.context:,} tokens"),
        ("Longest answer", f"{listed.longest_answer:,} tokens"),
        ("Can do", ", ".join(able) or "Text only"),
        ("Quality", f"{listed.tier} of 5"),
        ("For", ", ".join(roles) or "Everybody"),
        ("When it fails", ", ".join(listed.fallbacks)),
        ("For longer texts", ", ".join(listed.larger)),
        ("When it refuses", ", ".join(listed.laxer)),
    ]
    return [(name, value) for name, value in facts if value]


def place_view(place: Placed, figures: Figures | None, moment: Moment | None, zone: str) -> PlaceView:
    state, tone = _place_state(place, moment)
    terms = [place.upstream, place.region, place.privacy.label, f"rank {place.rank}", f"weight {place.weight}"]
    coming = place.next_price
    return PlaceView(
        str(place.id),
        place.provider,
        " · ".join(filter(None, terms)),
        not place.trusted,
        price_words(place.price),
        f"From {short(coming[1], zone)}: {price_words(coming[2])}" if coming else "",
        str(coming[0]) if coming else "",
        state,
        tone,
        place.enabled,
        _lately(figures) if figures is not None else "",
        _costs(figures) if figures is not None else "",
    )


def price_words(price: Price | None) -> str:
    """Credits for 1,000 tokens."""
    if price is None:
        return "No price yet"
    if not (price.input or price.output):
        return "Free"
    return f"{credits_text(price.input // 1_000)} in, {credits_text(price.output // 1_000)} out"


def time_words(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "–"
    return f"{milliseconds} ms" if milliseconds < 1_000 else f"{milliseconds / 1_000:.1f} s"


def _state(listed: Listed) -> tuple[str, str]:
    if not listed.enabled:
        return "Disabled", "neutral"
    asked = [place for place in listed.places if place.enabled and place.provider_enabled]
    return ("Offered", "green") if asked else ("Nowhere to ask", "amber")


def _place_state(place: Placed, moment: Moment | None) -> tuple[str, str]:
    if not place.enabled:
        return "Disabled", "neutral"
    if not place.provider_enabled:
        return "Provider disabled", "neutral"
    if moment is None:
        return "Ready", "green"
    if moment.cooling:
        return f"Left alone for {moment.cooling.seconds:.0f} s: {moment.cooling.why.lower()}", "amber"
    return (f"{moment.open} open", "iris") if moment.open else ("Ready", "green")


def _told(places: Iterable[Placed], figures: Mapping[UUID, Figures]) -> tuple[str, str, str, str]:
    found = [figures[place.id] for place in places if place.id in figures]
    calls = sum(each.calls for each in found)
    if not calls:
        return "No calls", "", "", _liked(found)
    busiest = max(found, key=lambda each: each.calls)
    failed = _share(sum(each.failed for each in found), calls)
    return _calls(calls), failed, time_words(busiest.first_p50), _liked(found)


def _lately(figures: Figures) -> str:
    if not figures.calls:
        return "No calls"
    parts = [
        _calls(figures.calls),
        f"{_share(figures.failed, figures.calls)} failed",
        f"first token {time_words(figures.first_p50)} (p95 {time_words(figures.first_p95)})",
    ]
    parts += [f"{figures.speed:.0f} tokens/s"] if figures.speed else []
    return " · ".join([*parts, *([f"liked {_liked([figures])}"] if figures.liked + figures.disliked else [])])


def _costs(figures: Figures) -> str:
    if not figures.calls:
        return ""
    tokens = f"{figures.prompt_tokens:,} tokens in, {figures.answer_tokens:,} out"
    return f"{tokens} · {credits_text(figures.cost)} credits"


def _liked(found: list[Figures]) -> str:
    """Of the answers that were judged; empty where none was."""
    liked = sum(each.liked for each in found)
    judged = liked + sum(each.disliked for each in found)
    return f"{liked} of {judged}" if judged else ""


def _calls(count: int) -> str:
    return f"{count:,} calls" if count != 1 else "1 call"


def _share(part: int, whole: int) -> str:
    share = part * 100 / whole
    return f"{share:.0f} %" if share >= 10 or not part else f"{share:.1f} %"


def _dearest(places: Iterable[Placed]) -> Price | None:
    prices = [place.price for place in places if place.price is not None]
    return max(prices, key=lambda price: (price.output, price.input), default=None)


def _least_trusted(places: Iterable[Placed]) -> str:
    order = list(Privacy)
    found = max((order.index(place.privacy) for place in places), default=None)
    return "–" if found is None else order[found].label
