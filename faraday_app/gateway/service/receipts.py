"""What a call's way was: kept beside the answer, and the source of every measure that people read."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.batch import Batch
from faraday_app.core.clock import now
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service.routing import Asked, Route, Step
from faraday_app.gateway.views import Deployment


@dataclass(slots=True)
class Attempt:
    """One try at one deployment. Milliseconds; tokens as the provider counted them, or as they were estimated."""

    model: str
    deployment: Deployment
    key: str = ""
    retry: int = 0
    fault: str = ""
    message: str = ""
    first_token_ms: float | None = None
    took_ms: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    answer_tokens: int = 0
    masked: bool = False
    sent: dict[str, Any] | None = None  # the request as it left, where names were hidden in it; not on the receipt

    @property
    def cost(self) -> int:
        return self.deployment.price.cost(self.prompt_tokens, self.answer_tokens, self.cached_tokens)

    def told(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "deployment": str(self.deployment.id),
            "provider": self.deployment.provider.name,
            "key": self.key,
            "retry": self.retry,
            "fault": self.fault,
            "message": self.message,
            "first_token_ms": _rounded(self.first_token_ms),
            "took_ms": _rounded(self.took_ms),
            "prompt_tokens": self.prompt_tokens,
            "cached_tokens": self.cached_tokens,
            "answer_tokens": self.answer_tokens,
            "cost": self.cost,
            "masked": self.masked,
        }


@dataclass(slots=True)
class Receipt:
    """A call on its way. ``added_ms`` is what Faraday itself took before the first request left."""

    purpose: str
    asked: Asked
    strategy: str = ""
    candidates: list[dict[str, Any]] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    added_ms: float = 0.0
    first_token_ms: float | None = None
    total_ms: float | None = None
    outcome: str = "failed"
    error: str = ""

    def follow(self, route: Route) -> None:
        self.strategy = str(route.strategy)
        self.candidates = [_told(step) for step in (*route.chain, *route.left_out)]

    @property
    def last(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def cost(self) -> int:
        """Micro-credits for all that was said, by whoever said it."""
        return sum(attempt.cost for attempt in self.attempts)

    @property
    def prompt_tokens(self) -> int:
        return sum(attempt.prompt_tokens for attempt in self.attempts)

    @property
    def answer_tokens(self) -> int:
        return sum(attempt.answer_tokens for attempt in self.attempts)

    @property
    def switched(self) -> bool:
        """Whether somebody else than the first answered."""
        return len({attempt.deployment.id for attempt in self.attempts}) > 1


def keep(session: AsyncSession, receipt: Receipt, organization_id: UUID, **who: Any) -> RouteReceipt:
    """Add it to this transaction. ``who`` are ``user_id``, ``api_key_id`` and ``message_id``, where there are such."""
    row = RouteReceipt(organization_id=organization_id, **who, **_values(receipt))
    session.add(row)
    publish_on_commit(session, topic("receipts", organization_id))
    return row


def keep_in(batch: Batch, receipt: Receipt, organization_id: UUID, **who: Any) -> None:
    """The same in a batch; ``who`` has the ``id`` too."""
    batch.insert(RouteReceipt, {"created_at": now(), "organization_id": organization_id, **who, **_values(receipt)})


def _values(receipt: Receipt) -> dict[str, Any]:
    last = receipt.last
    return {
        "purpose": receipt.purpose,
        "asked": receipt.asked.name,
        "task": str(receipt.asked.task),
        "strategy": receipt.strategy,
        "model": last.model if last else "",
        "deployment_id": last.deployment.id if last else None,
        "provider": last.deployment.provider.name if last else "",
        "outcome": receipt.outcome,
        "error": receipt.error[:300],
        "candidates": receipt.candidates,
        "attempts": [attempt.told() for attempt in receipt.attempts],
        "added_ms": round(receipt.added_ms, 3),
        "first_token_ms": _whole(receipt.first_token_ms),
        "total_ms": _whole(receipt.total_ms),
        "prompt_tokens": receipt.prompt_tokens,
        "cached_tokens": sum(attempt.cached_tokens for attempt in receipt.attempts),
        "answer_tokens": receipt.answer_tokens,
        "cost": receipt.cost,
    }


def _told(step: Step) -> dict[str, Any]:
    return {
        "model": step.model.name,
        "deployment": str(step.deployment.id),
        "provider": step.deployment.provider.name,
        "rank": step.rank,
        "score": round(step.score, 6),
        "left_out": str(step.left_out or ""),
        "detail": step.detail,
        "masked": step.masked,
    }


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)


def _whole(milliseconds: float | None) -> int | None:
    return None if milliseconds is None else round(milliseconds)
