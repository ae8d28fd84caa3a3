"""The handlers behind the people page, called as the guard would call them."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.core.permissions import Role
from faraday_app.organizations.service import people
from faraday_app.organizations.state import InvitationsState, MemberState, PeopleState
from tests.factories.people import email_of, make_person
from tests.factories.tabs import open_tab


def shown(page):
    return [row.name for row in page.rows]


class TestPeopleState:
    async def test_shows_the_members_with_the_viewer_marked(self, cast):
        page = await open_tab(cast.administrator, PeopleState)
        await PeopleState.refresh.fn(page)
        assert [row.name for row in page.rows if row.me] == ["Jonas Prie"]
        assert (page.total, page.shown, page.loading, page.error) == ("7", "1–7 of 7", False, "")
        assert [name for _, name in page.departments] == ["Science"]

    async def test_pages_there_and_back(self, cast):
        for number in range(30):
            await make_person(cast.organization_id, Role.student, f"Student {number:02}")
        page = await open_tab(cast.administrator, PeopleState)
        await PeopleState.refresh.fn(page)
        first = shown(page)
        await PeopleState.next_page.fn(page)
        assert (page.shown, page.has_previous, page.has_next) == ("26–37 of 37", True, False)
        assert not set(first) & set(shown(page))
        await PeopleState.next_page.fn(page)
        await PeopleState.previous_page.fn(page)
        assert shown(page) == first

    async def test_goes_back_a_page_when_the_last_one_empties(self, cast):
        for number in range(19):
            await make_person(cast.organization_id, Role.student, f"Student {number:02}")
        page = await open_tab(cast.administrator, PeopleState)
        await PeopleState.set_status.fn(page, "active")
        await PeopleState.next_page.fn(page)
        assert shown(page) == ["Tom Lindqvist"]
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.head.user)
        await PeopleState.refresh.fn(page)
        assert page.shown == "1–25 of 25"

    async def test_narrows_from_the_first_page_on(self, cast):
        page = await open_tab(cast.administrator, PeopleState)
        await PeopleState.set_search.fn(page, "kaya")
        await PeopleState.set_role.fn(page, "student")
        assert shown(page) == ["Elif Kaya"]
        await PeopleState.clear.fn(page)
        assert page.total == "7"

    async def test_ignores_a_status_and_shortens_a_text_that_no_page_sends(self, cast):
        page = await open_tab(cast.administrator, PeopleState)
        await PeopleState.set_status.fn(page, "everything")
        await PeopleState.set_search.fn(page, "x" * 10_000)
        assert (page.status, len(page.search), page.rows) == ("", 100, [])

    async def test_says_why_it_shows_nothing_to_a_teacher(self, cast):
        page = await open_tab(cast.teacher, PeopleState)
        await PeopleState.refresh.fn(page)
        assert page.rows == []
        assert "people:read" in page.error


class TestMemberState:
    async def test_changes_role_and_department(self, cast):
        page = await open_tab(cast.administrator, MemberState)
        await MemberState.edit.fn(page, str(cast.aide.user_id))
        assert (page.editing, page.name, page.role, page.error) == (True, "Sara Byrne", "aide", "")
        await MemberState.save.fn(page, {"member_role": "teacher", "member_department": ""})
        assert page.editing is False
        assert (await self.now(cast)).role is Role.teacher

    async def test_says_what_somebody_else_did_meanwhile_and_saves_the_second_time(self, cast):
        page = await open_tab(cast.administrator, MemberState)
        await MemberState.edit.fn(page, str(cast.aide.user_id))
        async with transaction(cast.administrator) as session:
            await people.change_member(session, cast.administrator, cast.aide.user, 1, Role.student, None)
        await MemberState.save.fn(page, {"member_role": "teacher", "member_department": ""})
        assert page.editing
        assert "student" in page.error
        await MemberState.save.fn(page, {"member_role": "teacher", "member_department": ""})
        assert (await self.now(cast)).role is Role.teacher

    @pytest.mark.parametrize("form", [{}, {"member_role": "king"}, {"member_role": "aide", "member_department": "x"}])
    async def test_keeps_the_dialog_open_with_the_reason(self, cast, form):
        page = await open_tab(cast.administrator, MemberState)
        await MemberState.edit.fn(page, str(cast.aide.user_id))
        await MemberState.save.fn(page, form)
        assert page.editing
        assert page.error

    async def test_deactivates_after_asking(self, cast):
        page = await open_tab(cast.administrator, MemberState)
        await MemberState.ask_deactivate.fn(page, str(cast.aide.user_id))
        assert (page.deactivating, (await self.now(cast)).active) == (True, True)
        await MemberState.deactivate.fn(page)
        assert (page.deactivating, (await self.now(cast)).active) == (False, False)
        await MemberState.reactivate.fn(page, str(cast.aide.user_id))
        assert (await self.now(cast)).active

    @pytest.mark.parametrize("handler", [MemberState.edit, MemberState.ask_deactivate, MemberState.reactivate])
    async def test_does_not_find_somebody_of_another_organization(self, cast, handler):
        page = await open_tab(cast.administrator, MemberState)
        for someone in (str(cast.stranger.user_id), "nonsense", None):
            with pytest.raises(NotFound):
                await handler.fn(page, someone)

    async def now(self, cast):
        async with transaction(cast.administrator) as session:
            return await people.get_person(session, cast.administrator, cast.aide.user)


class TestInvitationsState:
    FORM = {"invite_email": "nova@test.example", "invite_role": "teacher", "invite_department": ""}

    async def test_shows_the_link_once(self, cast):
        page = await open_tab(cast.administrator, InvitationsState)
        await InvitationsState.invite.fn(page, self.FORM)
        await InvitationsState.refresh.fn(page)
        assert "/invitation?token=" in page.link
        assert page.invited == "nova@test.example · Teacher"
        assert [row.email for row in page.rows] == ["nova@test.example"]
        await InvitationsState.set_inviting.fn(page, False)
        assert page.link == ""

    async def test_makes_one_invitation_of_a_double_click(self, cast):
        page = await open_tab(cast.administrator, InvitationsState)
        await InvitationsState.invite.fn(page, self.FORM)
        link = page.link
        await InvitationsState.invite.fn(page, self.FORM)
        assert page.link == link

    async def test_says_beside_the_address_what_is_wrong_with_it(self, cast):
        page = await open_tab(cast.administrator, InvitationsState)
        for email in ("nobody", await email_of(cast.teacher)):
            await InvitationsState.invite.fn(page, {**self.FORM, "invite_email": email})
            assert page.email_error
            assert (page.link, page.error) == ("", "")

    async def test_says_above_the_buttons_what_is_wrong_elsewhere(self, cast):
        page = await open_tab(cast.administrator, InvitationsState)
        await InvitationsState.invite.fn(page, {**self.FORM, "invite_role": "king"})
        assert (page.error, page.email_error) == ("Choose a role.", "")

    async def test_revokes_after_asking(self, cast):
        page = await open_tab(cast.administrator, InvitationsState)
        await InvitationsState.invite.fn(page, self.FORM)
        await InvitationsState.refresh.fn(page)
        await InvitationsState.ask_revoke.fn(page, page.rows[0].id)
        assert page.revoked == "nova@test.example"
        await InvitationsState.revoke.fn(page)
        await InvitationsState.refresh.fn(page)
        assert page.rows == []

    async def test_is_refused_to_a_teacher_by_the_service_too(self, cast):
        page = await open_tab(cast.teacher, InvitationsState)
        with pytest.raises(NotPermitted):
            await InvitationsState.refresh.fn(page)
