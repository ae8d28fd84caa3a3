"""Shapes that an answer is held to: a vote, a plan, or who fits a question. ``letters`` stand for answers or GPTs."""

from typing import Any

VOTE, PLAN, ROUTE = "vote", "plan", "route"
MOST_TASKS = 6
TOKENS = {VOTE: 12, PLAN: 600, ROUTE: 80}  # that an answer in this shape may need
LONGEST_TASK = 300  # characters
LONGEST_REASON = 120

Json = dict[str, Any]


def schema(form: str, letters: tuple[str, ...]) -> Json:
    """As OpenAI's protocol has it. A provider that knows no schemas may ignore it: what comes is read with care."""
    shape = {VOTE: _vote, PLAN: _plan, ROUTE: _route}[form](letters)
    return {"type": "json_schema", "json_schema": {"name": form, "schema": shape}}


def _vote(letters: tuple[str, ...]) -> Json:
    return _object({"vote": _one_of(letters)})


def _route(letters: tuple[str, ...]) -> Json:
    return _object({"gpt": _one_of(letters), "why": {"type": "string", "maxLength": LONGEST_REASON}})


def _plan(letters: tuple[str, ...]) -> Json:
    needs = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": MOST_TASKS}, "maxItems": MOST_TASKS}
    step = _object({"gpt": _one_of(letters), "task": {"type": "string", "maxLength": LONGEST_TASK}, "needs": needs})
    return _object({"steps": {"type": "array", "items": step, "minItems": 1, "maxItems": MOST_TASKS}})


def _one_of(letters: tuple[str, ...]) -> Json:
    return {"type": "string", "enum": list(letters)}


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
