"""What is amiss with what the audit trail is proved by, and with the keys that data is encrypted with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.database import as_faraday
from faraday_app.core.vault import rotation
from faraday_app.core.vault.keys import current_row, newest_master
from faraday_app.security.models import AuditBlock, AuditRoot
from faraday_app.security.service.score.registry import Finding

LATE = timedelta(minutes=15)  # a seal is due within seconds
SIGNED_BY = timedelta(hours=6)  # after midnight UTC
OLD = timedelta(days=365)

# What follows the newest block: an index leads to it, however long the trail is.
_WAITING = text(
    "select min(e.created_at) from audit_events e where e.organization_id = :organization"
    " and e.transaction_id >= :horizon and not exists (select 1 from audit_seals s where s.event_id = e.id)"
)


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """``waiting_since`` is the oldest event without a seal; ``unsigned``: a day that is over has no signature."""

    waiting_since: datetime | None
    unsigned: bool


@dataclass(frozen=True, slots=True)
class EncryptionFacts:
    """``earlier_masters`` still wrap a data key; ``made_at`` is when the data key in use was made."""

    earlier_masters: tuple[str, ...]
    made_at: datetime | None


async def read_proof(session: AsyncSession, organization_id: UUID) -> ProofFacts:
    async with as_faraday(session):
        ours = col(AuditBlock.organization_id) == organization_id
        horizon = await session.scalar(
            select(col(AuditBlock.horizon)).where(ours).order_by(col(AuditBlock.number).desc()).limit(1)
        )
        waiting = await session.scalar(_WAITING, {"organization": organization_id, "horizon": horizon or 0})
        signed = await session.scalar(
            select(func.max(AuditRoot.last_number)).where(col(AuditRoot.organization_id) == organization_id)
        )
        midnight = (now() - SIGNED_BY).replace(hour=0, minute=0, second=0, microsecond=0)
        unsigned = await session.scalar(
            select(col(AuditBlock.id))
            .where(ours, col(AuditBlock.number) > (signed or 0), col(AuditBlock.sealed_at) < midnight)
            .limit(1)
        )
    return ProofFacts(waiting, unsigned is not None)


async def read_encryption(session: AsyncSession, organization_id: UUID) -> EncryptionFacts:
    async with as_faraday(session):
        masters = await rotation.masters_needed(session, organization_id)
        key = await current_row(session, organization_id)
    newest, _ = newest_master()
    return EncryptionFacts(tuple(sorted(set(masters) - {newest})), key.created_at if key else None)


def late_seals(facts: ProofFacts) -> Finding | None:
    if facts.waiting_since is None or facts.waiting_since > now() - LATE:
        return None
    return Finding(
        "late_seals",
        15,
        "The newest events of the audit trail are not sealed",
        f"They wait since {facts.waiting_since:%-d %B, %H:%M} UTC. Until they are sealed, a change would not be found.",
        "The audit trail",
        "See to it that Faraday's background jobs run where it is deployed",
        "",
    )


def unsigned_days(facts: ProofFacts) -> Finding | None:
    if not facts.unsigned:
        return None
    return Finding(
        "unsigned_days",
        8,
        "A day of the audit trail is not signed",
        "Days are signed soon after midnight UTC. Without it, whoever rules the database could write the day anew.",
        "The audit trail",
        "See to it that Faraday's background jobs run where it is deployed",
        "",
    )


def earlier_masters(facts: EncryptionFacts) -> Finding | None:
    if not facts.earlier_masters:
        return None
    return Finding(
        "earlier_masters",
        8,
        "Encryption keys are still wrapped by an earlier master key",
        "A new master key protects nothing until they are wrapped by it, and the earlier one cannot be thrown away.",
        "What is encrypted for the organisation",
        "Run make rotate-keys where Faraday is deployed",
        "",
    )


def old_data_key(facts: EncryptionFacts) -> Finding | None:
    if facts.made_at is None or facts.made_at > now() - OLD:
        return None
    return Finding(
        "old_data_key",
        4,
        "The encryption key is older than a year",
        "The longer a key is in use, the more it gives away if it leaks. A new one takes a moment and loses nothing.",
        "What is encrypted for the organisation",
        "Rotate the encryption key",
        "/encryption",
    )
