"""Rules about addresses: from where an organisation's people and programs may call."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import Select, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import geo
from faraday_app.core.addresses import Book, Entry, Kind
from faraday_app.core.addresses.gate import Only, Rules, hits, rules
from faraday_app.core.addresses.rules import network_of
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, FaradayError, Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.models import AddressPolicy, AddressRule
from faraday_app.security.service.audit import record

MOST = 10_000  # rules of an organisation
MOST_LOADED = 200_000
PAGE = 50
LONGEST = timedelta(days=3_660)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule as it was asked for. ``what``: an address, a CIDR, or the two letters of a country."""

    kind: Kind
    what: str
    note: str = ""
    shadow: bool = False
    expires_at: datetime | None = None


async def list_rules(
    session: AsyncSession, actor: Actor, limit: int = PAGE, before: UUID | None = None
) -> list[AddressRule]:
    """Those that last, newest first; ``before`` is the keyset of the pager."""
    actor.must(Permission.addresses_manage)
    query = _of(actor).where(or_(col(AddressRule.expires_at).is_(None), col(AddressRule.expires_at) > now()))
    if before:
        query = query.where(col(AddressRule.id) < before)
    return list((await session.scalars(query.order_by(col(AddressRule.id).desc()).limit(limit))).all())


async def add_rule(session: AsyncSession, actor: Actor, wanted: Wanted) -> AddressRule:
    """A rule for the actor's organisation; for all when they act in none. Never one that locks out its maker."""
    actor.must(Permission.addresses_manage)
    what = spelled(wanted.what)
    if wanted.expires_at and not now() < wanted.expires_at <= now() + LONGEST:
        raise Invalid("Choose an end in the future, within ten years.", field="expires_at")
    await _serialised(session, actor)
    count = await session.scalar(select(func.count()).select_from(_of(actor).subquery()))
    if (count or 0) >= MOST:
        raise Invalid(f"There are {MOST:,} rules. Remove some, or write them as larger networks.")
    row = AddressRule(
        organization_id=actor.organization_id,
        kind=wanted.kind.value,
        what=what,
        note=wanted.note.strip()[:200],
        shadow=wanted.shadow,
        expires_at=wanted.expires_at,
    )
    if await session.scalar(_of(actor).where(col(AddressRule.kind) == row.kind, col(AddressRule.what) == what)):
        raise Conflict(f"There already is a rule to {wanted.kind} {what}. Remove it first.")
    session.add(row)
    await session.flush()
    await _keep_in(session, actor)
    _changed(session, actor, "address_rule.added", row)
    return row


async def set_shadow(session: AsyncSession, actor: Actor, rule_id: UUID, shadow: bool) -> AddressRule:
    """In shadow a rule only counts what it would have decided."""
    await _serialised(session, actor)
    row = await get_rule(session, actor, rule_id)
    row.shadow = shadow
    await session.flush()
    await _keep_in(session, actor)
    _changed(session, actor, "address_rule.shadowed" if shadow else "address_rule.enforced", row)
    return row


async def remove_rule(session: AsyncSession, actor: Actor, rule_id: UUID) -> None:
    await _serialised(session, actor)
    row = await get_rule(session, actor, rule_id)
    _changed(session, actor, "address_rule.removed", row)
    await session.delete(row)
    await session.flush()
    await _keep_in(session, actor)


async def get_rule(session: AsyncSession, actor: Actor, rule_id: UUID) -> AddressRule:
    actor.must(Permission.addresses_manage)
    row = await session.scalar(_of(actor).where(col(AddressRule.id) == rule_id))
    if row is None:
        raise NotFound("This rule does not exist any more.")
    return row


async def get_policy(session: AsyncSession, actor: Actor) -> Only:
    """Who may call from allowed addresses only."""
    actor.must(Permission.addresses_manage)
    row = await session.scalar(select(AddressPolicy).where(col(AddressPolicy.organization_id) == actor.organization))
    return Only(row.only_staff, row.only_api) if row else Only()


async def set_policy(session: AsyncSession, actor: Actor, only: Only) -> None:
    """Let staff, or programs, call from allowed addresses only; not while that would lock out whoever sets it."""
    actor.must(Permission.addresses_manage)
    await _serialised(session, actor)
    if (only.staff or only.api) and not (await _book(session, actor)).has_allowed:
        raise Invalid("Allow an address first: nobody could come in otherwise.")
    values = {"only_staff": only.staff, "only_api": only.api}
    row = AddressPolicy(organization_id=actor.organization)
    await session.execute(
        insert(AddressPolicy)
        .values(id=row.id, created_at=row.created_at, organization_id=actor.organization, **values)
        .on_conflict_do_update(index_elements=["organization_id"], set_=values)
    )
    await _keep_in(session, actor)
    record(session, actor, "address_policy.changed", None, **values)
    publish_on_commit(session, topic("addresses", actor.organization))


