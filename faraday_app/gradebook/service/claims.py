"""What may be written around blanks: no figure, each blank once, and in English no claim that is not its blank's.

A claim is a word such as “lowest”, “late”, “most of” or “not graded”: it may stand only right before or right after the
blank that it is true of. What no blank says (rose, fell, better, average, failed) may not be said. Of other languages
only the figures are checked.
"""

import re
from collections.abc import Iterable, Sequence

from faraday_app.gradebook.service.blanks import BLANK, Blank, named
from faraday_app.gradebook.service.locked import NOTHING, invented
from faraday_app.gradebook.service.number_words import number_words

LONGEST = 400  # characters, before figures are put in
MOST_WORDS = 14  # around each blank
_CLAIMS = {
    "total": r"totals?|result|grade|nothing|ungraded|if|would|so far",
    "largest part": r"most|largest|biggest|main|mainly|mostly|best|greatest",
    "other parts": r"rest|others?|remaining|remainder",
    "only part": r"all|only|alone|whole|entirely",
    "all parts": r"all|equal|equally",
    "dropped work": r"drop\w*|not|count\w*|left out|ignored|excluded|lowest|weakest|highest",
    "late penalty": r"late\w*|penalt\w+|deduct\w*|taken off|took off|cost\w*|lost|points?",
    "highest percent": r"no more|maximum|cap\w*|limit\w*|at most",
    "ungraded groups": r"not|no|nothing|yet|ungraded|missing|waiting|still|without|so far",
}
_NEVER = (
    r"rose|rise\w*|fell|fall\w*|improv\w+|increas\w+|decreas\w+|declin\w+|higher|lower|better|worse|more than|less"
    r"|fewer|average|rank\w*|top|bottom|fail\w*|pass|passed|passing|excellent|good|great|poor|bad|weak|strong|never|always"
    r"|because|should|must|students|everyone|nobody|but"
)
_ANY = re.compile(rf"(?<!\w)(?:{'|'.join([_NEVER, *_CLAIMS.values()])})(?!\w)", re.IGNORECASE)
_OF_ITS_OWN = {"lowest": "lowest", "weakest": "lowest", "highest": "highest"}


def faults(sentence: str, blanks: Sequence[Blank], language: str = "en") -> list[str]:
    """What stands in it and may not, or is missing, as it is told to whoever wrote it. Empty: it may be filled."""
    known = {blank.name: blank for blank in blanks}
    pieces = BLANK.split(sentence)
    around, used = pieces[::2], [named(each) for each in pieces[1::2]]
    found = [f"[{each}]" for each in used if each not in known]
    found += [f"[{name}] {'is missing' if name not in used else 'twice'}" for name in known if used.count(name) != 1]
    words = " · ".join(around)
    found += [mark for mark in ("://", "<", "[", "]", "`") if mark in words]
    found += [*invented(words, NOTHING), *number_words(words, language)]
    if len(sentence) > LONGEST or len(words.split()) > MOST_WORDS * (len(known) + 1):
        found.append("too long")
    if language == "en":
        found += _untrue(around, used, known)
    return list(dict.fromkeys(found))


def _untrue(around: Sequence[str], used: Sequence[str], known: dict[str, Blank]) -> Iterable[str]:
    for place, words in enumerate(around):
        beside = [known[name] for name in used[max(place - 1, 0) : place + 1] if name in known]
        for each in _ANY.finditer(words):
            said = each[0].lower()
            if not any(_true(said, blank, words[each.start() :].lower()) for blank in beside):
                yield each[0]


def _true(said: str, blank: Blank, after: str) -> bool:
    if not re.fullmatch(_CLAIMS.get(blank.name, r"(?!)"), said):
        return False
    if said in _OF_ITS_OWN:
        return _OF_ITS_OWN[said] in blank.holds
    majority = said in ("mainly", "mostly") or re.match(r"most\s+of\b", after)
    return not majority or "most of" in blank.holds
