"""Which of many texts answer a question: by their words, and by several rankings together. Pure."""

import hashlib
import hmac
import math
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeVar
from uuid import UUID

from faraday_app.core.settings import settings

AGREEMENT = 60  # of reciprocal rank fusion: how little the first places count above the rest
MOST_WORDS = 64  # of a question
_WORD = re.compile(r"\w+")
# Too common to tell texts apart: English, German, French and Spanish.
_COMMON = frozenset(
    _WORD.findall(
        """
        a about all an and are as at be been but by can could did do does for from had has have he her his how i if in
        into is it its me more my no not of on or our she so than that the their them then there these they this to was
        we were what when where which who why will with would you your
        das dem den der des die ein eine einen einer es für ich im ist mit nicht oder sie sind und von wer wie wird wo
        au aux ce dans de du elle en est et il je la le les ne nous par pas pour qu que qui sur un une vous zu
        al con cómo cuál del el ella las los más para por qué se sin su una y
        """
    )
)
Thing = TypeVar("Thing", bound=Hashable)


def words_of(text: str) -> list[str]:
    """What a text is found by: its words without their case and plural."""
    return [_stem(word) for word in _WORD.findall(text.casefold())]


def asked_words(question: str) -> list[str]:
    """The words of a question that tell texts apart, each once; all of them when none does."""
    found = _WORD.findall(question.casefold())
    telling = [word for word in found if word not in _COMMON]
    return list(dict.fromkeys(map(_stem, telling or found)))[:MOST_WORDS]


def blind(organization_id: UUID, words: Sequence[str]) -> list[str]:
    """Words as the database may know them: without the key of this installation nobody tells which they were."""
    key = hmac.digest(settings().key, organization_id.bytes, hashlib.sha256)
    known = {word: f"w{hmac.digest(key, word.encode(), hashlib.sha256).hex()[:16]}" for word in set(words)}
    return [known[word] for word in words]


def by_words(question: str, texts: Sequence[str]) -> list[tuple[int, float]]:
    """The places of the texts that share words with the question, the best first, with what they score (BM25)."""
    asked = asked_words(question)
    counted = [Counter(words_of(text)) for text in texts]
    lengths = [sum(each.values()) for each in counted]
    usual = sum(lengths) / max(len(lengths), 1) or 1
    rare = {
        word: math.log(1 + (len(texts) - (many := sum(word in each for each in counted)) + 0.5) / (many + 0.5))
        for word in asked
    }
    scores = [
        sum(
            rare[word] * each[word] * 2.2 / (each[word] + 1.2 * (0.25 + 0.75 * length / usual))
            for word in asked
            if word in each
        )
        for each, length in zip(counted, lengths, strict=True)
    ]
    return sorted(((place, score) for place, score in enumerate(scores) if score > 0), key=lambda found: -found[1])


def fused(*rankings: Sequence[Thing]) -> list[tuple[Thing, float]]:
    """What several rankings say together, the best first: 1 for what is first in all of them, 0 for what is in none."""
    scores: dict[Thing, float] = {}
    told = [ranking for ranking in rankings if ranking]
    for ranking in told:
        for place, thing in enumerate(ranking):
            scores[thing] = scores.get(thing, 0.0) + (AGREEMENT + 1) / (AGREEMENT + 1 + place) / len(told)
    return sorted(scores.items(), key=lambda found: -found[1])


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
