"""What a limit would have done: the arrivals of the last day, replayed by the very same algorithm."""

from dataclasses import dataclass

from faraday_app.core.limits.gcra import Rule, decide
from faraday_app.core.limits.traffic import Arrivals


@dataclass(frozen=True, slots=True)
class Replayed:
    """``callers``: who would have been refused, how often, of how many; the most refused first."""

    calls: int
    refused: int
    callers: list[tuple[str, int, int]]
    known: int
    since: int
    thinned: bool


def replay(arrivals: Arrivals, rule: Rule, most: int = 10) -> Replayed:
    """Each caller for itself, as a limit on callers counts them."""
    calls, refusals = 0, []
    for caller, times in arrivals.times.items():
        due, refused = 0, 0
        for at in times:
            outcome = decide(due, at * 1_000, rule)
            due = outcome.due
            refused += not outcome.allowed
        calls += len(times)
        if refused:
            refusals.append((caller, refused, len(times)))
    refusals.sort(key=lambda each: -each[1])
    total = sum(each[1] for each in refusals)
    return Replayed(calls, total, refusals[:most], len(arrivals.times), arrivals.since, arrivals.thinned)
