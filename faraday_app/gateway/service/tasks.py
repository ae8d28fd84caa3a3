"""What a call is about, by the words of its last message: cheap, explainable, and wrong now and then."""

import re
from typing import Any

from faraday_app.gateway.views import Task

LOOKED_AT = 4_000  # characters

# The first that matches; in the languages that most schools of ours speak.
_SIGNS: tuple[tuple[Task, re.Pattern[str]], ...] = (
    (
        Task.translation,
        re.compile(r"\b(translat\w+|übersetz\w*|tradui\w+|traduc\w+|tradur\w+|vertaal\w*)\b", re.IGNORECASE),
    ),
    (
        Task.summary,
        re.compile(r"\b(summar\w+|tl;?dr|zusammenfass\w*|fass\w* .{0,40}zusammen|résum\w+|resum\w+)\b", re.IGNORECASE),
    ),
    (
        Task.code,
        re.compile(
            r"```|\b(python|javascript|typescript|java|sql|html|css|regex|stack ?trace|traceback|compile\w*|debug\w*)\b"
            r"|\bdef \w+\(|\bfunction \w*\(|#include|\bclass \w+[:({]",
            re.IGNORECASE,
        ),
    ),
    (
        Task.maths,
        re.compile(
            r"[∫∑√π≤≥≠]|\\frac|\b\d+\s*[-+*/^=]\s*\d+|\b[a-z]\s*\^\s*\d|\b(solve|equation|derivative|integral|fraction"
            r"|gleichung|ableitung|équation|ecuación)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Task.writing,
        re.compile(
            r"\b(write|draft|compose|rewrite|schreib\w*|verfass\w*|écri\w+|rédig\w+|escrib\w+|redact\w+)\b"
            r"|\b(essay|poem|story|letter|speech|aufsatz|gedicht|brief|lettre|poème|ensayo|poema|carta)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Task.facts,
        re.compile(
            r"^\W*(who|what|when|where|which|how many|how much|wer|was|wann|wo|qui|quand|où|quién|cuándo|dónde)\b.*\?",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
)


def task_of(text: str) -> Task:
    shown = text[:LOOKED_AT]
    return next((task for task, sign in _SIGNS if sign.search(shown)), Task.chat)


def task_of_messages(messages: Any) -> Task:
    """By the last message of a person; chat when there is none to read."""
    for message in reversed(messages if isinstance(messages, list) else []):
        if isinstance(message, dict) and message.get("role") == "user":
            content = message.get("content")
            parts = content if isinstance(content, list) else [{"text": content}]
            return task_of(" ".join(str(part.get("text") or "") for part in parts if isinstance(part, dict)))
    return Task.chat
