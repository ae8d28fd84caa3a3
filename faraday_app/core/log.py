"""Log lines: one event a line, with what is secret left out, however deep it lies."""

import logging
import re
import secrets
import traceback
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import structlog

HIDDEN = "[hidden]"
SECRET_KEYS = re.compile(
    r"(^|[_.-])(password|passwd|token|cookie|secret|authorization|api_?key|master_?keys?|credentials?|sealed|wrapped)s?$",
    re.IGNORECASE,
)


def _hiding(before: str = "", after: str = "") -> Callable[[re.Match[str]], str]:
    """The groups of a match stay. A function, where a template would be imported for: Python may be shutting down."""
    return lambda match: f"{''.join(match.groups(''))}{before}{HIDDEN}{after}"


# What gives a secret away wherever it stands: in a message, an exception, a URL; and what stands beside it and stays.
_IN_TEXT: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r"\bfdy_[0-9A-Za-z]{10,}"), "fdy_" + HIDDEN),
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s:@'\"]*:[^/\s@'\"]*@", re.IGNORECASE), _hiding(after="@")),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), _hiding(" ")),
    (
        re.compile(
            r"((?:\b|_|-)(?:password|token|secret|code|api_?key|faraday)['\"]?\s*[=:]\s*)(['\"]?)[^\s'\"&;,)}\]]{4,}",
            re.IGNORECASE,
        ),
        _hiding(),
    ),
    (re.compile(r"(/invitation/?[#?/])[^\s'\"&]+"), _hiding()),
    (re.compile(r"\bv1\.[0-9a-f]{32}\.[\w=-]+"), "v1." + HIDDEN),
]
MOST_DEEP = 6


def redacted(text: str) -> str:
    """A text without the keys, passwords and tokens in it."""
    for pattern, instead in _IN_TEXT:
        text = pattern.sub(instead, text)
    return text


@lru_cache(maxsize=4_096)
def _names_a_secret(key: str) -> bool:
    return SECRET_KEYS.search(key) is not None


def without_secrets(value: Any, depth: int = 0) -> Any:
    """A value to be logged: secret by its name or by its looks, nested ones too."""
    if isinstance(value, dict) and depth < MOST_DEEP:
        return {
            key: HIDDEN if _names_a_secret(str(key)) else without_secrets(each, depth + 1)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset) and depth < MOST_DEEP:
        return [without_secrets(each, depth + 1) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redacted(value if isinstance(value, str) else repr(value))


def _redact(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: HIDDEN if _names_a_secret(key) else without_secrets(value) for key, value in event.items()}


class _WithoutHeaders(logging.Filter):
    """The framework's own message of a failed event quotes the request's headers, cookie included."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "headers" in record.getMessage():
            record.msg, record.args = "An event failed; its reference is logged separately.", ()
            record.exc_info = record.exc_text = None
        return True


_plain_record = logging.LogRecord


class _Record(_plain_record):
    """What libraries log, their exceptions included, without the secrets in it."""

    def getMessage(self) -> str:  # noqa: N802  the name is logging's
        return redacted(super().getMessage())

    @property
    def exc_text(self) -> str | None:
        return self._exc_text

    @exc_text.setter
    def exc_text(self, text: str | None) -> None:
        if text is None and self.exc_info and self.exc_info[0]:
            text = "".join(traceback.format_exception(*self.exc_info)).rstrip()
        self._exc_text = redacted(text) if text else None


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.setLogRecordFactory(_Record)
    for name in ("reflex_base.event.processor.event_processor", "reflex.app", "reflex.state"):
        logging.getLogger(name).addFilter(_WithoutHeaders())


def reference() -> str:
    """A short number a person can quote and an operator can find in the log."""
    return secrets.token_hex(4)
