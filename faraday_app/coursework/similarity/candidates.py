"""Which of thousands of stored texts are worth comparing word by word, from the fingerprints they share."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log
from typing import Generic, TypeVar

Id = TypeVar("Id", bound=Hashable)

# So many rare fingerprints in common are worth a look, and so many texts are looked at.
ENOUGH = 1.5
LIMIT = 20


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Id]):
    document: Id
    shared: int  # fingerprints
    score: float


def candidates(
    hits: Mapping[int, Sequence[tuple[Id, int]]],
    documents: int,
    *,
    leaving_out: Set[int] = frozenset(),
    enough: float = ENOUGH,
    limit: int = LIMIT,
) -> list[Candidate[Id]]:
    """The best first. Hits: for each fingerprint of the new text, the stored texts that have it and how often.

    A fingerprint that only one of all the stored ``documents`` has counts 1, one that all have 0, between them
    log((documents + 1) / having it) / log(documents + 1): a phrase that everybody uses says nothing. How often a text
    repeats it makes no difference. Those of a template are left out.
    """
    shared: dict[Id, int] = defaultdict(int)
    score: dict[Id, float] = defaultdict(float)
    for number, having in hits.items():
        if number in leaving_out:
            continue
        those = {document for document, count in having if count > 0}
        weight = _rarity(len(those), documents)
        for document in those:
            shared[document] += 1
            score[document] += weight
    found = [Candidate(document, shared[document], score[document]) for document in score if score[document] >= enough]
    return sorted(found, key=lambda each: (-each.score, -each.shared, str(each.document)))[:limit]


def _rarity(having: int, documents: int) -> float:
    everything = max(documents, having, 1) + 1
    return log(everything / having) / log(everything) if having else 0.0
