"""What a form says about when a rule holds, and what a rule says to a form."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from faraday_app.core.authorization import DAYS, Conditions, Hours
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid
from faraday_app.ui.times import moment_of

THINGS = ("own_department", "own_class", "own_child")


def end_of(text: object, zone: str) -> datetime | None:
    """The time in a field of the viewer's, which must be to come; nothing for an empty one."""
    moment = moment_of(text, zone, "expires_at")
    if moment and moment <= now():
        raise Invalid("Choose an end in the future.", field="expires_at")
    return moment


def conditions_of(form: dict[str, Any]) -> Conditions:
    """Of the dialog's form. Hours count when a day is ticked."""
    days = [number for number, day in enumerate(DAYS) if form.get(f"day_{day.lower()}")]
    try:
        hours = Hours(days=tuple(days), start=_clock(form, "start"), end=_clock(form, "end")) if days else None
        things = {name: bool(form.get(name)) for name in THINGS}
        addresses = tuple(str(form.get("addresses", ""))[:2_000].split())
        return Conditions(**things, hours=hours, addresses=addresses)
    except ValidationError as error:
        about = str(error.errors()[0]["loc"][0])
        words = "Enter addresses such as 192.0.2.0/24, one a line." if about == "addresses" else "Enter times as 08:00."
        raise Invalid(words, field=about) from None


def _clock(form: dict[str, Any], name: str) -> str:
    return str(form.get(name) or "00:00")[:5]
