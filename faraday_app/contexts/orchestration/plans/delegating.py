"""Plan and share out: the first GPT plans, others do its steps, the first writes the whole.

A plan is whatever a model wrote. It is read so that it cannot do harm: a step needs only steps before it, so there are
no circles; nobody hands a step to whoever planned it; and what does not fit into the limit of steps is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from faraday_app.contexts.models import Part
from faraday_app.contexts.orchestration.plans.choosing import read_object
from faraday_app.contexts.orchestration.plans.shapes import (
    Ask,
    End,
    Next,
    Question,
    Said,
    Wanted,
    first,
    introduced,
    name_of,
    place,
)
from faraday_app.contexts.service import forms
from faraday_app.contexts.service.quoting import LETTERS, with_quotes

PLAN = (
    "Plan how these GPTs work out an answer to the question for you. Give each step to one of them by its letter, say"
    " in one sentence what it shall do, and name the numbers of earlier steps whose results it needs. As few steps as"
    ' possible, {most} at most. Reply as JSON: {{"steps": [{{"gpt": "B", "task": "List …", "needs": []}}]}}.'
)
DO = "Do what “Your part” asks for, as far as it serves the question, and nothing else. Give the result only."
WHOLE = (
    "Others have done parts of the work, as you planned. Write the whole answer to the question from their results, in"
    " your own words, and nothing about the work on it. Where a result is wrong or missing, do better."
)
LEAST = 3  # steps: plan, do, write


@dataclass(frozen=True, slots=True)
class Task:
    """A step of a plan, the ``number``-th that it names: for whom, what, after which others; done in ``step``."""

    number: int
    lane: int
    words: str
    needs: tuple[int, ...]
    step: int


def delegate(question: Question, said: list[Said]) -> Next:
    if question.steps < LEAST:
        return End(first(said)) if said else Ask((Wanted(0, 1, Part.final, shown=True),))
    done = {place(each): each for each in said}
    if (0, 1) not in done:
        return Ask((_plan(question),))
    tasks = tasks_of(question, done[0, 1].text)
    for step in sorted({task.step for task in tasks}):
        missing = [task for task in tasks if task.step == step and (task.lane, step) not in done]
        if missing:
            return Ask(tuple(_do(question, tasks, done, task) for task in missing))
    last = max((task.step for task in tasks), default=1) + 1
    if (0, last) not in done:
        return Ask((_whole(question, tasks, done, last),))
    results = [done[task.lane, task.step] for task in tasks if done[task.lane, task.step].text]
    return End((0, last) if done[0, last].text else place(results[-1]) if results else None)


def tasks_of(question: Question, text: str) -> tuple[Task, ...]:
    """The steps of a plan that can be done, in an order in which they can."""
    steps = read_object(text).get("steps")
    found: dict[int, Task] = {}
    left_out: set[int] = set()
    for number, raw in enumerate(steps[: forms.MOST_TASKS] if isinstance(steps, list) else (), start=1):
        lane, words = _lane(question, raw), _words(raw)
        if lane is None or not words:
            continue
        needs = tuple(need for need in _numbers(raw) if need in found)
        step = 1 + max((found[need].step for need in needs), default=1)
        while any((task.lane, task.step) == (lane, step) for task in found.values()):
            step += 1
        if step < question.steps and left_out.isdisjoint(_numbers(raw)):  # the last one is for the whole
            found[number] = Task(number, lane, words, needs, step)
        else:
            left_out.add(number)
    return tuple(found.values())


def _plan(question: Question) -> Wanted:
    others = range(1, len(question.names))
    task = PLAN.format(most=forms.MOST_TASKS)
    words = with_quotes(task, question.text, introduced(question, others), question.room)
    return Wanted(0, 1, Part.plan, words, tuple(LETTERS[lane] for lane in others), form=forms.PLAN)


def _do(question: Question, tasks: tuple[Task, ...], done: Mapping[tuple[int, int], Said], task: Task) -> Wanted:
    needed = [each for each in tasks if each.number in task.needs]
    quotes = [("Your part", task.words), *_results(question, needed, done)]
    return Wanted(task.lane, task.step, Part.draft, with_quotes(DO, question.text, quotes, question.room))


def _whole(question: Question, tasks: tuple[Task, ...], done: Mapping[tuple[int, int], Said], step: int) -> Wanted:
    """Where nothing came of the steps, whoever planned answers alone."""
    results = _results(question, tasks, done)
    words = with_quotes(WHOLE, question.text, results, question.room) if results else ""
    return Wanted(0, step, Part.final, words, shown=True)


def _results(
    question: Question, tasks: tuple[Task, ...] | list[Task], done: Mapping[tuple[int, int], Said]
) -> list[tuple[str, str]]:
    came = [(task, done[task.lane, task.step].text) for task in tasks if (task.lane, task.step) in done]
    return [(f"Result of step {task.number}, by {name_of(question, task.lane)}", text) for task, text in came if text]


def _lane(question: Question, raw: Any) -> int | None:
    letter = str(raw.get("gpt", "")).strip().upper() if isinstance(raw, dict) else ""
    lane = LETTERS.find(letter) if len(letter) == 1 else -1
    return lane if 0 < lane < len(question.names) else None


def _words(raw: Any) -> str:
    task = raw.get("task") if isinstance(raw, dict) else None
    return " ".join(task.split())[: forms.LONGEST_TASK] if isinstance(task, str) else ""


def _numbers(raw: dict[str, Any]) -> list[int]:
    needs = raw.get("needs")
    found = needs if isinstance(needs, list) else []
    return list(dict.fromkeys(need for need in found if isinstance(need, int) and not isinstance(need, bool)))
