"""What a key may be restricted to, and that a key never makes a wider one than itself."""

import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from faraday_app.core.budgets import Period
from faraday_app.core.errors import Invalid
from faraday_app.core.money import MOST
from faraday_app.core.permissions import Actor
from faraday_app.security.models import ApiKey

MOST_ADDRESSES = 50
MOST_PER_MINUTE = 100_000

# The roll-call adds the catalogue's names: models are known in a tier above.
OFFERED_MODELS: list[Callable[[Actor], Awaitable[Sequence[str]]]] = []


@dataclass(frozen=True, slots=True)
class Restrictions:
    """Empty fields do not restrict. ``budget`` in micro-credits a period."""

    addresses: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    budget: int | None = None
    budget_period: Period = Period.month
    limit_per_minute: int | None = None
    burst: int | None = None


async def offered_models(actor: Actor) -> list[str]:
    """The names of the models that this person may use."""
    return [name for names in OFFERED_MODELS for name in await names(actor)]


def cleaned(wanted: Restrictions, offered: Sequence[str]) -> Restrictions:
    """The same with networks in their shortest writing; Invalid names the field that cannot be used."""
    for model in wanted.models:
        if model not in offered:
            raise Invalid(f"There is no model “{model[:120]}”.", field="models")
    if wanted.budget is not None and not 0 < wanted.budget <= MOST:
        raise Invalid("Enter a budget above 0 and up to 1,000,000,000 credits.", field="budget")
    for name in ("limit_per_minute", "burst"):
        value = getattr(wanted, name)
        if value is not None and not 0 < value <= MOST_PER_MINUTE:
            raise Invalid(f"Enter a number from 1 to {MOST_PER_MINUTE:,}.", field=name)
    if wanted.burst and not wanted.limit_per_minute:
        raise Invalid("Requests at once need a limit per minute beside them.", field="limit_per_minute")
    return replace(wanted, addresses=clean_networks(wanted.addresses), models=tuple(dict.fromkeys(wanted.models)))


def clean_networks(addresses: Sequence[str]) -> tuple[str, ...]:
    if len(addresses) > MOST_ADDRESSES:
        raise Invalid(f"List at most {MOST_ADDRESSES} networks.", field="addresses")
    try:
        return tuple(dict.fromkeys(str(ipaddress.ip_network(each.strip(), strict=False)) for each in addresses))
    except ValueError:
        raise Invalid(
            "Enter addresses such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.", field="addresses"
        ) from None


def works_from(networks: Sequence[str], address: str) -> bool:
    """Whether an address lies in one of the networks; no network restricts nothing."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in ipaddress.ip_network(network) for network in networks)


def narrowed(wanted: Restrictions, maker: ApiKey) -> Restrictions:
    """What a key that is made with another one gets: the maker's where nothing is said, never anything wider."""
    if outside := [each for each in wanted.addresses if maker.addresses and not _inside(each, maker.addresses)]:
        raise Invalid(f"The key you use does not work from {outside[0]}.", field="addresses")
    if more := [each for each in wanted.models if maker.models and each not in maker.models]:
        raise Invalid(f"The key you use may not use {more[0]}.", field="models")
    if wanted.budget and maker.budget and wanted.budget_period == maker.budget_period and wanted.budget > maker.budget:
        raise Invalid("The key you use has a smaller budget.", field="budget")
    for name in ("limit_per_minute", "burst"):
        value, most = getattr(wanted, name), getattr(maker, name) or maker.limit_per_minute
        if value and most and value > most:
            raise Invalid("The key you use has a lower limit.", field=name)
    limit = wanted.limit_per_minute or maker.limit_per_minute
    return replace(
        wanted,
        addresses=wanted.addresses or tuple(maker.addresses),
        models=wanted.models or tuple(maker.models),
        limit_per_minute=limit,
        burst=wanted.burst or (maker.burst if limit == maker.limit_per_minute else None),
    )


def no_longer_than(expires_at: datetime | None, maker: ApiKey) -> datetime | None:
    """The maker's expiry where none is wanted; Invalid for a later one."""
    if maker.expires_at and expires_at and expires_at > maker.expires_at:
        raise Invalid("The key you use expires before that.", field="expires_at")
    return expires_at or maker.expires_at


def _inside(network: str, networks: Sequence[str]) -> bool:
    inner = ipaddress.ip_network(network)
    outers = (ipaddress.ip_network(each) for each in networks)
    return any(inner.version == outer.version and inner.subnet_of(outer) for outer in outers)  # type: ignore[arg-type]
