"""From who calls what to the keys that the call counts for."""

from faraday_app.core.errors import LimitReached
from faraday_app.core.limits.adaptive import adaptive
from faraday_app.core.limits.gcra import Rule
from faraday_app.core.limits.overrides import Where, override_for, overrides
from faraday_app.core.limits.policies import DEFAULTS, Endpoint, Subject
from faraday_app.core.limits.shared import Decision, Take, limiter
from faraday_app.core.permissions import Actor, Permission

# Never tightened for whoever looks after the limits, or they could not find out what is wrong.
_KEEPERS = (Endpoint.api_read, Endpoint.api_write, Endpoint.events)


def percent_for(endpoint: Endpoint, actor: Actor | None) -> int:
    if actor and endpoint in _KEEPERS and actor.may(Permission.limits_manage):
        return 100
    return adaptive.percent


def rule_for(endpoint: Endpoint, subject: Subject, value: str, actor: Actor | None) -> tuple[Rule, bool] | None:
    """The rule in force and whether an administrator set it; None where this is not limited."""
    found = None
    if actor and actor.organization_id:
        found = override_for(Where(actor.organization_id, endpoint, subject, value))
    rule = found or DEFAULTS.get((endpoint, subject))
    return (rule.tightened(percent_for(endpoint, actor)), found is not None) if rule else None


async def takes_for(endpoint: Endpoint, actor: Actor | None, address: str) -> list[Take]:
    """A guest counts for the address alone."""
    await overrides.fresh()
    values = {Subject.address: address or "unknown"}
    if actor:
        values |= {
            Subject.user: str(actor.user_id or ""),
            Subject.key: str(actor.api_key_id or ""),
            Subject.organization: str(actor.organization_id or ""),
        }
    takes = []
    for subject, value in values.items():
        if value and (found := rule_for(endpoint, subject, value, actor)):
            rule, own = found
            # What an organisation set for an address is counted apart from what everybody does there.
            within = f"@{actor.organization_id}" if actor and (own or subject is Subject.user) else ""
            takes.append(Take(subject.value, f"{endpoint}:{subject}:{value}{within}", rule))
    if actor and actor.limit_per_minute:
        # What its owner set for a key counts over all that it calls, beside the limits for everybody.
        own_rule = Rule.of(actor.limit_per_minute, actor.burst or actor.limit_per_minute)
        takes.append(Take(Subject.key.value, f"own:key:{actor.api_key_id}", own_rule))
    return takes


async def count(endpoint: Endpoint, actor: Actor | None, address: str, cost: int = 1) -> Decision:
    return await limiter.take(await takes_for(endpoint, actor, address), cost)


def refusal(decision: Decision) -> LimitReached:
    """What a caller reads who went too far."""
    whose = {"user": "you", "key": "this key", "organization": "your organisation", "address": "this address"}
    words = f"Too many requests from {whose.get(decision.take.name, 'here')}. Please slow down."
    return LimitReached(words, retry_after=decision.wait)
