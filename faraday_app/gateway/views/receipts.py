"""A route receipt in words: why this model."""

import json
from dataclasses import dataclass
from typing import Any

from faraday_app.core.clock import now
from faraday_app.core.money import credits_text
from faraday_app.gateway.errors import Fault
from faraday_app.gateway.models import RouteReceipt
from faraday_app.gateway.service import AUTO, Way
from faraday_app.gateway.service.routing import Reason
from faraday_app.gateway.service.sent import Sent
from faraday_app.gateway.views import Strategy
from faraday_app.ui.primitives.explanation import ExplainedLine, ExplainedPart, ExplainedText, Explanation
from faraday_app.ui.times import ago

LONGEST_SHOWN = 40_000  # characters
MOST_SHOWN = 8
ABOUT_SENT = "Names, addresses and ids of your people were replaced by tokens before it left."
SENT_IS_GONE = "What was sent is no longer kept: that ends after 90 days."
_OUTCOMES = {"answered": "Answered", "failed": "Failed", "stopped": "Stopped"}
_TONES = {"answered": "green", "failed": "red", "stopped": "neutral"}


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A line of the list of receipts."""

    id: str
    when: str
    asked: str
    model: str
    provider: str
    attempts: str
    first: str
    cost: str
    outcome: str
    tone: str


def receipt_view(row: RouteReceipt, zone: str) -> ReceiptView:
    count = len(row.attempts)
    return ReceiptView(
        str(row.id),
        ago(row.created_at, now(), zone),
        _asked(row.asked),
        row.model or "Nobody",
        row.provider,
        f"{count} attempts" if count != 1 else "At once",
        _time(row.first_token_ms),
        credits_text(row.cost),
        _OUTCOMES.get(row.outcome, row.outcome),
        _TONES.get(row.outcome, "neutral"),
    )


def explained(row: RouteReceipt, *, managing: bool) -> Explanation:
    """Keys and the providers' own words are for those who manage models."""
    facts = [
        ("Asked for", _asked(row.asked)),
        ("Order", _strategy(row.strategy)),
        ("About", row.task.capitalize()),
        ("First token after", _time(row.first_token_ms)),
        ("Whole answer after", _time(row.total_ms)),
        ("Added by Faraday", f"{row.added_ms:.1f} ms"),
        ("Tokens", f"{row.prompt_tokens:,} in, {row.answer_tokens:,} out"),
        ("Cost", f"{credits_text(row.cost)} credits"),
    ]
    attempts = [_attempt(number, each, managing) for number, each in enumerate(row.attempts)]
    candidates = [_candidate(number, each, row) for number, each in enumerate(row.candidates)]
    parts = [ExplainedPart("What was tried", attempts), ExplainedPart("Who could have answered", candidates)]
    return Explanation(_summary(row), facts, [part for part in parts if part.lines])


def hides_names(row: RouteReceipt) -> bool:
    """Whether somebody was asked who is told no names."""
    return any(each["masked"] for each in row.attempts)


def sent_text(sent: Sent, zone: str) -> ExplainedText:
    """A request as it left, as JSON, cut where it is very long."""
    text = json.dumps(sent.body, ensure_ascii=False, indent=2)
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]}\n… and {len(text) - LONGEST_SHOWN:,} characters more, over the API"
    return ExplainedText(str(sent.attempt), f"To {sent.model} at {sent.provider}, {ago(sent.at, now(), zone)}", text)


def went_on(way: Way | None) -> str:
    """What to say beside an answer where another than the first gave it; nothing where the first did."""
    if way is None or len({model for model, _, _ in way.attempts}) < 2:
        return ""
    said: list[str] = []
    for model, fault, came in way.attempts:
        words = f"{model} {'stopped' if came else 'did not answer'}" if fault else f"{model} went on"
        if words not in said:
            said.append(words)
    return "; ".join(said)


def _summary(row: RouteReceipt) -> str:
    if row.outcome == "failed":
        return "Nobody could answer." if not row.answer_tokens else "The answer broke off, and nobody could go on."
    first = row.attempts[0]["model"] if row.attempts else row.model
    if first != row.model:
        return f"{row.model} answered, because {first} could not."
    if row.asked == AUTO:
        return f"{row.model} stood first in the order of your organisation."
    return f"{row.model} was asked for and answered."


def _attempt(number: int, told: dict[str, Any], managing: bool) -> ExplainedLine:
    fault = told["fault"]
    times = [f"first token after {_time(told['first_token_ms'])}"] if told["first_token_ms"] is not None else []
    meta = [told["provider"], *times, f"{_time(told['took_ms'])} in all"]
    if told["answer_tokens"]:
        meta.append(f"{credits_text(told['cost'])} credits")
    if told["masked"]:
        meta.append("names were hidden")
    if managing and told["key"]:
        meta.append(f"key “{told['key']}”")
    if managing and told["message"]:
        meta.append(told["message"])
    title = f"{told['model']}, once more" if told["retry"] else told["model"]
    says = Fault(fault).words if fault in set(Fault) else fault
    return ExplainedLine(str(number), title, " · ".join(meta), says or "Answered", "red" if fault else "green")


def _candidate(number: int, told: dict[str, Any], row: RouteReceipt) -> ExplainedLine:
    reason = told["left_out"]
    meta = [told["provider"], f"place {told['rank'] // 1_000 + 1}", f"score {told['score']:g}"]
    if told["masked"]:
        meta.append("names would be hidden")
    if reason:
        words = Reason(reason).words if reason in set(Reason) else reason
        return ExplainedLine(
            str(number), told["model"], " · ".join([*meta, *filter(None, [words, told["detail"]])]), "Left out", "amber"
        )
    chosen = told["deployment"] == str(row.deployment_id) and told["model"] == row.model
    return ExplainedLine(
        str(number),
        told["model"],
        " · ".join(meta),
        "Chosen" if chosen else "Stood by",
        "green" if chosen else "neutral",
    )


def _asked(name: str) -> str:
    return "Auto" if name == AUTO else name


def _strategy(name: str) -> str:
    return Strategy(name).label if name in set(Strategy) else name


def _time(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "–"
    return f"{milliseconds:.0f} ms" if milliseconds < 1_000 else f"{milliseconds / 1_000:.1f} s"
