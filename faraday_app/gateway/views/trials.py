"""Drills, replays, what was learned and what people said, in words."""

from dataclasses import dataclass
from typing import Any

from faraday_app.core.clock import now
from faraday_app.core.money import credits_text
from faraday_app.gateway.models import AnswerRating, FailoverDrill, RoutingReplay, State
from faraday_app.gateway.service.faults import Trouble
from faraday_app.gateway.service.learned import Learned
from faraday_app.gateway.views import Strategy, Task
from faraday_app.gateway.views.catalogue import time_words
from faraday_app.ui.times import ago

_STATES = {
    State.waiting: ("Waiting", "neutral"),
    State.running: ("Going on", "iris"),
    State.done: ("Done", "green"),
    State.failed: ("Failed", "red"),
}


@dataclass(frozen=True, slots=True)
class DrillView:
    """A drill in the list."""

    id: str
    when: str
    by: str
    recovered: str
    added: str
    cost: str
    says: str
    tone: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    id: str
    title: str
    meta: str
    says: str
    tone: str


@dataclass(frozen=True, slots=True)
class ReplayView:
    """A replay in the list; ``lines`` are (what, as it was, under the policy, how much that is)."""

    id: str
    when: str
    what: str
    calls: str
    says: str
    tone: str
    note: str
    lines: list[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class LearnedView:
    id: str
    label: str
    words: str
    first: str
    low: int
    width: int


@dataclass(frozen=True, slots=True)
class LearnedTask:
    task: str
    models: list[LearnedView]


@dataclass(frozen=True, slots=True)
class ReasonView:
    id: str
    text: str
    meta: str
    says: str
    tone: str


def drill_view(row: FailoverDrill, zone: str) -> DrillView:
    says, tone = _state(row)
    done = row.status == State.done
    if done and row.outcomes:
        says, tone = f"{row.recovered_percent} %", _tone(row.recovered_percent)
    elif done:
        says, tone = "Nothing to fall back on", "amber"
    return DrillView(
        str(row.id),
        ago(row.created_at, now(), zone),
        "Asked for" if row.started_by else "On schedule",
        f"{sum(each['recovered'] for each in row.outcomes)} of {len(row.outcomes)}" if done else "–",
        time_words(row.added_ms) if done else "–",
        credits_text(row.extra_cost) if done else "–",
        says,
        tone,
    )


def drill_summary(row: FailoverDrill) -> str:
    """What a report comes to, in a sentence or two."""
    if row.status == State.failed:
        return row.error
    if row.status != State.done:
        return "It is going on."
    alone = f" Nobody stands in for {_names(row.alone)}." if row.alone else ""
    if not row.outcomes:
        return f"There is nothing to fall back on yet.{alone}"
    recovered = sum(each["recovered"] for each in row.outcomes)
    return (
        f"{recovered} of {len(row.outcomes)} troubles were recovered from, half of them within"
        f" {time_words(row.added_ms)} more, for {credits_text(row.extra_cost)} credits more in all.{alone}"
    )


def outcome_views(row: FailoverDrill) -> list[OutcomeView]:
    return [_outcome(str(number), each) for number, each in enumerate(row.outcomes)]


def _outcome(id: str, told: dict[str, Any]) -> OutcomeView:
    title = f"{told['model']}: {_trouble(told['trouble']).lower()}"
    if not told["recovered"]:
        return OutcomeView(id, title, "Nobody answered in its place", "Lost", "red")
    more = f"{time_words(told['added_ms'])} and {credits_text(told['extra_cost'])} credits more"
    return OutcomeView(id, title, f"{told['answered_by']} · {more}", "Recovered", "green")


def replay_view(row: RoutingReplay, zone: str) -> ReplayView:
    says, tone = _state(row)
    what = Strategy(row.strategy).label + (", and what was learned" if row.learned else "")
    return ReplayView(
        str(row.id),
        ago(row.created_at, now(), zone),
        f"{what} · last {row.days} days" if row.days != 1 else f"{what} · last day",
        f"{row.total:,} calls" if row.total != 1 else "1 call",
        says,
        tone,
        row.error or _replay_note(row),
        _replay_lines(row),
    )


def learned_task(task: Task, found: list[Learned]) -> LearnedTask:
    return LearnedTask(task.value.capitalize(), [_learned(each) for each in found])


def reason_view(row: AnswerRating, zone: str) -> ReasonView:
    says, tone = ("Good", "green") if row.good else ("Bad", "red")
    about = f"{row.task.capitalize()} · {ago(row.created_at, now(), zone)}"
    return ReasonView(str(row.id), row.reason, about, says, tone)


def _state(row: FailoverDrill | RoutingReplay) -> tuple[str, str]:
    words, tone = _STATES[State(row.status)]
    return (f"{words}, {row.done:,} of {row.total:,}" if row.status == State.running and row.total else words), tone


def _tone(percent: int) -> str:
    return "green" if percent == 100 else "amber" if percent >= 80 else "red"


def _trouble(name: str) -> str:
    return Trouble(name).words if name in set(Trouble) else name


def _names(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _replay_note(row: RoutingReplay) -> str:
    if not row.forecast:
        return ""
    moved, guessed = row.forecast["moved"], row.forecast["guessed"]
    if not row.forecast["real"]["calls"]:
        return "Nothing was asked in these days."
    if not moved:
        return "Every call would have gone where it went."
    words = f"{moved:,} of {row.forecast['real']['calls']:,} calls would have gone elsewhere."
    return f"{words} For {guessed:,} of them that is a guess: too few went there to know." if guessed else words


def _replay_lines(row: RoutingReplay) -> list[tuple[str, str, str, str]]:
    if not row.forecast or not row.forecast["real"]["calls"]:
        return []
    real, under = row.forecast["real"], row.forecast["under"]
    return [
        ("Credits", credits_text(real["cost"]), credits_text(under["cost"]), _change(real["cost"], under["cost"])),
        (
            "First token, median",
            time_words(real["first_token_ms"]),
            time_words(under["first_token_ms"]),
            _change(real["first_token_ms"], under["first_token_ms"]),
        ),
        ("Failed", _percent(real), _percent(under), ""),
    ]


def _percent(told: dict[str, float]) -> str:
    return f"{told['failing'] * 100:.1f} % ± {told['margin'] * 100:.1f}"


def _change(before: int, after: int) -> str:
    if before == after:
        return "the same"
    if not before:
        return "more"
    share = (after - before) * 100 / before
    return f"{abs(share):.0f} % {'more' if share > 0 else 'less'}"


def _learned(each: Learned) -> LearnedView:
    judged = f"{each.judged} answers were judged" if each.judged != 1 else "1 answer was judged"
    if not each.judged:
        judged = "nobody judged it yet, so its quality tier has to do"
    words = (
        f"About {_tenths(each.mean)} of 10 answers are worth it, quite surely between {_tenths(each.low)} and"
        f" {_tenths(each.high)}: {judged}."
    )
    low, high = round(each.low * 100), round(each.high * 100)
    return LearnedView(each.model, each.label, words, f"{each.first * 100:.0f} of 100", low, max(high - low, 1))


def _tenths(share: float) -> str:
    return f"{share * 10:.1f}".removesuffix(".0")
