"""What comes next when several GPTs answer a question. Pure: the same parts so far give the same next parts.

A lane is a GPT's place among them. A part that came to nothing does not end the others: the next step goes on with
those that answered.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from faraday_app.contexts.models import Mode, Part
from faraday_app.contexts.service.quoting import LETTERS, with_quotes

MOST_LANES = 6
ROUNDS = 2  # of a debate, before its judge
MERGE = (
    "Write the best answer to the question from these drafts, in your own words, and nothing about the drafts."
    " Then add a heading “## Disagreements” and list in which points the drafts contradict each other,"
    " or write “None.”"
)
GO_ON = "Improve and continue this answer to the question. Give the whole answer, and nothing about the work on it."
REPLY = "Others have answered too. Say where they are right or wrong, then give your own best answer to the question."
JUDGE = "You judge this debate. Say who is right in which point and why, then give the answer that follows."
VOTE = 'Choose the best answer to the question. Reply with its letter only, as JSON: {"vote": "A"}.'


@dataclass(frozen=True, slots=True)
class Said:
    """A part that is finished. ``text`` is empty when it came to nothing."""

    lane: int
    step: int
    part: Part
    text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, whom, and how many bytes of others' words fit beside it. ``about``: instructions by lane."""

    text: str
    names: tuple[str, ...]
    about: tuple[str, ...] = ()
    room: int = 6_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part that is to be asked for. Without words of its own it is the question as it was asked."""

    lane: int
    step: int
    part: Part
    words: str = ""
    choices: tuple[str, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """All of these, at once."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more. ``shown`` is the lane and step of the part that the branch shows; None: nobody answered."""

    shown: tuple[int, int] | None


Next = Ask | End


def following(mode: Mode, question: Question, said: Sequence[Said]) -> Next:
    """What comes after the parts so far, all of which are finished. The newest of each lane and step counts."""
    return _PLANS[mode](question, list({(each.lane, each.step): each for each in said}.values()))


def _compare(question: Question, said: list[Said]) -> Next:
    if not said:
        return _everybody(question, Part.answer)
    return End(_first(said))


def _synthesise(question: Question, said: list[Said]) -> Next:
    if not said:
        return _everybody(question, Part.draft)
    drafts = _answered(said, 1)
    if _reached(said) > 1 or len(drafts) < 2:
        return End(_first([each for each in said if each.step > 1]) or _first(drafts))
    words = with_quotes(MERGE, question.text, _quotes(question, drafts), question.room)
    return Ask((Wanted(0, 2, Part.final, words, shown=True),))


def _chain(question: Question, said: list[Said]) -> Next:
    step = _reached(said)
    lanes = len(question.names)
    so_far = [each for each in said if each.text]
    if step >= lanes:
        return End(_place(max(so_far, key=lambda each: each.step)) if so_far else None)
    last = step + 1 == lanes
    part = Part.final if last else Part.draft
    if not so_far:
        return Ask((Wanted(step, step + 1, part, shown=last),))
    newest = max(so_far, key=lambda each: each.step)
    words = with_quotes(GO_ON, question.text, _quotes(question, [newest]), question.room)
    return Ask((Wanted(step, step + 1, part, words, shown=last),))


def _debate(question: Question, said: list[Said]) -> Next:
    if not said:
        return _everybody(question, Part.draft)
    step = _reached(said)
    present = _answered(said, 1)
    newest = list({each.lane: each for each in sorted(said, key=lambda each: each.step) if each.text}.values())
    if step > ROUNDS or len(present) < 2:
        return End(_first([each for each in said if each.step > ROUNDS]) or _first(newest))
    if step < ROUNDS:
        return Ask(tuple(_reply(question, present, each.lane, step + 1) for each in present))
    words = with_quotes(JUDGE, question.text, _quotes(question, newest), question.room)
    return Ask((Wanted(0, step + 1, Part.judge, words, shown=True),))


def _reply(question: Question, present: list[Said], lane: int, step: int) -> Wanted:
    words = with_quotes(REPLY, question.text, _quotes(question, present, mine=lane), question.room)
    return Wanted(lane, step, Part.draft, words)


def _vote(question: Question, said: list[Said]) -> Next:
    if not said:
        return _everybody(question, Part.draft)
    drafts = _answered(said, 1)
    if _reached(said) > 1 or len(drafts) < 2:
        return End(_winner(drafts, [each for each in said if each.step > 1]))
    letters = tuple(LETTERS[each.lane] for each in drafts)
    labelled = [(f"Answer {LETTERS[each.lane]}", each.text) for each in drafts]
    words = with_quotes(VOTE, question.text, labelled, question.room)
    return Ask(tuple(Wanted(each.lane, 2, Part.judge, words, letters) for each in drafts))


def _winner(drafts: list[Said], votes: list[Said]) -> tuple[int, int] | None:
    """The draft with the most votes; of equal ones the first."""
    counted = Counter(vote for each in votes if (vote := voted(each.text)))
    best = max(drafts, key=lambda each: (counted[LETTERS[each.lane]], -each.lane), default=None)
    return _place(best) if best else None


def voted(text: str) -> str:
    """The letter in a vote, however it was written; empty when there is none."""
    try:
        found = json.loads(text)
        letter = str(found.get("vote", "")) if isinstance(found, dict) else ""
    except (ValueError, RecursionError):
        letter = ""
    if letter in LETTERS and letter:
        return letter
    alone = re.search(rf"\b([{LETTERS}])\b", text)
    return alone[1] if alone else ""


def _router(question: Question, said: list[Said]) -> Next:
    if said:
        return End(_first(said))
    return Ask((Wanted(fitting(question), 1, Part.final, shown=True),))


def fitting(question: Question) -> int:
    """The lane whose name and instructions share most words with the question; in doubt the first."""
    asked = _stems(question.text)
    about = question.about or ("",) * len(question.names)
    scores = [len(asked & _stems(f"{name} {words}")) for name, words in zip(question.names, about, strict=True)]
    return scores.index(max(scores))


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w{4,}", text.casefold())}


def _everybody(question: Question, part: Part) -> Ask:
    return Ask(tuple(Wanted(lane, 1, part) for lane in range(len(question.names))))


def _quotes(question: Question, said: list[Said], mine: int | None = None) -> list[tuple[str, str]]:
    def label(each: Said) -> str:
        name = question.names[each.lane].translate(str.maketrans("⟦⟧", "[]"))
        return "Your answer" if each.lane == mine else f"Answer {LETTERS[each.lane]}, by {name}"

    return [(label(each), each.text) for each in sorted(said, key=lambda each: each.lane)]


def _answered(said: list[Said], step: int) -> list[Said]:
    return sorted((each for each in said if each.step == step and each.text), key=lambda each: each.lane)


def _reached(said: list[Said]) -> int:
    return max((each.step for each in said), default=0)


def _first(said: list[Said]) -> tuple[int, int] | None:
    return _place(found) if (found := min((s for s in said if s.text), key=_place, default=None)) else None


def _place(each: Said) -> tuple[int, int]:
    return each.lane, each.step


_PLANS: dict[Mode, Callable[[Question, list[Said]], Next]] = {
    Mode.single: _router,
    Mode.compare: _compare,
    Mode.synthesise: _synthesise,
    Mode.chain: _chain,
    Mode.debate: _debate,
    Mode.vote: _vote,
    Mode.router: _router,
}
