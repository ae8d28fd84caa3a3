"""Words of prose. Case, accents, width, punctuation and hidden characters make no difference; numbers stay.

So do a plural s and letters of another alphabet that only look Latin: both are a way to make a copy look new.
"""

import re
import unicodedata
from typing import Final

from faraday_app.coursework.similarity.documents import CONTENT, FUNCTION, SIGN, Document, Kind
from faraday_app.coursework.similarity.function_words import function_words

# Scripts without spaces: Thai to Burmese, Khmer, kana, Han.
_SIGN: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Marks that belong to the letter before them, and characters that nobody sees.
_MARKS: Final = "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0963\u0966-\u0dff"
_UNSEEN: Final = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_LETTERS: Final = rf"(?:[^\W_{_SIGN}]|[{_MARKS}{_UNSEEN}])+"
# Don't and Anna's are one word each, l'homme is two; a word divided at the end of a line is one.
_WORD: Final = re.compile(
    rf"[{_SIGN}]|{_LETTERS}(?:-\r?\n[ \t]*(?=[a-z]){_LETTERS})?(?:['’](?:s|t|re|ve|ll|d|m)(?!\w))?", re.IGNORECASE
)
_SIGN_ALONE: Final = re.compile(f"[{_SIGN}]")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_HIDDEN: Final = re.compile(rf"[{_UNSEEN}\s'’-]")
_LOOK_LATIN: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυ",
    "ABESIJKMHOPCTYXaesijopcyxdhABEZHIKMNOPTYXaivopu",  # pragma: allowlist secret
)
_LATIN: Final = re.compile("[A-Za-z]")
_OTHER: Final = re.compile("[\u0370-\u03ff\u0400-\u052f]")


def read_prose(text: str) -> Document:
    found = list(_WORD.finditer(text))
    disguised = not text.isascii() and len(_LATIN.findall(text)) > len(_OTHER.findall(text))
    folded: dict[str, str] = {}
    words, starts, ends = [], [], []
    for match in found:
        raw = match.group()
        word = folded.get(raw)
        if word is None:
            word = folded[raw] = fold(raw, disguised=disguised)
        if word:
            words.append(word)
            starts.append(match.start())
            ends.append(match.end())
    return _weighed(words, starts, ends)


def _weighed(words: list[str], starts: list[int], ends: list[int]) -> Document:
    signs = {word for word in set(words) if _SIGN_ALONE.match(word)}
    frame = function_words(words) - signs
    singular = {word: word if word in frame else _singular(word) for word in set(words)}
    weights = bytes(FUNCTION if word in frame else SIGN if word in signs else CONTENT for word in words)
    kind = Kind.prose
    if weights.count(SIGN) * 2 > len(weights):
        kind, weights = Kind.signs, bytes([SIGN]) * len(words)
    kept = tuple(singular[word] for word in words)
    return Document(kind, kept, tuple(starts), tuple(ends), weights, bytes(len(words)))


def fold(word: str, *, disguised: bool = False) -> str:
    """As it is compared; nothing where only hidden characters were. Disguised: letters that look Latin are taken so."""
    if word.isascii():
        word = word.lower()
    else:
        if disguised and (latin := _HIDDEN.sub("", word).translate(_LOOK_LATIN)).isascii():
            word = latin
        word = unicodedata.normalize("NFKC", word).casefold()
        word = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
        word = unicodedata.normalize("NFC", word)
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    return _HIDDEN.sub("", word)


def _singular(word: str) -> str:
    """Without the s of a plural, after Harman's S-stemmer (1991)."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    return word[:-1]
