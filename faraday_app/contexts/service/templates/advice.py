"""What could be better about a template: facts with the number each rests on, and nothing without one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from faraday_app.contexts.models import TemplateVersion
from faraday_app.contexts.service.templates.language import fixed_text, names_in, parse
from faraday_app.contexts.service.templates.odds import Tally, chance_that_second_is_better
from faraday_app.contexts.service.templates.variables import read
from faraday_app.gateway.service import most_tokens_of_text

FEW = 10  # uses below which nothing is concluded from them
OFTEN = 0.25  # of the answers asked for once more
DEARER = 1.2
SHORTER = 0.8
LONG = 1_500  # tokens that stand in a prompt whatever is entered
_SENTENCE = re.compile(r"[^.!?\n]{24,}[.!?\n]?")


class Counted(Protocol):
    @property
    def uses(self) -> int: ...
    @property
    def cases(self) -> int: ...
    @property
    def retried(self) -> int: ...
    @property
    def cost(self) -> int | None: ...
    @property
    def tally(self) -> Tally: ...


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do, and the fact that speaks for it."""

    words: str
    fact: str


def advise(
    current: TemplateVersion,
    versions: Mapping[int, tuple[str, Counted]],
    at_default: Mapping[str, int],
    left_empty: Mapping[str, int],
) -> tuple[Advice, ...]:
    """``versions`` by number; the counts of fields are those of the current version."""
    counts = versions[current.number][1]
    return (
        *_unused(current),
        *_always_the_same(current, counts, at_default, left_empty),
        *_repeated(current),
        *_long(current, versions),
        *_often_retried(counts),
        *_dearer(current, versions),
    )


def _unused(current: TemplateVersion) -> list[Advice]:
    asked, named = read(current.variables), set(names_in(parse(current.text)))
    idle = [each for each in asked if each.name not in named]
    return [
        Advice(
            f"Take out “{each.title}”: it is asked for, but stands nowhere in the text.",
            f"{len(idle)} of {len(asked)} fields are in no place of the text.",
        )
        for each in idle
    ]


def _always_the_same(
    current: TemplateVersion, counts: Counted, at_default: Mapping[str, int], left_empty: Mapping[str, int]
) -> list[Advice]:
    if counts.uses < FEW:
        return []
    found = []
    for each in read(current.variables):
        if each.default and at_default.get(each.name, 0) == counts.uses:
            fact = f"Left as it was in {counts.uses:,} of {counts.uses:,} uses."
            found.append(Advice(f"Write the default of “{each.title}” into the text, and ask no more for it.", fact))
        elif not each.required and left_empty.get(each.name, 0) == counts.uses and each.kind != "yes_no":
            fact = f"Left empty in {counts.uses:,} of {counts.uses:,} uses."
            found.append(Advice(f"Take out “{each.title}”: nobody fills it in.", fact))
    return found


def _repeated(current: TemplateVersion) -> list[Advice]:
    """Sentences that stand there more than once."""
    seen: set[str] = set()
    twice = []
    for sentence in _SENTENCE.findall(fixed_text(parse(current.text))):
        said = " ".join(sentence.lower().split())
        if said in seen:
            twice.append(sentence)
        seen.add(said)
    if not twice:
        return []
    tokens = sum(map(most_tokens_of_text, twice))
    many = "1 sentence stands" if len(twice) == 1 else f"{len(twice)} sentences stand"
    return [
        Advice(f"Say it once: “{twice[0].strip()[:60]}”.", f"{many} there again, about {tokens:,} tokens each use.")
    ]


def _long(current: TemplateVersion, versions: Mapping[int, tuple[str, Counted]]) -> list[Advice]:
    """A shorter version that went as well; without one, only what is very long is named."""
    own = most_tokens_of_text(current.text)
    counts = versions[current.number][1]
    for number, (text, other) in sorted(versions.items(), reverse=True):
        tokens = most_tokens_of_text(text)
        if number != current.number and tokens <= own * SHORTER and _as_well(other.tally, counts.tally):
            fact = f"Version {number} has {tokens:,} tokens: {other.tally.words}."
            fact += f" This one has {own:,}: {counts.tally.words}."
            return [Advice(f"Shorten it: version {number} says less and does as well.", fact)]
    if own > LONG:
        return [
            Advice("See what can be left out: all of it is paid for with each use.", f"About {own:,} tokens of text.")
        ]
    return []


def _often_retried(counts: Counted) -> list[Advice]:
    if counts.cases < FEW or counts.retried < counts.cases * OFTEN:
        return []
    share = counts.retried / counts.cases
    fact = f"{counts.retried:,} of {counts.cases:,} answers ({share:.0%}) were asked for once more."
    return [Advice("Say more exactly what the answer should be like: its form, its length, an example.", fact)]


def _dearer(current: TemplateVersion, versions: Mapping[int, tuple[str, Counted]]) -> list[Advice]:
    counts = versions[current.number][1]
    if counts.cost is None:
        return []
    for number, (_, other) in sorted(versions.items(), reverse=True):
        if number == current.number or not other.cost or not _as_well(other.tally, counts.tally):
            continue
        if counts.cost >= other.cost * DEARER:
            more = counts.cost / other.cost - 1
            fact = f"The median use costs {more:.0%} more, and {counts.tally.words}."
            fact += f" Of version {number} {other.tally.words}."
            return [Advice(f"Compare it with version {number}: that costs less and goes as well.", fact)]
    return []


def _as_well(other: Tally, own: Tally) -> bool:
    """Whether enough is known of both, and nothing speaks for the own one."""
    if min(other.all, own.all) < FEW:
        return False
    return other.rate >= own.rate and chance_that_second_is_better(other, own) < 0.5 + 1e-9
