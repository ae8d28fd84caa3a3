"""Times as people say them, in the viewer's zone."""

from datetime import datetime, timedelta

from faraday_app.ui.session import zone_of


def ago(moment: datetime | None, now: datetime, zone: str) -> str:
    """How long ago: now, 5 min ago, 3 h ago, yesterday, Tuesday, 12 Nov, 12 Nov 2025; "never" for no time at all."""
    if moment is None:
        return "never"
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "now"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)} min ago"
    here, today = moment.astimezone(zone_of(zone)), now.astimezone(zone_of(zone)).date()
    days = (today - here.date()).days
    if days == 0:
        return f"{int(passed.total_seconds() // 3600)} h ago"
    if days == 1:
        return "yesterday"
    if days < 7:
        return f"{here:%A}"
    return f"{here.day} {here:%b}" + (f" {here.year}" if here.year != today.year else "")


def short(moment: datetime | None, zone: str) -> str:
    """Day and minute: 12 Nov 14:05, with the year when it is not this one."""
    if moment is None:
        return ""
    here = moment.astimezone(zone_of(zone))
    year = f" {here.year}" if here.year != datetime.now(zone_of(zone)).year else ""
    return f"{here.day} {here:%b}{year} {here:%H:%M}"
