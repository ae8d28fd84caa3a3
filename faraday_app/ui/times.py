"""Times as people say them, in the viewer's zone."""

from datetime import UTC, datetime, timedelta

from faraday_app.core.errors import Invalid
from faraday_app.ui.session import zone_of


def ago(moment: datetime | None, now: datetime, zone: str) -> str:
    """How long ago: now, 5 min ago, 3 h ago, yesterday, Tuesday, 12 Nov, 12 Nov 2025; "never" for no time at all."""
    if moment is None:
        return "never"
    passed = now - moment
    here, today = moment.astimezone(zone_of(zone)), now.astimezone(zone_of(zone)).date()
    days = (today - here.date()).days
    if passed < timedelta(minutes=1):
        said = "now"
    elif passed < timedelta(hours=1):
        said = f"{int(passed.total_seconds() // 60)} min ago"
    elif days == 0:
        said = f"{int(passed.total_seconds() // 3600)} h ago"
    elif days == 1:
        said = "yesterday"
    elif days < 7:
        said = f"{here:%A}"
    else:
        said = f"{here.day} {here:%b}" + (f" {here.year}" if here.year != today.year else "")
    return said


def short(moment: datetime | None, zone: str) -> str:
    """Day and minute: 12 Nov 14:05, with the year when it is not this one."""
    if moment is None:
        return ""
    here = moment.astimezone(zone_of(zone))
    year = f" {here.year}" if here.year != datetime.now(zone_of(zone)).year else ""
    return f"{here.day} {here:%b}{year} {here:%H:%M}"


def moment_of(text: object, zone: str, field: str) -> datetime | None:
    """The time in a field of the viewer's; nothing for an empty one."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text)[:19]).replace(tzinfo=zone_of(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("Enter a day and a time.", field=field) from None
    if not 2000 <= moment.year <= 2100:
        raise Invalid("Enter a day of this century.", field=field)
    return moment


def field_text(moment: datetime | None, zone: str) -> str:
    """As a field for day and time wants it."""
    return f"{moment.astimezone(zone_of(zone)):%Y-%m-%dT%H:%M}" if moment else ""
