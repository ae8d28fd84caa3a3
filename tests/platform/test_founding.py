"""Founding an organisation, and becoming its first administrator."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from faraday_app.core import mail
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor, Role
from faraday_app.credits import service as credits
from faraday_app.organizations.service import invitations
from faraday_app.platform.service import founding
from faraday_app.security.models import AuditEvent
from tests.factories.mailbox import link_in
from tests.factories.people import PASSWORD
from tests.factories.platform import SITE, appoint, found, token_of
from tests.factories.roles import as_now


@pytest.fixture
async def platform(cast):
    return await appoint(cast.administrator)


async def join(founded, name="Olga Petrova"):
    async with transaction(Actor.system()) as session:
        return await invitations.accept(session, token_of(founded), name, PASSWORD)


class TestFound:
    async def test_invites_an_administrator_and_nobody_else_is_in(self, platform, monkeypatch):
        monkeypatch.setattr("faraday_app.organizations.service.invitations.WHEN_SET_UP", [credits.provide])
        founded = await found(platform, f"Lake {new_id().hex}", f"{new_id().hex}@test.example")
        membership = await join(founded)
        assert (membership.organization_id, membership.role) == (founded.organization_id, Role.administrator)
        first = await as_now(Actor(membership.user_id, membership.organization_id))
        async with transaction(first) as session:
            assert (await credits.balance(session, first)).available > 0
            assert await session.scalar(text("select count(*) from memberships")) == 1

    async def test_is_in_faradays_own_chain_and_in_that_of_the_organization(self, platform):
        founded = await found(platform, f"Lake {new_id().hex}", f"{new_id().hex}@test.example")
        async with transaction(Actor.system()) as session:
            query = select(AuditEvent).where(col(AuditEvent.target_id) == founded.organization_id)
            events = {event.action: event for event in await session.scalars(query)}
        own = events["platform.organization_founded"]
        assert (own.organization_id, own.actor_id) == (None, platform.user)
        assert events["organization.created"].organization_id == founded.organization_id
        assert founded.email not in str(own.details)

    async def test_leaves_the_founder_in_their_own_organization(self, cast, platform):
        async with transaction(platform) as session:
            await founding.found(session, platform, f"Lake {new_id().hex}", "olga@test.example", SITE, by_mail=False)
            found_rows = await session.execute(text("select distinct organization_id from memberships"))
            assert [row[0] for row in found_rows] == [cast.organization_id]

    async def test_of_the_same_name_happens_once_however_many_try(self, platform):
        name = f"Lake {new_id().hex}"
        results = await asyncio.gather(*(found(platform, name) for _ in range(4)), return_exceptions=True)
        assert [type(each) for each in results if isinstance(each, Exception)] == [Conflict] * 3
        with pytest.raises(Conflict):
            await found(platform, f"  {name.upper()} ")

    @pytest.mark.parametrize(("name", "email"), [("", "a@test.example"), ("x" * 121, "a@test.example"), ("Ok", "no")])
    async def test_refuses_what_makes_no_sense_and_leaves_nothing(self, platform, name, email):
        name = name and f"{name}{'' if len(name) > 100 else new_id().hex}"
        with pytest.raises(Invalid):
            await found(platform, name, email)
        async with transaction(Actor.system()) as session:
            assert not await session.scalar(
                text("select count(*) from organizations where name = :name"), {"name": name}
            )

    async def test_is_refused_to_whoever_is_no_platform_administrator_or_not_confirmed(self, cast, platform):
        for actor in (cast.administrator, cast.stranger, cast.student):
            with pytest.raises(NotPermitted):
                await found(actor, f"Lake {new_id().hex}")
        with pytest.raises(ConfirmationNeeded):
            await found(replace(platform, confirmed_at=None), f"Lake {new_id().hex}")

    async def test_mails_the_link_where_mail_is_configured(self, platform, mailbox):
        email = f"{new_id().hex}@test.example"
        async with transaction(platform) as session:
            name = f"Lake {new_id().hex}"
            founded = await founding.found(session, platform, name, email, SITE, by_mail=True)
        await mail.deliver_waiting()
        assert founded.link == ""
        assert link_in(mailbox.to(email)[0]).startswith(f"{SITE}/invitation?token=")


class TestInviteAgain:
    async def test_replaces_the_link_until_somebody_joined(self, platform):
        first = await found(platform, f"Lake {new_id().hex}", f"{new_id().hex}@test.example")
        async with transaction(platform) as session:
            email = f"{new_id().hex}@test.example"
            again = await founding.invite_again(session, platform, first.organization_id, email, SITE, by_mail=False)
        with pytest.raises(NotFound):
            await join(first)
        await join(again)
        async with transaction(platform) as session:
            with pytest.raises(Conflict):
                await founding.invite_again(session, platform, first.organization_id, email, SITE, by_mail=False)

    async def test_is_no_way_into_an_organization_that_lives(self, cast, platform):
        for organization_id, error in ((cast.stranger.organization, Conflict), (new_id(), NotFound)):
            async with transaction(platform) as session:
                with pytest.raises(error):
                    await founding.invite_again(
                        session, platform, organization_id, "x@test.example", SITE, by_mail=False
                    )


async def test_who_joins_later_is_given_nothing(cast, monkeypatch):
    given = []

    async def provide(session, membership):
        given.append(membership)

    monkeypatch.setattr("faraday_app.organizations.service.invitations.WHEN_SET_UP", [provide])
    async with transaction(cast.administrator) as session:
        email = f"{new_id().hex}@test.example"
        _, token = await invitations.invite(session, cast.administrator, email, Role.teacher)
    async with transaction(Actor.system()) as session:
        await invitations.accept(session, token, "Nova Lind", PASSWORD)
    assert given == []
