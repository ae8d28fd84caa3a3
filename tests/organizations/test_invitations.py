import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from faraday_app.accounts.models import User
from faraday_app.core import mail
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, Invalid, NotFound, NotPermitted, NotSignedIn
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.models import Invitation
from faraday_app.organizations.service import actor_of_session, add_department, invitations, people, sign_in
from tests.factories.mailbox import link_in, token_in, words_of
from tests.factories.people import PASSWORD, email_of


def address():
    return f"{new_id().hex}@test.example"


async def invite(actor, email, role=Role.teacher, department_id=None):
    async with transaction(actor) as session:
        return await invitations.invite(session, actor, email, role, department_id)


async def accept(token, password=PASSWORD, name="Nova Quist"):
    async with transaction(Actor.system()) as session:
        return await invitations.accept(session, token, name, password)


async def is_verified(membership):
    async with transaction(Actor.system()) as session:
        return (await session.get_one(User, membership.user_id)).email_verified_at is not None


async def still_open(actor):
    async with transaction(actor) as session:
        return [invitation.email for invitation in await invitations.open_invitations(session, actor)]


async def revoke(actor, invitation):
    async with transaction(actor) as session:
        await invitations.revoke_invitation(session, actor, invitation.id)


class TestInvite:
    async def test_makes_a_member_with_the_role_and_department_of_the_invitation(self, cast):
        async with transaction(cast.administrator) as session:
            arts = (await add_department(session, cast.administrator, "Arts")).id
        email = address()
        _, token = await invite(cast.administrator, f"  {email.upper()} ", Role.head, arts)
        await accept(token)
        actor = await actor_of_session(await sign_in(email, PASSWORD, "10.1.0.1", ""))
        assert actor is not None
        assert (actor.name, actor.role, actor.department) == ("Nova Quist", Role.head, "Arts")
        assert actor.organization_id == cast.organization_id

    async def test_keeps_only_the_hash_of_the_token(self, cast):
        invitation, token = await invite(cast.administrator, address())
        assert token not in invitation.model_dump_json()

    async def test_ends_an_earlier_one_for_the_same_address(self, cast):
        email = address()
        _, first = await invite(cast.administrator, email)
        await invite(cast.administrator, email)
        assert await still_open(cast.administrator) == [email]
        with pytest.raises(NotFound):
            await accept(first)

    async def test_refuses_what_is_no_address(self, cast):
        with pytest.raises(Invalid) as refused:
            await invite(cast.administrator, "nobody")
        assert refused.value.field == "email"

    async def test_is_a_conflict_for_a_member_active_or_not(self, cast):
        email = await email_of(cast.teacher)
        with pytest.raises(Conflict, match="already a member"):
            await invite(cast.administrator, email)
        async with transaction(cast.administrator) as session:
            await people.deactivate(session, cast.administrator, cast.teacher.user)
        with pytest.raises(Conflict, match="Reactivate"):
            await invite(cast.administrator, email)

    async def test_does_not_tell_that_somebody_is_elsewhere(self, cast):
        await invite(cast.administrator, await email_of(cast.stranger))

    async def test_refuses_a_department_of_another_organization(self, cast):
        async with transaction(cast.stranger) as session:
            theirs = (await add_department(session, cast.stranger, "Sailing")).id
        with pytest.raises(NotFound):
            await invite(cast.administrator, address(), Role.teacher, theirs)

    async def test_is_for_those_who_may_invite(self, cast):
        with pytest.raises(NotPermitted):
            await invite(cast.head, address())


class TestSend:
    async def invited(self, actor, email):
        async with transaction(actor) as session:
            invitation, token = await invitations.invite(session, actor, email, Role.teacher)
            await invitations.send(session, actor, invitation, token, "https://faraday.example.org")
        await mail.deliver_waiting()

    async def test_mails_a_link_by_which_the_address_is_verified(self, cast, mailbox):
        email = address()
        await self.invited(cast.administrator, email)
        letter = mailbox.to(email)[-1]
        assert link_in(letter).startswith("https://faraday.example.org/invitation?token=")
        assert "Jonas Prie invites you to Hill School, as teacher." in words_of(letter)
        membership = await accept(token_in(letter))
        assert await is_verified(membership)

    async def test_is_what_verifies_a_shown_link_does_not(self, cast):
        _, token = await invite(cast.administrator, address())
        assert not await is_verified(await accept(token))

    async def test_proves_nothing_any_more_once_a_new_link_was_shown(self, cast, mailbox):
        email = address()
        await self.invited(cast.administrator, email)
        async with transaction(cast.administrator) as session:
            (invitation,) = await invitations.open_invitations(session, cast.administrator)
            _, token = await invitations.renew(session, cast.administrator, invitation.id)
        with pytest.raises(NotFound):
            await accept(token_in(mailbox.to(email)[-1]))
        assert not await is_verified(await accept(token))


