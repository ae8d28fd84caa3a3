"""What other domains ask of security."""

from faraday_app.core.limits import work
from faraday_app.security.service import (
    addresses,
    api_keys,
    attempts,
    audit,
    audit_searches,
    blocks,
    challenges,
    devices,
    encryption,
    limits,
    sessions,
    tickets,
    traffic,
)
from faraday_app.security.service.audit import record
from faraday_app.security.service.record_views import seen
from faraday_app.security.service.refusals import keep_refusal

__all__ = [
    "addresses",
    "api_keys",
    "attempts",
    "audit",
    "audit_searches",
    "blocks",
    "challenges",
    "devices",
    "encryption",
    "keep_refusal",
    "limits",
    "record",
    "seen",
    "sessions",
    "tickets",
    "traffic",
]


def install() -> None:
    """Give core what only the database knows: limits, addresses, blocks. Once per process."""
    limits.install()
    addresses.install()
    blocks.install()
    if addresses.write_hits not in work.ALSO:
        work.ALSO.append(addresses.write_hits)
