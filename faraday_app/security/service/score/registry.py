"""Findings and the number that they make."""

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.permissions import Actor, Permission

FEW = 3  # people named in a sentence
Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. ``weight`` is the percentage that it takes off what the others leave, 1 to 50.

    ``link`` is where ``act`` is done; empty where that is outside Faraday.
    """

    key: str
    weight: int
    title: str
    why: str
    concerns: str
    act: str
    link: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A finding, and what the score would be without it."""

    finding: Finding
    then: int


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, and what to mend, the weightiest first."""

    value: int
    findings: Sequence[Mended]

    @property
    def verdict(self) -> str:
        return "Good" if self.value >= 85 else "Fair" if self.value >= 60 else "Needs work"


Read = Callable[[AsyncSession, UUID], Awaitable[Facts]]
_CHECKS: list[tuple[Read[Any], tuple[Callable[[Any], Finding | None], ...]]] = []


def check(read: Read[Facts], *findings: Callable[[Facts], Finding | None]) -> None:
    """Have these findings looked for, from facts that are read once for all of them. Twice is as good as once."""
    if (read, findings) not in _CHECKS:
        _CHECKS.append((read, findings))


async def score(session: AsyncSession, actor: Actor) -> Score:
    """The score of the actor's organisation at this moment."""
    actor.must(Permission.security_read)
    found = []
    for read, findings in _CHECKS:
        facts = await read(session, actor.organization)
        found += [result for finding in findings if (result := finding(facts)) is not None]
    return scored(found)


def scored(findings: Sequence[Finding]) -> Score:
    """Each finding takes its share of what the others leave, so that mending any of them is worth something."""
    ordered = sorted(findings, key=lambda finding: (-finding.weight, finding.key))
    left = [1 - finding.weight / 100 for finding in ordered]
    value = math.prod(left)
    return Score(
        _shown(value), [Mended(finding, _shown(value / share)) for finding, share in zip(ordered, left, strict=True)]
    )


def _shown(share: float) -> int:
    return min(round(100 * share), 100)


def people_words(names: Sequence[str], count: int) -> str:
    """Some people by name, and how many more: "Ana Ruiz, Tom Lindqvist and 4 others"."""
    shown = list(names[:FEW])
    if count > len(shown):
        others = count - len(shown)
        return ", ".join(shown) + (" and " if shown else "") + f"{others:,} other{'s' if others != 1 else ''}"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1] if shown else ""]))
