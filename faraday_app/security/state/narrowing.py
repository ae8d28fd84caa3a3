"""The filters of the trail as an address, a saved search and the controls hold them: a few strings by name.

Whatever comes from outside passes ``cleaned``: what cannot be meant does not narrow.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from faraday_app.core.addresses import normal
from faraday_app.core.clock import now
from faraday_app.security.service.audit import OUTCOMES, AuditFilter
from faraday_app.security.service.audit_search import NARROWS
from faraday_app.security.service.record_views import SEEN
from faraday_app.security.views import actions_meant
from faraday_app.ui.session import zone_of

DAYS = {"today": 0, "7": 7, "30": 30}
NOTHING = dict.fromkeys(NARROWS, "")
LONGEST_TEXT = 100
_WORD = re.compile(r"[a-z0-9_.]{1,80}")
_REQUEST = re.compile(r"[0-9a-f]{1,32}")
_YEARS = range(2000, 2100)


def cleaned(asked: object) -> dict[str, str]:
    """Every filter by its name, empty where it does not narrow. ``seen`` stands for who saw this person."""
    given = asked if isinstance(asked, Mapping) else {}
    found = {name: clean(str(given.get(name) or "").replace("\x00", "")) for name, clean in _CLEAN.items()}
    if person := _id(str(given.get("seen") or "")):
        found |= {"action": SEEN, "target_type": "users", "target_id": person}
    return found


def subject(narrowed: Mapping[str, str]) -> str:
    """The person of whom it is asked who saw them."""
    is_that = narrowed["action"] == SEEN and narrowed["target_type"] == "users"
    return narrowed["target_id"] if is_that else ""


def narrowing_only(narrowed: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in narrowed.items() if value}


def address_of(narrowed: Mapping[str, str]) -> str:
    """Where the page shows just this."""
    short = narrowing_only(narrowed)
    if person := subject(narrowed):
        for name in ("action", "target_type", "target_id"):
            del short[name]
        short = {"seen": person, **short}
    return f"/audit?{urlencode(short)}" if short else "/audit"


def wanted(narrowed: Mapping[str, str], zone: str, before: UUID | None = None) -> AuditFilter:
    """As the service takes it; days are those of the viewer's zone, and the last one counts whole."""
    text = narrowed["text"].strip()
    return AuditFilter(
        text=text,
        meant=actions_meant(text),
        action=narrowed["action"],
        outcome=narrowed["outcome"],
        actor_id=UUID(narrowed["actor_id"]) if narrowed["actor_id"] else None,
        target_type=narrowed["target_type"],
        target_id=UUID(narrowed["target_id"]) if narrowed["target_id"] else None,
        address=narrowed["address"],
        request_id=narrowed["request_id"],
        since=_begin(narrowed["since"], zone),
        until=_begin(narrowed["until"], zone, days_on=1),
        before=before,
    )


def is_day(text: str) -> bool:
    return bool(text) and text not in DAYS


def moment_words(text: str, zone: str) -> str:
    """A day or a moment of a filter, as people say it."""
    moment = _begin(text, zone)
    if moment is None:
        return ""
    here = moment.astimezone(zone_of(zone))
    at = f" {here:%H:%M}" if "T" in text else ""
    return f"{here.day} {here:%b} {here.year}{at}"


def _begin(text: str, zone: str, days_on: int = 0) -> datetime | None:
    if not text:
        return None
    if text in DAYS:
        day = now().astimezone(zone_of(zone)).date() - timedelta(days=DAYS[text])
    elif "T" in text:
        return datetime.fromisoformat(text)
    else:
        day = date.fromisoformat(text) + timedelta(days=days_on)
    return datetime.combine(day, time.min, zone_of(zone))


def _day(text: str) -> str:
    """A day, or a moment that says its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    if moment.year not in _YEARS:
        return ""
    if len(text) <= len("2026-11-24"):
        return f"{moment:%Y-%m-%d}"
    return moment.isoformat() if moment.tzinfo else ""


def _since(text: str) -> str:
    return text if text in DAYS else _day(text)


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: text if pattern.fullmatch(text) else ""


_CLEAN: dict[str, Callable[[str], str]] = {
    "text": lambda text: text[:LONGEST_TEXT],
    "action": _matching(_WORD),
    "actor_id": _id,
    "since": _since,
    "until": _day,
    "target_type": _matching(_WORD),
    "target_id": _id,
    "outcome": lambda text: text if text in OUTCOMES else "",
    "address": lambda text: normal(text.strip()[:45]),
    "request_id": _matching(_REQUEST),
}