def spelled(text: str) -> str:
    """The one spelling of a CIDR or country; Invalid for anything else."""
    text = text.strip()
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    network = network_of(text)
    if network is None:
        raise Invalid("Enter an address, a network such as 203.0.113.0/24, or a country such as FR.", field="what")
    if network.prefixlen == 0:
        raise Invalid("That is every address there is. Choose a smaller network.", field="what")
    return str(network)


async def load() -> Rules:
    """What every worker goes by."""
    async with transaction(Actor.system()) as session:
        lasting = or_(col(AddressRule.expires_at).is_(None), col(AddressRule.expires_at) > now())
        rows = await session.execute(
            select(
                col(AddressRule.organization_id), col(AddressRule.id), col(AddressRule.kind), col(AddressRule.what),
                col(AddressRule.shadow), col(AddressRule.expires_at),
            ).where(lasting).limit(MOST_LOADED)
        )  # fmt: skip
        by: dict[UUID | None, list[Entry]] = {}
        for organization, id, kind, what, shadow, expires_at in rows:
            by.setdefault(organization, []).append(_entry(id, kind, what, shadow, expires_at))
        policies = (await session.scalars(select(AddressPolicy))).all()
    if any(network_of(entry.what) is None for entries in by.values() for entry in entries):
        await geo.load()
    books = {organization: Book.of(entries) for organization, entries in by.items()}
    everyone = books.pop(None, Book())
    only = {row.organization_id: Only(row.only_staff, row.only_api) for row in policies}
    return Rules(everyone, {id: book for id, book in books.items() if id}, only)


async def write_hits() -> None:
    """Add what was counted since the last time to the rules."""
    counts = hits.taken()
    if not counts:
        return
    statement = (
        update(AddressRule)
        .where(col(AddressRule.id) == bindparam("rule"))
        .values(hits=col(AddressRule.hits) + bindparam("more"), last_hit_at=func.now())
    )
    try:
        async with transaction(Actor.system()) as session:
            connection = await session.connection()
            await connection.execute(statement, [{"rule": id, "more": more} for id, more in sorted(counts.items())])
    except FaradayError as error:
        hits.give_back(counts)
        _log.warning("hits_not_written", error=str(error))


def _of(actor: Actor) -> Select[AddressRule]:
    """The rules that the actor looks after: their organisation's, or those for all."""
    query = select(AddressRule)
    if actor.organization_id is None:
        return query.where(col(AddressRule.organization_id).is_(None))
    return query.where(col(AddressRule.organization_id) == actor.organization_id)


def _entry(id: UUID, kind: str, what: str, shadow: bool, expires_at: datetime | None) -> Entry:
    return Entry(id, Kind(kind), what, shadow, expires_at.timestamp() if expires_at else 0.0)


async def _book(session: AsyncSession, actor: Actor) -> Book:
    rows = (await session.scalars(_of(actor))).all()
    if any(network_of(row.what) is None for row in rows):
        await geo.load()
    return Book.of(_entry(row.id, row.kind, row.what, row.shadow, row.expires_at) for row in rows)


async def _keep_in(session: AsyncSession, actor: Actor) -> None:
    """Refuse what would lock out the administrator who does it. Faraday itself has no address."""
    if actor.is_system or not actor.address:
        return
    book = await _book(session, actor)
    only = await get_policy(session, actor) if actor.organization_id else Only()
    verdict = book.verdict(actor.address, time.time())
    bound = only.staff or (only.api and actor.api_key_id is not None)
    if not verdict.allowed or (bound and not verdict.decided):
        raise Invalid(
            f"Your own address, {actor.address}, would be locked out. Allow it first, or try the rule in shadow.",
            field="what",
        )


async def _serialised(session: AsyncSession, actor: Actor) -> None:
    """One change at a time for an organisation: each is judged with all that came before."""
    actor.must(Permission.addresses_manage)
    key = f"addresses:{actor.organization_id or 'all'}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _changed(session: AsyncSession, actor: Actor, action: str, row: AddressRule) -> None:
    record(session, actor, action, row, name=row.what, kind=row.kind, shadow=row.shadow, note=row.note)
    publish_on_commit(session, topic("addresses", actor.organization_id or "all"))


def install() -> None:
    """Have this worker go by the rules. Once per process."""
    rules.install(load)


async def contains(text: str, address: str) -> bool:
    """Whether a CIDR or country, as somebody types it, contains an address. Invalid for what is neither."""
    what = spelled(text)
    if network_of(what) is None:
        await geo.load()
    return Book.of([Entry(new_id(), Kind.block, what)]).verdict(address, 0.0).decided