class TestRenew:
    async def renew(self, actor, invitation):
        async with transaction(actor) as session:
            return await invitations.renew(session, actor, invitation.id)

    async def test_makes_a_new_link_and_ends_the_old_one(self, cast):
        invitation, first = await invite(cast.administrator, address())
        renewed, second = await self.renew(cast.administrator, invitation)
        assert renewed.expires_at > invitation.expires_at
        with pytest.raises(NotFound):
            await accept(first)
        await accept(second)

    async def test_is_not_found_for_another_organization_or_once_accepted(self, cast):
        invitation, token = await invite(cast.administrator, address())
        with pytest.raises(NotFound):
            await self.renew(cast.stranger, invitation)
        await accept(token)
        with pytest.raises(NotFound):
            await self.renew(cast.administrator, invitation)

    async def test_is_for_those_who_may_invite(self, cast):
        invitation, _ = await invite(cast.administrator, address())
        with pytest.raises(NotPermitted):
            await self.renew(cast.head, invitation)


class TestOpenInvitations:
    async def test_are_those_of_the_own_organization(self, cast):
        email = address()
        await invite(cast.administrator, email)
        assert await still_open(cast.administrator) == [email]
        assert await still_open(cast.stranger) == []


class TestRevokeInvitation:
    async def test_ends_the_link(self, cast):
        invitation, token = await invite(cast.administrator, address())
        await revoke(cast.administrator, invitation)
        assert await still_open(cast.administrator) == []
        with pytest.raises(NotFound):
            await accept(token)

    async def test_is_not_found_for_another_organization(self, cast):
        invitation, _ = await invite(cast.administrator, address())
        with pytest.raises(NotFound):
            await revoke(cast.stranger, invitation)

    async def test_is_not_found_once_accepted(self, cast):
        invitation, token = await invite(cast.administrator, address())
        await accept(token)
        with pytest.raises(NotFound):
            await revoke(cast.administrator, invitation)


class TestAccept:
    async def test_works_once(self, cast):
        _, token = await invite(cast.administrator, address())
        await accept(token)
        with pytest.raises(NotFound):
            await accept(token)

    async def test_works_once_when_two_try_at_once(self, cast):
        _, token = await invite(cast.administrator, address())
        outcomes = await asyncio.gather(accept(token), accept(token), return_exceptions=True)
        assert sum(isinstance(outcome, NotFound) for outcome in outcomes) == 1

    async def test_makes_one_account_when_two_organizations_are_joined_at_once(self, cast):
        email = address()
        tokens = [(await invite(actor, email))[1] for actor in (cast.administrator, cast.stranger)]
        first, second = await asyncio.gather(*(accept(token) for token in tokens))
        assert first.user_id == second.user_id
        assert first.organization_id != second.organization_id

    async def test_refuses_an_expired_one(self, cast):
        invitation, token = await invite(cast.administrator, address())
        async with transaction(Actor.system()) as session:
            late = update(Invitation).where(col(Invitation.id) == invitation.id)
            await session.execute(late.values(expires_at=now() - timedelta(seconds=1)))
        assert await still_open(cast.administrator) == []
        with pytest.raises(NotFound):
            await accept(token)

    @pytest.mark.parametrize("token", ["", "guess", "x" * 500])
    async def test_refuses_what_is_no_token(self, token):
        with pytest.raises(NotFound):
            await accept(token)

    async def test_asks_whoever_has_an_account_for_its_password(self, cast):
        _, token = await invite(cast.administrator, await email_of(cast.stranger))
        with pytest.raises(NotSignedIn):
            await accept(token, "somebody else's choice")
        membership = await accept(token)
        assert membership.user_id == cast.stranger.user_id

    @pytest.mark.parametrize("password", ["short", "password1234", "mayaokafor1"])
    async def test_says_the_same_of_a_weak_password_with_an_account_and_without(self, cast, password):
        said = []
        for email in (await email_of(cast.stranger), address()):
            _, token = await invite(cast.administrator, email)
            with pytest.raises(Invalid) as refused:
                await accept(token, password, "Maya Okafor")
            said.append(refused.value.message)
        assert said[0] == said[1]

    async def test_says_nothing_of_an_account_when_its_password_is_wrong(self, cast):
        _, token = await invite(cast.administrator, await email_of(cast.stranger))
        with pytest.raises(NotSignedIn) as refused:
            await accept(token, "seven quiet lanterns")
        assert "already" in refused.value.message
        assert "otherwise" in refused.value.message
        assert "have an account" not in refused.value.message

    async def test_leaves_the_invitation_open_when_the_password_is_too_short(self, cast):
        email = address()
        _, token = await invite(cast.administrator, email)
        with pytest.raises(Invalid):
            await accept(token, "short")
        assert await still_open(cast.administrator) == [email]
