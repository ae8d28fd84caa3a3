r"""Patterns that a text has to match, in a time that is known before: all states at once, no going back.

A part of the usual notation: letters, ``.``, ``[a-z]``, ``[^…]``, ``\d \w \s``, ``(a|b)``, ``? * + {2} {2,4} {2,}``.
The whole text has to match. A step looks at each state once, so it is pattern × text at most.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

LONGEST_PATTERN = 120
MOST_STATES = 600
MOST_REPEATS = 100
LONGEST_MATCHED = 400
DEEPEST = 20
Test = Callable[[str], bool]
_SETS: dict[str, Test] = {
    "d": lambda sign: sign.isdecimal() and sign.isascii(),
    "w": lambda sign: sign.isalnum() or sign == "_",
    "s": str.isspace,
}
_SPECIAL = "\\.[](){}?*+|^$"


class BadPattern(ValueError):
    """Says what cannot be read in it."""


@dataclass(slots=True)
class _State:
    """Goes on over a sign that passes the test, or freely to others."""

    test: Test | None = None
    following: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Piece:
    first: int
    last: int


class Pattern:
    """Compiled once; ``matches`` takes no more than states × signs steps."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_PATTERN:
            raise BadPattern(f"A pattern has {LONGEST_PATTERN} characters at most.")
        self._text, self._at, self._depth = text, 0, 0
        self._states: list[_State] = []
        whole = self._either()
        if self._at < len(text):
            raise BadPattern(f"There is “{text[self._at]}” that nothing opens.")
        self._begin, self._end = whole.first, whole.last

    def matches(self, text: str) -> bool:
        if len(text) > LONGEST_MATCHED:
            return False
        now = self._reached([self._begin])
        for sign in text:
            stepped = [to for each in now if (test := self._states[each].test) and test(sign)
                       for to in self._states[each].following]  # fmt: skip
            now = self._reached(stepped)
            if not now:
                return False
        return self._end in now

    def _reached(self, begin: list[int]) -> set[int]:
        """With all that can be gone to freely."""
        found, waiting = set(begin), list(set(begin))
        while waiting:
            state = self._states[waiting.pop()]
            if state.test is None:
                fresh = [to for to in state.following if to not in found]
                found.update(fresh)
                waiting.extend(fresh)
        return found

    def _state(self, test: Test | None = None, *following: int) -> int:
        if len(self._states) >= MOST_STATES:
            raise BadPattern("This pattern repeats too much.")
        self._states.append(_State(test, list(following)))
        return len(self._states) - 1

    def _link(self, last: int, to: int) -> None:
        self._states[last].following.append(to)

    def _one(self, test: Test) -> _Piece:
        end = self._state()
        return _Piece(self._state(test, end), end)

    def _nothing(self) -> _Piece:
        end = self._state()
        return _Piece(end, end)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        sign = self._peek()
        if not sign:
            raise BadPattern("The pattern ends too early.")
        self._at += 1
        return sign

    def _either(self) -> _Piece:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadPattern("Too many brackets stand in each other.")
        ways = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            ways.append(self._sequence())
        self._depth -= 1
        if len(ways) == 1:
            return ways[0]
        end = self._state()
        begin = self._state(None, *(way.first for way in ways))
        for way in ways:
            self._link(way.last, end)
        return _Piece(begin, end)

    def _sequence(self) -> _Piece:
        whole = self._nothing()
        while (sign := self._peek()) and sign not in "|)":
            piece = self._repeated()
            self._link(whole.last, piece.first)
            whole = _Piece(whole.first, piece.last)
        return whole

    def _repeated(self) -> _Piece:
        begin = self._at
        piece = self._atom()
        end = self._at
        least, most = self._times()
        if (least, most) == (1, 1):
            return piece
        copies = [piece] + [self._again(begin, end) for _ in range(max(least, most or least or 1) - 1)]
        return self._chain(copies, least, unending=most is None)

    def _chain(self, copies: list[_Piece], least: int, *, unending: bool) -> _Piece:
        end = self._state()
        whole = self._nothing()
        at = whole.last
        for number, piece in enumerate(copies):
            if number >= least:
                self._link(at, end)
            self._link(at, piece.first)
            at = piece.last
        if unending:
            again = self._state(None, copies[-1].first)
            self._link(at, again)
        self._link(at, end)
        return _Piece(whole.first, end)

    def _again(self, begin: int, end: int) -> _Piece:
        """The atom once more, with states of its own."""
        resume, self._at = self._at, begin
        piece = self._atom()
        assert self._at == end
        self._at = resume
        return piece

    def _times(self) -> tuple[int, int | None]:
        sign = self._peek()
        if sign and sign in "?*+":
            self._at += 1
            found: tuple[int, int | None] = {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        elif sign == "{":
            found = self._bounds()
        else:
            return 1, 1
        if self._peek() and self._peek() in "?*+{":
            raise BadPattern("Nothing can be repeated twice over.")
        return found

    def _bounds(self) -> tuple[int, int | None]:
        end = self._text.find("}", self._at)
        least, comma, most = self._text[self._at + 1 : max(end, self._at)].partition(",")
        if end < 0 or not (least.isascii() and least.isdigit()) or (most and not (most.isascii() and most.isdigit())):
            raise BadPattern("Write how often as {2} or {2,4}.")
        self._at = end + 1
        low = int(least[:6])
        high = (int(most[:6]) if most else None) if comma else low
        if max(low, high or 0) > MOST_REPEATS or (high is not None and high < low) or high == 0:
            raise BadPattern(f"Something can be repeated {MOST_REPEATS} times at most, and at least once.")
        return low, high

    def _atom(self) -> _Piece:
        sign = self._take()
        if sign == "(":
            inside = self._either()
            if self._peek() != ")":
                raise BadPattern("There is “(” without “)”.")
            self._at += 1
            return inside
        if sign == "[":
            return self._one(self._class())
        if sign == ".":
            return self._one(lambda each: each != "\n")
        if sign == "\\":
            return self._one(self._escaped())
        if sign in _SPECIAL:
            raise BadPattern(f"Write \\{sign} for a plain “{sign}”; the whole text has to match in any case.")
        return self._one(lambda each: each == sign)

    def _escaped(self) -> Test:
        sign = self._take()
        if sign in _SETS:
            return _SETS[sign]
        if sign.lower() in _SETS:
            inner = _SETS[sign.lower()]
            return lambda each: not inner(each)
        if sign.isalnum():
            raise BadPattern(f"\\{sign} means nothing here.")
        return lambda each: each == sign

    def _class(self) -> Test:
        negated = self._peek() == "^"
        self._at += negated
        tests: list[Test] = []
        while (sign := self._take()) != "]":
            if sign == "[":
                raise BadPattern("Write \\[ for a bracket between brackets.")
            if sign == "\\" and self._peek().lower() in _SETS:
                tests.append(self._escaped())
                continue
            low = self._take() if sign == "\\" else sign
            tests.append(self._range(low))
        if not tests:
            raise BadPattern("There is nothing between the brackets.")
        return lambda each: any(test(each) for test in tests) != negated

    def _range(self, low: str) -> Test:
        if self._peek() != "-" or self._text[self._at + 1 : self._at + 2] in ("]", ""):
            return lambda each: each == low
        self._at += 1
        high = self._take()
        high = self._take() if high == "\\" else high
        if high < low:
            raise BadPattern(f"{low}-{high} goes backwards.")
        return lambda each: low <= each <= high


@lru_cache(maxsize=500)
def compiled(text: str) -> Pattern:
    """BadPattern for what cannot be read."""
    return Pattern(text)
