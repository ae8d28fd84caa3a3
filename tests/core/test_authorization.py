"""The resolver's promises, over made-up rules, roles, moments and addresses."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.core.authorization import (
    PLATFORM,
    Effect,
    Extent,
    Holding,
    Hours,
    Resource,
    RoleRules,
    Rule,
    decide,
    extent,
    lasting,
    next_change,
    rights,
)
from faraday_app.core.permissions import BUILT_IN, ROLE_PERMISSIONS, Permission, Role
from tests.factories.rules import (
    ADDRESSES,
    ARTS,
    CLASS,
    NOON,
    PATTERNS,
    PERMISSIONS,
    SCHOOL,
    SCIENCE,
    allow,
    allowed,
    conditions,
    deny,
    moments,
    naive,
    person,
    questions,
    subjects,
)


class TestDecide:
    @settings(max_examples=200, deadline=None)
    @given(questions)
    def test_equals_the_plain_reference(self, question):
        assert decide(*question).allowed == naive(*question)

    @settings(max_examples=50, deadline=None)
    @given(questions, st.randoms())
    def test_does_not_depend_on_the_order_of_rules_or_roles(self, question, random):
        subject = question[0]
        shuffled = replace(
            subject,
            rules=tuple(random.sample(subject.rules, len(subject.rules))),
            holdings=tuple(random.sample(subject.holdings, len(subject.holdings))),
        )
        assert decide(shuffled, *question[1:]).allowed == decide(*question).allowed

    @settings(max_examples=50, deadline=None)
    @given(questions)
    def test_gives_way_to_a_denial_at_any_level(self, question):
        subject, permission, *rest = question
        bar = Rule(Effect.deny, permission)
        above = RoleRules("above", "Above", (bar,))
        heir = Holding(RoleRules("heir", "Heir", (Rule(Effect.allow, "*"),), above))
        assert not decide(replace(subject, rules=(*subject.rules, bar)), permission, *rest).allowed
        assert not decide(replace(subject, holdings=(*subject.holdings, heir)), permission, *rest).allowed

    @settings(max_examples=50, deadline=None)
    @given(questions, st.sampled_from(PATTERNS), conditions)
    def test_takes_nothing_away_when_an_allowance_is_added(self, question, pattern, limits):
        subject = question[0]
        more = replace(subject, rules=(*subject.rules, Rule(Effect.allow, pattern, limits)))
        assert decide(more, *question[1:]).allowed >= decide(*question).allowed

    @settings(max_examples=50, deadline=None)
    @given(questions)
    def test_is_the_same_for_a_role_and_for_all_it_inherits_written_out(self, question):
        subject = question[0]
        written = [tuple(rule for role in each.role.line() for rule in role.rules) for each in subject.holdings]
        flat = tuple(
            Holding(RoleRules(each.role.key, "", rules), each.expires_at)
            for each, rules in zip(subject.holdings, written, strict=True)
        )
        assert decide(replace(subject, holdings=flat), *question[1:]).allowed == decide(*question).allowed

    @settings(max_examples=50, deadline=None)
    @given(questions)
    def test_says_what_it_looked_at_and_answers_last(self, question):
        decision = decide(*question)
        assert all(step.why and step.says and step.source for step in decision.trace)
        assert decision.trace[-1].matched == decision.allowed
        assert decision.reason.startswith("Allowed" if decision.allowed else ("Blocked", "It belongs"))

    def test_is_no_without_any_rule(self):
        assert not allowed(person())

    def test_ends_a_rule_and_a_role_at_their_moment(self):
        rule = replace(allow(), expires_at=NOON)
        assert allowed(person(rule), moment=NOON - timedelta(microseconds=1))
        assert not allowed(person(rule), moment=NOON)
        held = person(roles=(Holding(RoleRules("r", "R", (allow(),)), NOON),))
        assert allowed(held, moment=NOON - timedelta(seconds=1))
        assert not allowed(held, moment=NOON)
        assert allowed(person(allow(), replace(deny(), expires_at=NOON)), moment=NOON)

    def test_goes_by_the_clock_of_the_organization(self):
        berlin = person(allow(hours=Hours(days=(1,), start="08:00", end="12:30")), zone="Europe/Berlin")
        assert allowed(berlin, moment=NOON - timedelta(minutes=31))
        assert not allowed(berlin, moment=NOON)  # 13:00 there

    def test_lets_a_night_end_on_the_next_morning(self):
        night = person(allow(hours=Hours(days=(1,), start="22:00", end="06:00")))
        assert allowed(night, moment=NOON.replace(hour=23))
        assert allowed(night, moment=NOON.replace(day=25, hour=5))
        assert not allowed(night, moment=NOON.replace(hour=5))

    def test_knows_an_address_of_the_old_kind_within_one_of_the_new(self):
        near = person(allow(addresses=("192.0.2.0/24",)))
        assert allowed(near, address="::ffff:192.0.2.7")
        assert not allowed(near, address="203.0.113.7")
        assert not allowed(near, address="no address")

    def test_denies_an_unknown_address_what_it_denies_to_some(self):
        assert not allowed(person(allow(), deny(addresses=("192.0.2.0/24",))), address="")
        assert allowed(person(allow(), deny(addresses=("192.0.2.0/24",))), address="203.0.113.7")

    def test_needs_the_fact_that_a_condition_is_about(self):
        mine = person(allow(own_department=True), department_id=SCIENCE)
        assert allowed(mine, Resource("person", department_id=SCIENCE))
        assert not allowed(mine, Resource("person", department_id=ARTS))
        assert not allowed(mine, Resource("person"))
        assert not allowed(mine)
        assert not allowed(person(allow(own_department=True)), Resource("person"))
        assert not allowed(person(allow(own_class=True)), Resource("person", class_ids=frozenset({CLASS})))

    def test_ends_a_circle_of_roles(self):
        first = RoleRules("first", "First", (allow(),))
        object.__setattr__(first, "parent", RoleRules("second", "Second", (), first))
        assert allowed(person(roles=(Holding(first),)))

    @pytest.mark.parametrize("permission", sorted(PLATFORM))
    def test_keeps_the_platform_from_everybody_else(self, permission):
        everything = person(allow("*"), Rule(Effect.allow, permission), roles=(Holding(BUILT_IN[Role.administrator]),))
        assert not decide(everything, permission, None, NOON).allowed
        assert decide(replace(everything, platform_admin=True), permission, None, NOON).allowed


class TestRights:
    @settings(max_examples=50, deadline=None)
    @given(subjects, moments, st.sampled_from(ADDRESSES))
    def test_are_what_the_resolver_says_without_a_thing(self, subject, moment, address):
        found = rights(subject, PERMISSIONS, moment, address)
        certain = {each for each in PERMISSIONS if decide(subject, each, None, moment, address).allowed}
        assert found.granted - found.depending == certain

    @settings(max_examples=50, deadline=None)
    @given(questions)
    def test_hold_everything_that_some_thing_may_allow(self, question):
        subject, permission, _, moment, address = question
        if decide(*question).allowed:
            assert permission in rights(subject, PERMISSIONS, moment, address).granted

    def test_of_built_in_roles_are_those_of_their_list(self):
        for role in Role:
            found = rights(person(roles=(Holding(BUILT_IN[role]),)), Permission, NOON)
            depending = {Permission.classes_oversee} if role is Role.head else frozenset()
            assert (found.granted, found.depending) == (ROLE_PERMISSIONS[role] | depending, depending)


class TestNextChange:
    @settings(max_examples=50, deadline=None)
    @given(subjects, moments, st.integers(0, 3 * 24 * 60))
    def test_is_no_later_than_any_change(self, subject, moment, minutes):
        later = moment + timedelta(minutes=minutes)
        change = next_change(subject, moment)
        if change is None or later < change:
            assert rights(subject, PERMISSIONS, later) == rights(subject, PERMISSIONS, moment)

    def test_is_never_without_an_end(self):
        assert next_change(person(allow()), NOON) is None
        assert next_change(person(replace(allow(), expires_at=NOON)), NOON - timedelta(days=9)) == NOON


class TestExtent:
    def test_is_none_limited_or_full(self):
        def of(*own):
            return extent(person(*own), Permission.people_read, NOON)

        assert of() is Extent.none
        assert of(allow()) is Extent.full
        assert of(allow(own_department=True)) is Extent.limited
        assert of(allow(), deny(own_department=True)) is Extent.limited
        assert of(allow("*"), deny()) is Extent.none


class TestLasting:
    @settings(max_examples=50, deadline=None)
    @given(questions)
    def test_can_be_taken_by_no_moment_address_or_thing_of_ours(self, question):
        subject, permission, resource, moment, address = question
        ours = None if resource is None else replace(resource, organization_id=SCHOOL)
        if lasting(subject, permission, moment):
            assert decide(subject, permission, ours, moment, address).allowed

    def test_is_not_what_ends_or_is_limited_or_may_be_denied(self):
        def of(*own):
            return lasting(person(*own), Permission.people_read, NOON)

        assert of(allow())
        assert not of(replace(allow(), expires_at=NOON + timedelta(days=1)))
        assert not of(allow(addresses=("192.0.2.0/24",)))
        assert not of(allow(), deny(own_department=True))
