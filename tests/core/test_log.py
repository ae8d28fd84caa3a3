"""Secrets stay out of the log, wherever in a line they stand."""

import io
import logging

import pytest

from faraday_app.core import log
from faraday_app.core.crypto import new_key
from faraday_app.core.log import redacted, without_secrets

MARK = "Mq7zVbn2Kx"  # pragma: allowlist secret


class TestRedacted:
    @pytest.mark.parametrize(
        "text",
        [
            f"connection to postgresql+psycopg://app:{MARK}@db:5432/faraday failed",
            f"redis://:{MARK}@127.0.0.1:6379/0",
            f"smtp://user%40host:{MARK}@mail.example:587",
            f"Authorization: Bearer {MARK}",
            f"authorization='Basic {MARK}'",
            f"GET /auth/invitation?token={MARK}&x=1",
            f"{{'password': '{MARK}', 'name': 'Maya'}}",
            f'{{"new_password": "{MARK}"}}',
            f"Cookie: faraday={MARK}; zone=UTC",
            f"Cookie: __Host-faraday={MARK}",
            f"/invitation#{MARK}",
            f"v1.{'0' * 32}.{MARK}==",
        ],
    )
    def test_hides_what_is_secret(self, text):
        assert MARK not in redacted(text)

    def test_hides_keys(self):
        key = new_key()
        assert key[10:] not in redacted(f"the key {key} was refused")

    @pytest.mark.parametrize(
        "text",
        ["42 tokens in 0.3 s", "http://localhost:3000/keys", "path=/api/v1/people", "max_tokens=768", "a: b", ""],
    )
    def test_leaves_what_is_not(self, text):
        assert redacted(text) == text


class TestWithoutSecrets:
    def test_looks_into_what_is_nested(self):
        value = {"a": [{"Password": MARK}, ({"api_key": MARK},), f"redis://:{MARK}@host"], "tokens": 5, "n": None}
        assert MARK not in str(without_secrets(value))
        assert without_secrets({"count": 5, "ok": True, "names": ["Maya"]}) == {
            "count": 5,
            "ok": True,
            "names": ["Maya"],
        }

    def test_looks_into_things_as_they_are_written(self):
        assert MARK not in str(without_secrets(ValueError(f"no such user: redis://:{MARK}@host")))

    def test_comes_to_an_end(self):
        endless: list[object] = [f"token={MARK}"]
        endless.append(endless)
        assert MARK not in str(without_secrets(endless))


class TestConfigure:
    @pytest.fixture
    def lines(self):
        before = logging.getLogRecordFactory()
        log.configure()
        written = io.StringIO()
        handler = logging.StreamHandler(written)
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger = logging.getLogger("somebody.else")
        logger.addHandler(handler)
        yield logger, written
        logger.removeHandler(handler)
        logging.setLogRecordFactory(before)

    def test_drops_what_the_framework_says_of_a_failed_event(self, lines):
        logger, written = lines
        logger.addFilter(log._WithoutHeaders())
        try:
            int("x")
        except ValueError:
            logger.exception("Error processing event(headers={'cookie': '%s'})", MARK)
        logger.filters.clear()
        assert written.getvalue() == "An event failed; its reference is logged separately.\n"

    def test_covers_what_libraries_log(self, lines):
        logger, written = lines
        logger.warning("connecting to %s", f"redis://:{MARK}@host")
        try:
            int(f"password={MARK}")
        except ValueError:
            logger.exception("failed with %s", {"token": MARK})
        assert "connecting to redis" in written.getvalue()
        assert "ValueError" in written.getvalue()
        assert MARK not in written.getvalue()
