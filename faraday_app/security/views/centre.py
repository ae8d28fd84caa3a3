"""What the browser may know of the security centre and of incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ua_parser import parse

from faraday_app.security.service.countries import COLUMNS, ROWS, Country, countries, name_of

TILE, STEP = 9, 10  # of the map, in its own units
WIDTH, HEIGHT = COLUMNS * STEP, ROWS * STEP

SEVERITIES = {"low": ("Low", "neutral"), "medium": ("Medium", "amber"), "high": ("High", "red")}
STATUSES = {"open": ("Open", "red"), "investigating": ("Investigating", "amber"), "resolved": ("Resolved", "green")}


@dataclass(frozen=True, slots=True)
class FindingView:
    id: str
    title: str
    why: str
    concerns: str
    act: str
    link: str
    then: str


@dataclass(frozen=True, slots=True)
class CountryView:
    """A row of the table and, where the country has one, its tile; ``x`` and ``y`` are empty for none."""

    id: str
    name: str
    count: str
    share: int
    x: str
    y: str
    middle: str
    foot: str
    strength: str


@dataclass(frozen=True, slots=True)
class TriedView:
    id: str
    name: str
    failures: str
    last: str


@dataclass(frozen=True, slots=True)
class OpenSessionView:
    id: str
    name: str
    initials: str
    tone: str
    device: str
    place: str
    seen: str
    own: bool


@dataclass(frozen=True, slots=True)
class KeyAgeView:
    id: str
    name: str
    meta: str
    age: str


@dataclass(frozen=True, slots=True)
class GuardianView:
    id: str
    name: str
    initials: str
    tone: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class AlertView:
    id: str
    title: str
    text: str
    when: str
    severity: str
    tone: str
    incident: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: str
    title: str
    severity: str
    severity_tone: str
    status: str
    status_tone: str
    assignee: str
    opened: str


@dataclass(frozen=True, slots=True)
class MomentView:
    id: str
    kind: str
    what: str
    meta: str
    text: str


def country_views(counted: Sequence[tuple[str, int]]) -> list[CountryView]:
    """The countries with the most sign-ins first; how strongly a tile is drawn follows its share of the largest."""
    largest, total = max((count for _, count in counted), default=1), sum(count for _, count in counted) or 1
    found = []
    for code, count in counted:
        found.append(
            CountryView(
                code or "local",
                name_of(code),
                f"{count:,}",
                round(100 * count / total),
                *_place(countries().get(code)),
                "strong" if count * 3 >= largest else "some",
            )
        )
    return found


def _place(country: Country | None) -> tuple[str, str, str, str]:
    """Corner of the tile, and where its code is written."""
    if country is None or country.column is None or country.row is None:
        return "", "", "", ""
    x, y = country.column * STEP, country.row * STEP
    return str(x), str(y), str(x + TILE / 2), str(y + 6.4)


@lru_cache(maxsize=1)
def map_tiles() -> str:
    """One path of every country's tile."""
    return "".join(
        f"M{each.column * STEP} {each.row * STEP}h{TILE}v{TILE}h-{TILE}z"
        for each in countries().values()
        if each.column is not None and each.row is not None
    )


@lru_cache(maxsize=1)
def map_codes() -> tuple[str, str, str]:
    """The letters of all codes in a row, and where across and down each of them stands."""
    placed = [each for each in countries().values() if each.column is not None and each.row is not None]
    across = [each.column * STEP + start for each in placed if each.column is not None for start in (1.1, 4.9)]
    down = [each.row * STEP + 6.4 for each in placed if each.row is not None for _ in each.code]
    return "".join(each.code for each in placed), " ".join(f"{x:g}" for x in across), " ".join(f"{y:g}" for y in down)


@lru_cache(maxsize=512)
def device_words(user_agent: str) -> str:
    """A browser as people say it: Chrome on Linux."""
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    return f"{browser} on {system}" if browser and system else browser or system or "Unknown browser"
