"""What a handful of cases says, and what it does not."""

from dataclasses import dataclass
from math import exp, lgamma, sqrt

ENOUGH = 20  # cases of each before anything is said of a difference
SURE = 0.95
_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of so many cases went well."""

    good: int
    all: int

    @property
    def rate(self) -> float:
        return self.good / self.all if self.all else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true rate lies with 95 % (Wilson)."""
        if not self.all:
            return 0.0, 1.0
        n, p, z = self.all, self.rate, _Z
        middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)

    @property
    def words(self) -> str:
        low, high = self.interval
        return f"{self.rate:.0%} of {self.all:,} went well (really between {low:.0%} and {high:.0%})"


def chance_that_second_is_better(first: Tally, second: Tally) -> float:
    """Exactly, for Beta posteriors that began with nothing known."""
    a1, b1 = 1 + first.good, 1 + first.all - first.good
    a2, b2 = 1 + second.good, 1 + second.all - second.good
    total = sum(exp(_ln_beta(a1 + i, b1 + b2) - _ln_beta(1 + i, b2) - _ln_beta(a1, b1)) / (b2 + i) for i in range(a2))
    return min(1.0, max(0.0, total))


def _ln_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``better`` is the number of the version that does better, 0 while that is not known."""

    words: str
    better: int = 0


def verdict(first_number: int, first: Tally, second_number: int, second: Tally) -> Verdict:
    """A sentence that claims no more than the cases carry."""
    if min(first.all, second.all) < ENOUGH:
        so_far = f"version {first_number} has {first.all:,}, version {second_number} has {second.all:,}"
        return Verdict(f"Not enough uses yet: {so_far}; it takes {ENOUGH} of each.")
    chance = chance_that_second_is_better(first, second)
    sides = [(second_number, second, first, chance), (first_number, first, second, 1 - chance)]
    number, ahead, behind, likely = max(sides, key=lambda side: side[3])
    facts = f"{ahead.rate:.0%} of {ahead.all:,} went well, against {behind.rate:.0%} of {behind.all:,}"
    if ahead.rate == behind.rate:
        return Verdict(f"Both do equally well so far: {ahead.rate:.0%} of {ahead.all:,} and of {behind.all:,}.")
    if likely < SURE:
        luck = f"that it is better has a probability of {likely:.0%} only"
        return Verdict(f"No clear difference: version {number} is ahead ({facts}), but {luck}.")
    said = min(likely, 0.999)
    return Verdict(f"Version {number} does better: {facts}. It is better with a probability of {said:.1%}.", number)
