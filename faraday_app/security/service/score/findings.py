"""What security itself can find: in keys, in failed sign-ins, and in how Faraday is deployed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import mail
from faraday_app.core.clock import now
from faraday_app.core.permissions import Permission
from faraday_app.core.settings import settings
from faraday_app.security.models import ApiKey
from faraday_app.security.service import overview
from faraday_app.security.service.score import proof_findings as proof
from faraday_app.security.service.score.registry import Finding, check, people_words

UNUSED = timedelta(days=90)
OLD = timedelta(days=365)
MOST_KEYS = 2_000
RISING = 3  # times the usual number of failed sign-ins
FEWEST = 10  # failed sign-ins a day below which nothing is said
WIDE = {
    Permission.audit_read,
    Permission.credits_grant,
    Permission.people_manage,
    Permission.roles_manage,
    Permission.security_manage,
    Permission.sign_in_manage,
}
_KEYS = ("See the keys", "/keys")


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A key that works."""

    name: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeploymentFacts:
    """``local`` is an installation on somebody's own machine, which no HTTPS is expected of."""

    local: bool
    https: bool
    mail: bool


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """Failed sign-ins of the last day, and of each of the six before."""

    today: int
    earlier: tuple[int, ...]


async def read_keys(session: AsyncSession, organization_id: UUID) -> list[KeyFacts]:
    query = select(ApiKey).where(
        col(ApiKey.organization_id) == organization_id,
        col(ApiKey.revoked_at).is_(None),
        func.coalesce(ApiKey.expires_at, now() + OLD) > now(),
    )
    rows = (await session.scalars(query.order_by(col(ApiKey.id)).limit(MOST_KEYS))).all()
    return [KeyFacts(row.name, frozenset(row.scopes), row.created_at, row.expires_at, row.last_used_at) for row in rows]


async def read_deployment(session: AsyncSession, organization_id: UUID) -> DeploymentFacts:
    return DeploymentFacts(settings().environment == "local", settings().secure, mail.is_configured())


async def read_failures(session: AsyncSession, organization_id: UUID) -> FailureFacts:
    days = await overview.failures_by_span(session, organization_id, timedelta(days=1), 7)
    return FailureFacts(days[-1], tuple(days[:-1]))


def keys_without_expiry(keys: list[KeyFacts]) -> Finding | None:
    found = [key.name for key in keys if key.expires_at is None]
    why = "A key that leaks works until somebody notices. One that expires does not."
    return _keys("keys_without_expiry", 8, found, "never expires", "never expire", why)


def unused_keys(keys: list[KeyFacts]) -> Finding | None:
    found = [key.name for key in keys if (key.last_used_at or key.created_at) < now() - UNUSED]
    why = "Nobody would miss it, and nobody would notice that somebody else uses it."
    return _keys("unused_keys", 5, found, "was not used for 90 days", "were not used for 90 days", why)


def wide_keys(keys: list[KeyFacts]) -> Finding | None:
    found = [key.name for key in keys if len(key.scopes & WIDE) > 1]
    why = "Who has such a key can do what an administrator can. Give a program only what it needs."
    return _keys(
        "wide_keys",
        8,
        found,
        "may do much of what an administrator may",
        "may do much of what an administrator may",
        why,
    )


def old_keys(keys: list[KeyFacts]) -> Finding | None:
    found = [key.name for key in keys if key.created_at < now() - OLD]
    why = "The longer a secret is in use, the more places know it. Make a new one each year."
    return _keys("old_keys", 5, found, "is older than a year", "are older than a year", why)


def no_https(facts: DeploymentFacts) -> Finding | None:
    if facts.https:
        return None
    here = "That is fine for trying it out. Put it behind HTTPS before others use it: their passwords could be read."
    return Finding(
        "no_https",
        3 if facts.local else 40,
        "Faraday runs on this machine without HTTPS" if facts.local else "Faraday is reached without HTTPS",
        here if facts.local else "Passwords and sessions can be read by whoever is on the way.",
        "Everybody",
        "Set PUBLIC_URL to an https:// address where Faraday is deployed",
        "",
    )


def no_mail(facts: DeploymentFacts) -> Finding | None:
    if facts.mail:
        return None
    return Finding(
        "no_mail",
        6,
        "Urgent alerts cannot be sent by e-mail",
        "Whoever is told finds out only when they open Faraday.",
        "Everybody who is told of alerts",
        "Set SMTP_URL where Faraday is deployed",
        "",
    )


def rising_failures(facts: FailureFacts) -> Finding | None:
    usual = sum(facts.earlier) / max(len(facts.earlier), 1)
    if facts.today < FEWEST or facts.today <= RISING * usual:
        return None
    return Finding(
        "rising_failures",
        10,
        f"{facts.today:,} sign-ins failed within a day",
        f"On the six days before it were {usual:,.0f} a day. Somebody may be guessing passwords.",
        "The accounts that were tried",
        "See the failed sign-ins",
        "/audit",
    )


def _keys(key: str, weight: int, names: list[str], one: str, many: str, why: str) -> Finding | None:
    if not names:
        return None
    title = f"One API key {one}" if len(names) == 1 else f"{len(names):,} API keys {many}"
    return Finding(key, weight, title, why, people_words([f"“{name}”" for name in names], len(names)), *_KEYS)


def add_findings() -> None:
    """Called once by the roll-call."""
    check(read_keys, keys_without_expiry, unused_keys, wide_keys, old_keys)
    check(read_deployment, no_https, no_mail)
    check(read_failures, rising_failures)
    check(proof.read_proof, proof.late_seals, proof.unsigned_days)
    check(proof.read_encryption, proof.earlier_masters, proof.old_data_key)
