"""The router: a model is asked who fits the question; where it names nobody, the words they share decide."""

import json
import re
from typing import Any

from faraday_app.contexts.models import Part
from faraday_app.contexts.orchestration.plans.shapes import Ask, End, Next, Question, Said, Wanted, first, introduced
from faraday_app.contexts.service import forms
from faraday_app.contexts.service.quoting import LETTERS, with_quotes

CHOOSE = (
    "Choose the one GPT that fits the question best, by its letter, and say in a few words why."
    ' Do not answer the question. Reply as JSON: {"gpt": "A", "why": "…"}.'
)


def router(question: Question, said: list[Said]) -> Next:
    answers = [each for each in said if each.part is not Part.route]
    if answers:
        return End(first(answers))
    if not said and question.steps > 1:
        lanes = range(len(question.names))
        words = with_quotes(CHOOSE, question.text, introduced(question, lanes), question.room)
        letters = tuple(LETTERS[lane] for lane in lanes)
        return Ask((Wanted(0, 1, Part.route, words, letters, form=forms.ROUTE),))
    lane, _ = chosen(said[0].text if said else "", len(question.names))
    return Ask((Wanted(fitting(question) if lane is None else lane, len(said) + 1, Part.final, shown=True),))


def chosen(text: str, lanes: int) -> tuple[int | None, str]:
    """The lane that a model chose and its reason, however it was written; None when it named nobody there is."""
    found = read_object(text)
    letter = str(found.get("gpt", "")).strip().upper()[:1] if found else ""
    if not letter and not found:
        alone = re.fullmatch(rf"\W*([{LETTERS}])\W*", text)
        letter = alone[1] if alone else ""
    if not letter or letter not in LETTERS[:lanes]:
        return None, ""
    why = found.get("why") if found else ""
    return LETTERS.index(letter), " ".join(str(why or "").split())[: forms.LONGEST_REASON]


def fitting(question: Question) -> int:
    """The lane whose name and instructions share most words with the question; in doubt the first."""
    asked = _stems(question.text)
    about = question.about or ("",) * len(question.names)
    scores = [len(asked & _stems(f"{name} {words}")) for name, words in zip(question.names, about, strict=True)]
    return scores.index(max(scores))


def read_object(text: str) -> dict[str, Any]:
    """The JSON object in a text, with whatever words around it; empty when there is none."""
    for candidate in (text, text[text.find("{") : text.rfind("}") + 1]):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w{4,}", text.casefold())}
