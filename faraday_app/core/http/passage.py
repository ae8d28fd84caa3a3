"""A request on its way through: what the outermost layer and the route have to tell each other."""

import re
import time
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Scope

from faraday_app.core.abuse import Violation, abuse
from faraday_app.core.limits import Decision, Endpoint
from faraday_app.core.limits.measures import gauge
from faraday_app.core.limits.traffic import traffic
from faraday_app.core.permissions import Actor

_KEY = "faraday.passage"
_HAS_ID = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}(/|$)", re.IGNORECASE)


@dataclass(slots=True)
class Passage:
    """Who calls what from where, what the limits said, and since when it takes."""

    address: str
    path: str
    endpoint: Endpoint
    has_key: bool = False
    decision: Decision | None = None
    actor: Actor | None = None
    begun: float = field(default_factory=time.perf_counter)
    reached: float = 0.0

    def put_in(self, scope: Scope) -> None:
        scope[_KEY] = self

    @classmethod
    def of(cls, scope: MutableMapping[str, Any]) -> "Passage | None":
        found = scope.get(_KEY)
        return found if isinstance(found, cls) else None

    def headers(self) -> dict[str, str]:
        """What is left, as the current draft says it and as older clients read it."""
        decision = self.decision
        if decision is None:
            return {}
        take, reset = decision.take, str(int(decision.reset + 0.999))
        return {
            "RateLimit-Policy": f'"{take.name}";q={take.rule.burst};w={take.rule.window}',
            "RateLimit": f'"{take.name}";r={decision.remaining};t={reset}',
            "RateLimit-Limit": str(take.rule.burst),
            "RateLimit-Remaining": str(decision.remaining),
            "RateLimit-Reset": reset,
        }

    def answered(self, status: int) -> None:
        """Count the call, and what honest callers seldom do."""
        actor = self.actor
        # An answer of a model takes as long as it takes.
        if self.endpoint is not Endpoint.answers:
            gauge.answered(time.perf_counter() - self.begun, status)
        kind = "guest" if actor is None else "key" if actor.api_key_id else "person"
        caller = f"{kind}:{actor.api_key_id or actor.user_id}" if actor else self.address
        organization = str(actor.organization_id or "") if actor else ""
        traffic.note(self.endpoint, organization, kind, caller, status != 429)
        if found := self._violation(status):
            abuse.note(self.address, found, actor and actor.user_id, actor.organization_id if actor else None)
        elif actor and status < 400:
            abuse.greet(self.address, actor.user_id)

    def _violation(self, status: int) -> Violation | None:
        if status == 429:
            return Violation.limit
        if status == 401 and self.has_key:
            return Violation.key
        if status == 404 and _HAS_ID.search(self.path):
            return Violation.forged_id
        return None
