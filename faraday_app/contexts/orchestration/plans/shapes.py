"""What plans are made of: what was asked, what was said so far, and what is wanted next."""

from collections.abc import Sequence
from dataclasses import dataclass

from faraday_app.contexts.models import Part
from faraday_app.contexts.service import forms
from faraday_app.contexts.service.quoting import LETTERS

FIRST_WORDS = 300  # characters of a GPT's instructions, for whoever chooses among them


@dataclass(frozen=True, slots=True)
class Said:
    """A part that is finished. ``text`` is empty when it came to nothing."""

    lane: int
    step: int
    part: Part
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, whom, and how many bytes of others' words fit beside it. ``about``: instructions by lane.

    ``steps`` are the most that there may be.
    """

    text: str
    names: tuple[str, ...]
    about: tuple[str, ...] = ()
    room: int = 6_000
    steps: int = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part that is to be asked for. Without words of its own it is the question as it was asked.

    ``choices``: it fills in the ``form`` about them.
    """

    lane: int
    step: int
    part: Part
    words: str = ""
    choices: tuple[str, ...] = ()
    shown: bool = False
    form: str = forms.VOTE


@dataclass(frozen=True, slots=True)
class Ask:
    """All of these, at once."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more. ``shown`` is the lane and step of the part that the branch shows; None: nobody answered."""

    shown: tuple[int, int] | None


Next = Ask | End


def everybody(question: Question, part: Part) -> Ask:
    return Ask(tuple(Wanted(lane, 1, part) for lane in range(len(question.names))))


def quotes(question: Question, said: Sequence[Said], mine: int | None = None) -> list[tuple[str, str]]:
    def label(each: Said) -> str:
        return "Your answer" if each.lane == mine else f"Answer {LETTERS[each.lane]}, by {name_of(question, each.lane)}"

    return [(label(each), each.text) for each in sorted(said, key=lambda each: each.lane)]


def introduced(question: Question, lanes: Sequence[int]) -> list[tuple[str, str]]:
    """Who there is, by letter, name and the first words of their instructions."""
    about = question.about or ("",) * len(question.names)
    return [(f"GPT {LETTERS[lane]}, {name_of(question, lane)}", about[lane][:FIRST_WORDS]) for lane in lanes]


def name_of(question: Question, lane: int) -> str:
    return question.names[lane].translate(str.maketrans("⟦⟧", "[]"))


def answered(said: Sequence[Said], step: int) -> list[Said]:
    return sorted((each for each in said if each.step == step and each.text), key=lambda each: each.lane)


def reached(said: Sequence[Said]) -> int:
    return max((each.step for each in said), default=0)


def first(said: Sequence[Said]) -> tuple[int, int] | None:
    return place(found) if (found := min((s for s in said if s.text), key=place, default=None)) else None


def place(each: Said) -> tuple[int, int]:
    return each.lane, each.step
