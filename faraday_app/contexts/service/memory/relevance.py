"""How much a remembered thing has to do with what is asked. Pure, by words: no model is needed for it."""

import math
import re
from collections import Counter
from collections.abc import Sequence

STEM = 5  # letters by which forms of a word are taken for one
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # scripts that put no spaces between words
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """about also and are but can could did does for from had has have her him his how its just like more not our
        she should than that the their them then there these they this was were what when where which who why will
        with would you your user person der die das und ist ich nicht ein eine""",
    )
)


def terms(text: str) -> set[str]:
    """The beginnings of the words that carry meaning; of unspaced scripts every two characters."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if _UNSPACED.search(word):
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif len(word) > 2 and word not in _COMMON:
            found.add(word[:STEM])
    return found


def scores(question: str, texts: Sequence[str]) -> list[float]:
    """For each text from 0 to 1: the share of the question's words in it, the rarer among all texts the weightier."""
    asked = terms(question)
    each = [terms(text) for text in texts]
    spread = Counter(term for found in each for term in found & asked)
    weight = {term: math.log(1 + len(texts) / (1 + spread[term])) + 0.1 for term in asked}
    total = sum(weight.values())
    return [sum(weight[term] for term in found & asked) / total if total else 0.0 for found in each]


def shares_words(one: str, other: str) -> bool:
    return not terms(one).isdisjoint(terms(other))


def same(one: str, other: str) -> bool:
    """Whether two texts say the same in the same words."""
    return _WORD.findall(one.casefold()) == _WORD.findall(other.casefold())
