"""What the browser may know of what its person was told."""

from dataclasses import dataclass

from faraday_app.notifications.models import Notification
from faraday_app.notifications.service import MOST_COUNTED


@dataclass(frozen=True, slots=True)
class NotificationView:
    id: str
    title: str
    text: str
    link: str
    when: str
    unread: bool
    times: str


def view_of(row: Notification, when: str) -> NotificationView:
    times = f"{row.count} times" if row.count > 1 else ""
    return NotificationView(str(row.id), row.title, row.text, row.link, when, row.read_at is None, times)


def count_text(unread: int) -> str:
    """On the bell: nothing for nothing, and no more than it can tell for sure."""
    return "" if not unread else f"{MOST_COUNTED - 1}+" if unread >= MOST_COUNTED else str(unread)


def bell_label(unread: int) -> str:
    """The bell, read aloud."""
    return f"Notifications, {count_text(unread) or 'none'} unread"
