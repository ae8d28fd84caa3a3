"""What a question is about, as far as its words tell. Pure, and quick enough to be asked before every call."""

import re

from faraday_app.gateway.views import Task

LOOKED_AT = 2_000  # characters from the beginning
_LANGUAGES = (
    "arabic|chinese|english|french|german|greek|hindi|italian|japanese|latin|polish|portuguese|russian|spanish|turkish"
)
# The first that is found decides: a poem about Python is rarer than a question about it.
_SIGNS = {
    Task.code: r"```|\b(python|javascript|typescript|java|c\+\+|sql|html|css|regex|stack ?trace|compiler)\b"
    r"|\b(debug|refactor)\b|\b(function|code|program|script)s?\b.*\b(write|fix|explain|error|bug)"
    r"|\b(write|fix|explain)\b.*\b(function|code|program|script)s?\b",
    Task.translation: rf"\btranslat(e|es|ed|ion)\b|\b(in|into|to) ({_LANGUAGES})\b",
    Task.summary: r"\b(summari[sz]e|summary|tl;?dr|key points|shorten|condense|in a nutshell)\b",
    Task.maths: r"\d\s*[-+*/^×÷=]\s*\d|\b(equation|calculate|integral|derivative|fractions?|percent(age)?|algebra"
    r"|geometry|probability|square root|solve for)\b",
    Task.writing: r"\b(write|draft|compose|rewrite|rephrase|proofread)\b|\b(letter|essay|poem|story|speech)\b",
    Task.facts: r"^\W*(who|when|where|which|what (is|are|was|were)|how (many|much|old|long|far|tall))\b",
}
_FOUND = {task: re.compile(signs, re.IGNORECASE | re.DOTALL) for task, signs in _SIGNS.items()}


def task_of(text: str) -> Task:
    """Ordinary talk where nothing tells otherwise. The words are English ones."""
    beginning = text[:LOOKED_AT]
    return next((task for task, signs in _FOUND.items() if signs.search(beginning)), Task.chat)
