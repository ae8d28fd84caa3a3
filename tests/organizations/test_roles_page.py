"""The handlers behind the pages of roles, called as the guard would call them."""

import pytest

from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import ROLE_PERMISSIONS, Permission, Role
from faraday_app.organizations.state.holders import HoldersState
from faraday_app.organizations.state.role import RoleState
from faraday_app.organizations.state.roles import RolesState
from faraday_app.organizations.state.why import WhyState
from faraday_app.organizations.views.roles import pattern_words, permission_words
from tests.factories.roles import allow, as_now, deny, give, make_role, set_rules
from tests.factories.tabs import open_at, open_tab


def line(tab, pattern):
    return next(row for row in tab.rows if row.pattern == pattern)


class TestRolesState:
    async def test_lists_roles_with_their_figures(self, cast):
        await make_role(cast.administrator, "Reader", allow("people:*"))
        page = await open_tab(cast.administrator, RolesState)
        await RolesState.refresh.fn(page)
        assert (page.total, page.rows[-1].name, page.rows[-1].permissions) == ("7", "Reader", "3")
        assert (page.rows[2].name, page.rows[2].people, page.rows[2].built_in) == ("Teacher", "2", True)


class TestRoleState:
    async def test_makes_a_role(self, cast):
        page = await open_at(cast.administrator, RoleState, "/roles/edit")
        await RoleState.set_name.fn(page, "Reader")
        await RoleState.set_parent.fn(page, "aide")
        await RoleState.set_effect.fn(page, "people:read", "allow")
        assert line(page, "assistant:use").inherited == "Allowed by Aide"
        assert "Nobody has this role yet" in page.difference
        await RoleState.save.fn(page)
        assert (page.name_error, page.problem, page.dirty) == ("", "", False)
        again = await open_at(cast.administrator, RoleState, "/roles/edit")
        await RoleState.set_name.fn(again, "READER")
        await RoleState.save.fn(again)
        assert "already" in again.name_error

    async def test_shows_what_saving_changes_and_then_does(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow("people:read"))
        await give(cast.administrator, role_id, cast.aide)
        page = await open_at(cast.administrator, RoleState, "/roles/edit", role=str(role_id))
        await RoleState.set_effect.fn(page, "people:read", "deny")
        assert [(row.name, row.gains, row.losses) for row in page.differences] == [("Sara Byrne", "", "see people")]
        assert (await as_now(cast.aide)).may(Permission.people_read)
        await RoleState.save.fn(page)
        assert not (await as_now(cast.aide)).could(Permission.people_read)
        assert (page.dirty, page.problem) == (False, "")

    async def test_sets_conditions_and_an_end(self, cast):
        page = await open_at(cast.administrator, RoleState, "/roles/edit")
        await RoleState.set_effect.fn(page, "people:read", "allow")
        await RoleState.limit.fn(page, "people:read")
        form = {"own_department": "on", "day_monday": "on", "start": "08:00", "end": "16:00"}
        await RoleState.save_limits.fn(page, {**form, "addresses": "not an address"})
        assert "192.0.2.0/24" in page.limits_error
        await RoleState.save_limits.fn(page, {**form, "expires_at": "2020-01-01T00:00"})
        assert "future" in page.limits_error
        await RoleState.save_limits.fn(page, {**form, "addresses": "192.0.2.0/24", "expires_at": "2090-01-01T00:00"})
        assert page.limiting is False
        assert line(page, "people:read").limits.startswith("own department · Mon 08:00–16:00 · 192.0.2.0/24 · until")

    @pytest.mark.parametrize("pattern", ["platform:read", "nothing", "'; drop table roles", 7])
    async def test_ignores_what_no_page_sends(self, cast, pattern):
        page = await open_at(cast.administrator, RoleState, "/roles/edit")
        with pytest.raises(Invalid):
            await RoleState.set_effect.fn(page, "platform:*x" if pattern == 7 else f"{pattern}!", "allow")

    async def test_leaves_a_built_in_role_as_it_is(self, cast):
        page = await open_at(cast.administrator, RoleState, "/roles/edit", role="teacher")
        assert (page.built_in, page.saved_name) == (True, "Teacher")
        assert [row.effect for row in page.rows] == ["allow"] * len(ROLE_PERMISSIONS[Role.teacher])
        with pytest.raises(Invalid):
            await RoleState.set_effect.fn(page, "people:read", "allow")

    async def test_says_that_a_role_is_gone(self, cast):
        for role in (str(cast.aide.user), "x", "'--"):
            page = await open_at(cast.administrator, RoleState, "/roles/edit", role=role)
            assert page.error
            assert page.loading is False

    async def test_is_told_that_somebody_was_faster(self, cast):
        role_id = await make_role(cast.administrator, "Reader")
        page, other = [await open_at(cast.administrator, RoleState, "/roles/edit", role=str(role_id)) for _ in range(2)]
        for tab in (page, other):
            await RoleState.set_description.fn(tab, "Changed")
            await RoleState.save.fn(tab)
        assert (page.problem, "meanwhile" in other.problem) == ("", True)


class TestHoldersState:
    async def test_gives_and_takes(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow("people:read"))
        page = await open_at(cast.administrator, HoldersState, "/roles/edit", role=str(role_id))
        await HoldersState.set_giving.fn(page, True)
        await HoldersState.search.fn(page, "maya")
        await HoldersState.choose.fn(page, page.found[0].id)
        assert (page.gains, page.losses) == ("see people", "")
        await HoldersState.give.fn(page, {"until": ""})
        await HoldersState.refresh.fn(page)
        assert [(row.name, row.until) for row in page.rows] == [("Maya Okafor", "for good")]
        await HoldersState.ask_withdraw.fn(page, page.rows[0].id)
        await HoldersState.withdraw.fn(page)
        await HoldersState.refresh.fn(page)
        assert page.rows == []


class TestWhyState:
    async def test_answers_what_the_address_asks(self, cast):
        await set_rules(cast.administrator, cast.aide, allow("people:read"), deny("people:*", own_department=True))
        asked = {"person": cast.aide.user, "permission": "people:read", "kind": "person", "id": cast.teacher.user}
        page = await open_at(cast.administrator, WhyState, "/roles/edit", **asked)
        assert (page.problem, page.answered, page.allowed) == ("", True, False)
        assert page.answer.startswith("A denial beats every allowance")
        assert [(step.says, step.matched) for step in page.steps] == [
            ("Deny: everything about people (own department)", True),
            ("Allow: see people", True),
        ]

    async def test_takes_nonsense_calmly(self, cast):
        page = await open_at(
            cast.administrator, WhyState, "/roles/edit", person="x", permission="x", kind="x", moment="x", id="x"
        )
        assert page.problem
        await WhyState.ask.fn(page, {"moment": "yesterday", "address": "\x00" * 99, "conversation": 7})
        assert page.answered is False


def test_every_permission_has_words():
    assert all(":" not in permission_words(each) for each in Permission)
    assert pattern_words("people:*") == "Everything about people"
