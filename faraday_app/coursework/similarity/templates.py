"""What does not count: words of the handout, quotations from it included, and what much of the class has in common."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from faraday_app.coursework.similarity.documents import TUNING, Document
from faraday_app.coursework.similarity.fingerprints import all_grams, word_grams
from faraday_app.coursework.similarity.passages import passages

SHARE = 0.30
AT_LEAST = 4


@dataclass(frozen=True, slots=True)
class Template:
    """What was given to everybody, and the fingerprints that do not count: its own, and those of much of the class."""

    handouts: tuple[Document, ...] = ()
    hashes: frozenset[int] = frozenset()


def template(handouts: Sequence[Document] = (), common: Set[int] = frozenset()) -> Template:
    return Template(tuple(handouts), frozenset(common).union(*map(all_grams, handouts)))


def common_fingerprints(
    people_with: Mapping[int, int], people: int, share: float = SHARE, at_least: int = AT_LEAST
) -> frozenset[int]:
    """Fingerprints that more than this share of so many people have, if that is at least so many of them."""
    return frozenset(number for number, having in people_with.items() if having >= at_least and having > share * people)


def leave_out(document: Document, template: Template) -> Document:
    """The same text, in which what does not count is marked: what it shares with a handout, word for word or nearly."""
    out = bytearray(document.left_out)
    length = TUNING[document.kind].gram
    for at, number in enumerate(word_grams(document)):
        if number in template.hashes:
            out[at : at + length] = b"\1" * length
    for handout in template.handouts:
        for passage in passages(document, handout, short=True):
            for at, _ in passage.pairs:
                out[at] = 1
    return replace(document, left_out=bytes(out))
