"""The generic cell rate algorithm in whole microseconds. The script in Redis does the same, number for number."""

from dataclasses import dataclass
from typing import NamedTuple

SECOND = 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Rule:
    """One call each ``interval`` microseconds on average, ``burst`` of them at once."""

    interval: int
    burst: int

    @classmethod
    def of(cls, per_minute: int, burst: int) -> "Rule":
        return cls(max(round(60 * SECOND / per_minute), 1), max(burst, 1))

    @property
    def per_minute(self) -> int:
        return max(round(60 * SECOND / self.interval), 1)

    @property
    def window(self) -> int:
        """Seconds in which ``burst`` calls come back."""
        return max(-(-self.interval * self.burst // SECOND), 1)

    def tightened(self, percent: int) -> "Rule":
        """The rule at a part of its rate and burst, never less than one call at a time."""
        if percent == 100:
            return self
        return Rule(self.interval * 100 // percent, max(self.burst * percent // 100, 1))


class Outcome(NamedTuple):
    """``due`` is what to keep for the key; ``wait`` the microseconds until a refused call would pass."""

    allowed: bool
    due: int
    wait: int
    remaining: int


def decide(due: int, now: int, rule: Rule, cost: int = 1) -> Outcome:
    """Whether a call may pass for which ``due`` was kept. A refused call leaves what was kept."""
    due = max(due, now)
    tolerance = rule.interval * rule.burst
    wanted = due + rule.interval * cost
    wait = wanted - now - tolerance
    if wait > 0:
        return Outcome(False, due, wait, max(tolerance - (due - now), 0) // rule.interval)
    return Outcome(True, wanted, 0, (tolerance - (wanted - now)) // rule.interval)


def decide_all(dues: list[int], now: int, rules: list[Rule], cost: int = 1) -> list[Outcome]:
    """All or nothing: where one key refuses, none of them counts the call."""
    found = [decide(due, now, rule, cost) for due, rule in zip(dues, rules, strict=True)]
    if all(each.allowed for each in found):
        return found
    spared = []
    for each, due, rule in zip(found, dues, rules, strict=True):
        left = (rule.interval * rule.burst - (max(due, now) - now)) // rule.interval
        spared.append(Outcome(each.allowed, max(due, now), each.wait, max(left, 0)))
    return spared
