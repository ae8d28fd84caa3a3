"""Addresses that were blocked automatically: told in the trail, released by an administrator."""

from ipaddress import ip_network
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core import abuse as store
from faraday_app.core.abuse import WORDS, Block, Violation, abuse
from faraday_app.core.addresses import Book
from faraday_app.core.addresses.gate import rules
from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.security.service.audit import record

MOST = 100


async def list_blocks(actor: Actor) -> list[Block]:
    """Those that touched somebody of the actor's organisation, or nobody's account; newest first."""
    actor.must(Permission.addresses_manage)
    return [block for block in await store.list_blocks() if _concerns(block, actor)][:MOST]


async def release(session: AsyncSession, actor: Actor, place: str) -> None:
    """Let an address in again at once; its count begins anew."""
    found = next((block for block in await list_blocks(actor) if block.place == place), None)
    if found is None:
        raise NotFound("This address is not blocked any more.")
    record(session, actor, "address.released", None, name=place, level=found.level)
    await session.flush()
    await store.release(place)


def reason(block: Block) -> str:
    """Why, in words: the kinds of violation, the heaviest first."""
    kinds = sorted(block.causes, key=lambda kind: -block.causes[kind])
    return ", ".join(WORDS[Violation(kind)] for kind in kinds if kind in set(Violation)) or "many violations"


async def spares(place: str, organizations: list[str]) -> bool:
    """Whether every organisation that was touched allows this address explicitly: then it is not blocked."""
    address = str(ip_network(place).network_address)
    known = (await rules.fresh()).books
    verdicts = [known.get(UUID(id), Book()).verdict(address, 0.0) for id in organizations]
    return bool(verdicts) and all(verdict.decided and verdict.allowed for verdict in verdicts)


async def write_block(block: Block) -> None:
    """Faraday's own doing, in the trail of each organisation that was touched, else in nobody's."""
    touched: list[UUID | None] = [UUID(id) for id in block.organizations]
    for organization in touched or [None]:
        faraday = Actor.system(organization)
        async with transaction(faraday) as session:
            record(
                session,
                faraday,
                "address.blocked",
                None,
                name=block.place,
                reason=reason(block),
                causes=block.causes,
                score=block.score,
                people_there=block.people,
                minutes=round((block.until - block.since) / 60),
                level=block.level,
            )


def install() -> None:
    """Have this worker know the blocks and write down those it makes. Once per process."""
    store.install()
    abuse.spares = spares
    if write_block not in abuse.on_block:
        abuse.on_block.append(write_block)


def _concerns(block: Block, actor: Actor) -> bool:
    return not block.organizations or str(actor.organization) in block.organizations
