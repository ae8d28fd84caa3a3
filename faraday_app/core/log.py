"""Log lines: one event a line, with what is secret left out."""

import logging
import secrets

import structlog

SECRET_KEYS = {"password", "token", "cookie", "secret", "authorization", "api_key"}


def _redact(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: "[hidden]" if key.lower() in SECRET_KEYS else value for key, value in event.items()}


class _WithoutHeaders(logging.Filter):
    """The framework's own message of a failed event quotes the request's headers, cookie included."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "headers" in record.getMessage():
            record.msg, record.args = "An event failed; its reference is logged separately.", ()
            record.exc_info = None
        return True


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    for name in ("reflex_base.event.processor.event_processor", "reflex.app", "reflex.state"):
        logging.getLogger(name).addFilter(_WithoutHeaders())


def reference() -> str:
    """A short number a person can quote and an operator can find in the log."""
    return secrets.token_hex(4)
