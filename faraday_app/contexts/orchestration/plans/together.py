"""All at once, and what is made of it: compare, merge, chain, debate, vote."""

import json
import re
from collections import Counter

from faraday_app.contexts.models import Part
from faraday_app.contexts.orchestration.plans.shapes import (
    Ask,
    End,
    Next,
    Question,
    Said,
    Wanted,
    answered,
    everybody,
    first,
    place,
    quotes,
    reached,
)
from faraday_app.contexts.service.quoting import LETTERS, with_quotes

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


def compare(question: Question, said: list[Said]) -> Next:
    if not said:
        return everybody(question, Part.answer)
    return End(first(said))


def synthesise(question: Question, said: list[Said]) -> Next:
    if not said:
        return everybody(question, Part.draft)
    drafts = answered(said, 1)
    if reached(said) > 1 or len(drafts) < 2:
        return End(first([each for each in said if each.step > 1]) or first(drafts))
    words = with_quotes(MERGE, question.text, quotes(question, drafts), question.room)
    return Ask((Wanted(0, 2, Part.final, words, shown=True),))


def chain(question: Question, said: list[Said]) -> Next:
    step = reached(said)
    lanes = len(question.names)
    so_far = [each for each in said if each.text]
    if step >= lanes:
        return End(place(max(so_far, key=lambda each: each.step)) if so_far else None)
    last = step + 1 == lanes
    part = Part.final if last else Part.draft
    if not so_far:
        return Ask((Wanted(step, step + 1, part, shown=last),))
    newest = max(so_far, key=lambda each: each.step)
    words = with_quotes(GO_ON, question.text, quotes(question, [newest]), question.room)
    return Ask((Wanted(step, step + 1, part, words, shown=last),))


def debate(question: Question, said: list[Said]) -> Next:
    if not said:
        return everybody(question, Part.draft)
    step = reached(said)
    present = answered(said, 1)
    newest = list({each.lane: each for each in sorted(said, key=lambda each: each.step) if each.text}.values())
    if step > ROUNDS or len(present) < 2:
        return End(first([each for each in said if each.step > ROUNDS]) or first(newest))
    if step < ROUNDS:
        return Ask(tuple(_reply(question, present, each.lane, step + 1) for each in present))
    words = with_quotes(JUDGE, question.text, quotes(question, newest), question.room)
    return Ask((Wanted(0, step + 1, Part.judge, words, shown=True),))


def _reply(question: Question, present: list[Said], lane: int, step: int) -> Wanted:
    words = with_quotes(REPLY, question.text, quotes(question, present, mine=lane), question.room)
    return Wanted(lane, step, Part.draft, words)


def vote(question: Question, said: list[Said]) -> Next:
    if not said:
        return everybody(question, Part.draft)
    drafts = answered(said, 1)
    if reached(said) > 1 or len(drafts) < 2:
        return End(_winner(drafts, [each for each in said if each.step > 1]))
    letters = tuple(LETTERS[each.lane] for each in drafts)
    labelled = [(f"Answer {LETTERS[each.lane]}", each.text) for each in drafts]
    words = with_quotes(VOTE, question.text, labelled, question.room)
    return Ask(tuple(Wanted(each.lane, 2, Part.judge, words, letters) for each in drafts))


def _winner(drafts: list[Said], votes: list[Said]) -> tuple[int, int] | None:
    """The draft with the most votes; of equal ones the first."""
    counted = Counter(vote for each in votes if (vote := voted(each.text)))
    best = max(drafts, key=lambda each: (counted[LETTERS[each.lane]], -each.lane), default=None)
    return place(best) if best else None


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
