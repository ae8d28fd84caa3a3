import hashlib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from faraday_app.coursework.service.dates import NO_DATES, Dates
from faraday_app.coursework.service.submissions.standing import Why, receipt_of, refusal, timeliness

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class TestTimeliness:
    @pytest.mark.parametrize(
        ("submitted", "due", "more", "expected"),
        [
            (None, None, {}, "todo"),
            (None, NOW + HOUR, {}, "todo"),
            (None, NOW - HOUR, {}, "missing"),
            (None, NOW - HOUR, {"types": ["paper"]}, "todo"),
            (None, NOW - HOUR, {"types": ["external"]}, "todo"),
            (None, NOW - HOUR, {"excused": True}, "excused"),
            (NOW, NOW, {}, "on_time"),
            (NOW, NOW - HOUR, {}, "late"),
            (NOW, None, {}, "on_time"),
            (NOW, NOW - HOUR, {"excused": True}, "excused"),
        ],
    )
    def test_is_told_by_the_date_that_applies_now(self, submitted, due, more, expected):
        assert timeliness(submitted, due, NOW, **more) == expected


class TestRefusal:
    def why(self, dates=NO_DATES, handed_in=0, *, enrolled="active", archived=False, **more):
        work = {"status": "published", "submission_types": ["text"], "attempts": None, **more}
        found = refusal(SimpleNamespace(**work), dates, handed_in, NOW, enrolled=enrolled, archived=archived)
        return found.why if found else None

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, None),
            ({"status": "draft"}, Why.withdrawn),
            ({"status": "scheduled"}, Why.withdrawn),
            ({"status": "closed"}, Why.closed),
            ({"dates": Dates(available_from=NOW + HOUR)}, Why.not_open),
            ({"dates": Dates(available_from=NOW)}, None),
            ({"dates": Dates(available_until=NOW)}, Why.over),
            ({"dates": Dates(due_at=NOW - HOUR)}, None),  # late, not refused
            ({"attempts": 2, "handed_in": 1}, None),
            ({"attempts": 2, "handed_in": 2}, Why.used_up),
            ({"submission_types": ["paper"]}, Why.on_paper),
            ({"submission_types": ["external"]}, Why.elsewhere),
            ({"enrolled": "completed"}, Why.left),
            ({"archived": True}, Why.archived),
        ],
    )
    def test_says_why(self, given, expected):
        assert self.why(**given) == expected

    def test_is_said_in_the_zone_of_whoever_reads(self):
        work = SimpleNamespace(status="published", submission_types=["text"], attempts=None)
        found = refusal(work, Dates(available_from=NOW + HOUR), 0, NOW)
        assert found.sentence(ZoneInfo("Europe/Berlin")) == "This can be handed in from 30 Nov 2026, 14:00 (CET)."


class TestReceipt:
    def test_is_what_the_manual_says(self):
        lines = (
            "faraday receipt 1\n"
            f"text {hashlib.sha256('Zellkern – µm'.encode()).hexdigest()}\n"
            "link https://example.org/a\n"
            "file aa\n"
            "file bb\n"
            "at 2026-11-30T12:00:00.000000+00:00\n"
        )
        there = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
        found = receipt_of("Zellkern – µm", "https://example.org/a", ["bb", "aa"], there)
        assert found == hashlib.sha256(lines.encode()).hexdigest()
