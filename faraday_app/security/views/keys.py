"""What the browser may know of API keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from faraday_app.core.budgets import Period
from faraday_app.core.money import credits_text
from faraday_app.core.permissions import Permission
from faraday_app.security.models import ApiKey

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KeyView:
    """``badge`` is empty where nothing is to be said; ``note`` is the second thing to know, such as an old key."""

    id: str
    name: str
    prefix: str
    scopes: list[str]
    used: str
    expires: str
    badge: str
    note: str
    owner: str
    made: str


# What a key can be made for. Permissions of pages that the HTTP API does not have are left out.
SCOPES = {
    Permission.addresses_manage: "Manage address rules",
    Permission.api_keys_manage: "Manage your API keys",  # pragma: allowlist secret
    Permission.assistant_use: "Use the assistant",
    Permission.audit_read: "Read the audit trail",
    Permission.classes_manage: "Make classes, and say who is in those you teach",
    Permission.classes_read: "See your classes",
    Permission.colleagues_read: "Find colleagues",
    Permission.coursework_manage: "Set assignments in the classes you teach",
    Permission.coursework_read: "See the assignments of your classes",
    Permission.coursework_submit: "Hand in work",
    Permission.credits_grant: "Grant credits",
    Permission.credits_read: "See credits",
    Permission.gradebook_calculate: "Calculate grades that are sent along",
    Permission.gradebook_manage: "Grade in the classes you teach",
    Permission.gradebook_read: "See the grades that are yours to see",
    Permission.guardians_manage: "Say whose parent somebody is",
    Permission.limits_manage: "Manage limits",
    Permission.materials_manage: "Put up materials in the classes you teach",
    Permission.materials_read: "See the materials of your classes",
    Permission.models_manage: "Manage models, their providers and routing",
    Permission.models_read: "See the models there are",
    Permission.notifications_read: "Read your notifications",
    Permission.oneroster_delete: "Remove line items and results over OneRoster",
    Permission.oneroster_read: "Read the gradebook over OneRoster",
    Permission.oneroster_write: "Send line items and results over OneRoster",
    Permission.people_invite: "Invite people",
    Permission.people_manage: "Change and deactivate people",
    Permission.people_read: "See people",
    Permission.presence_read: "See who is online",
    Permission.privacy_manage: "Decide how long records are kept, export and erase people",
    Permission.records_read: "See and take out what is kept about you and your children",
    Permission.roles_manage: "Change roles and give them",
    Permission.roles_read: "See roles and why something is allowed",
    Permission.rosters_manage: "Manage terms, bring in and export rosters",
    Permission.security_manage: "Work on incidents, see and revoke everybody's API keys",
    Permission.security_read: "See the security score, alerts and incidents",
}

PERIODS = {
    Period.day: "a day",
    Period.week: "a week",
    Period.month: "a month",
    Period.total: "in all",
}


def scope_words(scopes: list[str]) -> list[str]:
    return [words for scope, words in SCOPES.items() if scope.value in scopes] or ["Nothing on this page"]


def few(words: list[str]) -> list[str]:
    """For a row of a list: the first two, and how many more."""
    return words if len(words) < 4 else [*words[:2], f"and {len(words) - 2} more"]


def expiry_badge(expires_at: datetime | None, at: datetime) -> str:
    """Expired, expires in so many days when that is soon, else nothing."""
    if expires_at is None or expires_at > at + SOON:
        return ""
    if expires_at <= at:
        return "Expired"
    days = (expires_at - at + timedelta(hours=12)).days
    return "Expires today" if days == 0 else f"Expires in {days} day{'s' if days > 1 else ''}"


def budget_words(row: ApiKey, spent: int) -> str:
    """What there is to spend and what is spent: 12 of 50 credits a day."""
    if row.budget is None:
        return ""
    return f"{credits_text(spent)} of {credits_text(row.budget)} credits {PERIODS[Period(row.budget_period)]}"


def limit_words(row: ApiKey) -> str:
    if not row.limit_per_minute:
        return ""
    return f"{row.limit_per_minute:,} requests a minute, {row.burst or row.limit_per_minute:,} at once"
