"""What the detectors find in a window of facts: no database, no clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.core.ids import new_id
from faraday_app.security.service.alerts.detectors import (
    detect,
    export_spike,
    impossible_travel,
    key_abroad,
    many_accounts_from_one_address,
    new_administrator,
    one_account_from_many_addresses,
    probing,
    reset_of_a_guardian,
)
from faraday_app.security.service.alerts.window import Event, SignIn, Window, crossings
from faraday_app.security.service.countries import countries, distance

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIMITS = SimpleNamespace(
    accounts_per_address=6, addresses_per_account=3, window_minutes=10, travel_speed=900,
    exports_minimum=5, exports_factor=4, refusals=20,
)  # fmt: skip
MAYA = UUID(int=1)


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def sign_in(country: str, at: float, device: str = "", user_id: UUID = MAYA) -> SignIn:
    return SignIn(new_id(), user_id, minutes(at), f"192.0.2.{len(country)}", country, device)


def event(action: str, at: float, **fields) -> Event:
    return Event(new_id(), minutes(at), action, **fields)


def refused(number: int, at: float, address: str = "203.0.113.9") -> Event:
    return event("session.refused", at, target_id=UUID(int=number), address=address)


def window(**facts) -> Window:
    return Window(since=NOON, names={MAYA: "Maya Okafor"}, **facts)


class TestImpossibleTravel:
    def test_is_told_with_who_and_where(self):
        (cause,) = impossible_travel(window(sign_ins=[sign_in("DE", 1), sign_in("BR", 40)]), LIMITS)
        assert cause.title == "Maya Okafor signed in from two countries within 39 minutes"
        assert "Germany" in cause.text
        assert "Brazil" in cause.text
        assert (cause.severity, cause.subject_id, len(cause.evidence)) == ("high", MAYA, 2)

    @pytest.mark.parametrize(
        ("before", "after", "later"), [("DE", "DE", 1), ("DE", "", 1), ("DE", "NL", 1), ("DE", "BR", 13 * 60)]
    )
    def test_is_not_seen_where_there_is_none(self, before, after, later):
        assert not list(impossible_travel(window(sign_ins=[sign_in(before, 1), sign_in(after, later)]), LIMITS))

    def test_is_not_seen_between_two_people(self):
        found = [sign_in("DE", 1), sign_in("BR", 2, user_id=UUID(int=2))]
        assert not list(impossible_travel(window(sign_ins=found), LIMITS))

    def test_weighs_less_from_a_browser_they_have_used(self):
        found = [sign_in("DE", -600, "Firefox"), sign_in("DE", 1, "Chrome"), sign_in("BR", 40, "Firefox")]
        (cause,) = impossible_travel(window(sign_ins=found), LIMITS)
        assert cause.severity == "low"
        assert "VPN" in cause.text

    def test_that_is_old_was_told_already(self):
        assert not list(impossible_travel(window(sign_ins=[sign_in("DE", -60), sign_in("BR", -50)]), LIMITS))

    @given(st.lists(st.tuples(st.sampled_from(["DE", "FR", "BR", "JP", ""]), st.floats(0, 600)), max_size=12))
    def test_is_never_found_below_the_speed(self, visits):
        found = [sign_in(country, at) for country, at in sorted(visits, key=lambda visit: visit[1])]
        for cause in impossible_travel(window(sign_ins=found), LIMITS):
            first, then = (next(each for each in found if each.id == id) for id in cause.evidence)
            hours = max((then.at - first.at) / timedelta(hours=1), 1 / 60)
            assert distance(first.country, then.country) / hours > LIMITS.travel_speed


class TestStuffing:
    def test_of_many_accounts_from_one_address(self):
        (cause,) = many_accounts_from_one_address(window(failures=[refused(n, n) for n in range(1, 7)]), LIMITS)
        assert cause.title == "6 accounts were tried from one address"
        assert (cause.address, len(cause.evidence)) == ("203.0.113.9", 6)

    def test_is_not_one_person_who_mistypes(self):
        assert not list(many_accounts_from_one_address(window(failures=[refused(1, 1)] * 50), LIMITS))

    def test_is_not_what_is_spread_over_hours(self):
        assert not list(many_accounts_from_one_address(window(failures=[refused(n, n * 9) for n in range(20)]), LIMITS))

    def test_is_not_a_school_of_people_who_mistype_where_they_always_are(self):
        failures = [refused(n, n / 10) for n in range(1, 20)]
        usual = frozenset((UUID(int=n), "203.0.113.9") for n in range(1, 20))
        assert not list(many_accounts_from_one_address(window(failures=failures, familiar=usual), LIMITS))

    def test_by_somebody_in_the_school_is_when_it_is_a_crowd(self):
        failures = [refused(n, n / 10) for n in range(1, 26)]
        usual = frozenset((UUID(int=n), "203.0.113.9") for n in range(1, 26))
        (cause,) = many_accounts_from_one_address(window(failures=failures, familiar=usual), LIMITS)
        assert cause.title.startswith("24 accounts")

    def test_of_one_account_from_many_addresses(self):
        failures = [refused(1, n, f"203.0.113.{n}") for n in range(1, 4)]
        (cause,) = one_account_from_many_addresses(window(failures=failures), LIMITS)
        assert cause.title == "Sign-in as Maya Okafor failed from 3 addresses"
        assert cause.subject_id == MAYA

    def test_does_not_count_where_they_usually_sign_in(self):
        failures = [refused(1, n, f"203.0.113.{n}") for n in range(1, 4)]
        usual = frozenset({(MAYA, "203.0.113.2")})
        assert not list(one_account_from_many_addresses(window(failures=failures, familiar=usual), LIMITS))

    def test_that_goes_on_alerts_once(self):
        causes = detect(window(failures=[refused(n, n / 60) for n in range(300)]), LIMITS)
        assert len(causes) == 1


class TestExportSpike:
    def exports(self, count: int, at: float) -> list[Event]:
        return [event("context.exported", at + n / 10, actor_id=MAYA, actor_name="Maya Okafor") for n in range(count)]

    def test_is_more_than_the_minimum_where_nothing_is_usual(self):
        assert not list(export_spike(window(exports=self.exports(5, 1)), LIMITS))
        (cause,) = export_spike(window(exports=self.exports(6, 1)), LIMITS)
        assert cause.title == "Maya Okafor exported 6 times within an hour"

    def test_is_measured_by_what_is_usual_for_the_person(self):
        usual = [each for day in range(2, 9) for each in self.exports(3, -day * 24 * 60)]
        assert not list(export_spike(window(exports=usual + self.exports(12, 1)), LIMITS))
        (cause,) = export_spike(window(exports=usual + self.exports(13, 1)), LIMITS)
        assert "usually export 3 times" in cause.text

    @given(st.integers(1, 40), st.integers(0, 200))
    def test_is_found_exactly_above_the_limit(self, usual, count):
        history = [each for day in range(2, 7) for each in self.exports(usual, -day * 24 * 60)]
        found = list(export_spike(window(exports=history + self.exports(count, 1)), LIMITS))
        assert bool(found) == (count > max(LIMITS.exports_minimum, LIMITS.exports_factor * usual))


class TestAdministrators:
    PROMOTED = {"name": "Ana Ruiz", "before": {"role": "teacher"}, "after": {"role": "administrator"}}

    @pytest.mark.parametrize(
        ("action", "details"),
        [
            ("membership.changed", PROMOTED),
            ("membership.created", {"name": "Ana Ruiz", "after": {"role": "administrator"}}),
        ],
    )
    def test_are_told_of_when_they_are_new(self, action, details):
        (cause,) = new_administrator(window(changes=[event(action, 1, actor_name="Tom", details=details)]), LIMITS)
        assert cause.title == "Ana Ruiz is now an administrator"
        assert "Tom" in cause.text

    @pytest.mark.parametrize(
        "details",
        [
            {"before": {"role": "administrator"}, "after": {"role": "administrator"}},
            {"before": {"role": "administrator"}, "after": {"role": "teacher"}},
            {"role": "administrator"},
            {},
        ],
    )
    def test_are_not_when_nothing_of_that_changed(self, details):
        assert not list(new_administrator(window(changes=[event("membership.changed", 1, details=details)]), LIMITS))

    @pytest.mark.parametrize("action", ["role.assigned", "role.changed", "rules.changed", "role.withdrawn"])
    def test_are_told_of_when_roles_and_rules_made_them(self, action):
        quiet = event(action, 1, details={"name": "Ana Ruiz", "after": {"*": "allow"}})
        loud = event(action, 2, actor_name="Tom", details={"administrators": ["Ana Ruiz", "Sara Byrne"]})
        (cause,) = new_administrator(window(changes=[quiet, loud]), LIMITS)
        assert (cause.title, cause.evidence) == ("Ana Ruiz and Sara Byrne are now administrators", (loud.id,))

    def test_are_not_when_they_found_the_organisation(self):
        changes = [event("membership.created", 1, details={"after": {"role": "administrator"}})]
        assert not list(new_administrator(window(changes=changes, founded=minutes(0)), LIMITS))

    def test_are_told_of_when_their_second_factor_is_reset(self):
        changes = [event("factor.reset", 1, target_id=MAYA, actor_name="Tom")]
        (cause,) = reset_of_a_guardian(window(changes=changes, guardians=frozenset({MAYA})), LIMITS)
        assert cause.subject_id == MAYA
        assert not list(reset_of_a_guardian(window(changes=changes), LIMITS))


class TestProbing:
    def test_adds_up_what_was_refused(self):
        refusals = [event("permission.refused", n, actor_id=MAYA, details={"count": 7}) for n in range(1, 4)]
        assert not list(probing(window(refusals=refusals[:2]), LIMITS))
        (cause,) = probing(window(refusals=refusals), LIMITS)
        assert len(cause.evidence) == 3


class TestKeyAbroad:
    def seen(self, country: str, at: float) -> Event:
        details = {"name": "Import", "country": country}
        return event("api_key.seen", at, target_id=UUID(int=7), address="192.0.2.1", details=details)

    def test_is_a_country_in_which_the_key_never_was(self):
        (cause,) = key_abroad(window(sightings=[self.seen("DE", -9_000), self.seen("JP", 1)]), LIMITS)
        assert cause.title == "API key “Import” was used from Japan"
        assert "Germany" in cause.text

    def test_is_not_the_first_use(self):
        assert not list(key_abroad(window(sightings=[self.seen("DE", 1)]), LIMITS))


class TestCrossings:
    @given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 8)), max_size=60), st.integers(1, 6))
    def test_are_where_the_distinct_values_rise_to_the_limit(self, raw, limit):
        events = [refused(number, at) for at, number in sorted(raw)]
        found = [each[-1].id for each in crossings(events, timedelta(minutes=10), limit, lambda each: each.target_id)]
        expected, above = [], False
        for index, last in enumerate(events):
            inside = [each for each in events[: index + 1] if last.at - each.at <= timedelta(minutes=10)]
            reached = len({each.target_id for each in inside}) >= limit
            expected += [last.id] if reached and not above else []
            above = reached
        assert found == expected


class TestDetect:
    def test_gives_the_same_causes_however_often_it_looks(self):
        facts = window(
            failures=[refused(n, n / 10) for n in range(1, 9)], sign_ins=[sign_in("DE", 1), sign_in("JP", 2)]
        )
        first, second = detect(facts, LIMITS), detect(replace(facts, since=minutes(-5)), LIMITS)
        assert [cause.key for cause in first] == [cause.key for cause in second]
        assert len(first) == 2


class TestCountries:
    def test_have_a_tile_each(self):
        placed = [(each.column, each.row) for each in countries().values() if each.column is not None]
        assert len(placed) > 190
        assert len(placed) == len(set(placed))

    @given(st.sampled_from(sorted(countries())), st.sampled_from(sorted(countries())))
    def test_are_as_far_there_as_back(self, one, other):
        assert distance(one, other) == pytest.approx(distance(other, one))
        assert 0 <= distance(one, other) <= 20_040

    def test_are_as_far_apart_as_they_are(self):
        assert distance("DE", "FR") == pytest.approx(820, abs=80)
        assert distance("GB", "AU") == pytest.approx(15_100, rel=0.05)
