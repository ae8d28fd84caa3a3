import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Conflict, Invalid, NotFound, NotPermitted
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from faraday_app.organizations.service import assignments, invitations, people, roles, what_if
from faraday_app.organizations.service.subjects import RoleDraft
from tests.factories.people import make_person
from tests.factories.roles import allow, as_now, change_role, confirmed, deny, give, make_role, set_rules, withdraw

READ, MANAGE, AUDIT = Permission.people_read, Permission.people_manage, Permission.audit_read


@pytest.fixture
async def registrar(cast):
    """A teacher who looks after roles and reads people, and no more."""
    keeper = await make_role(cast.administrator, "Registrar", allow("roles:*"), allow(READ))
    await give(cast.administrator, keeper, cast.teacher)
    return await as_now(cast.teacher)


class TestCreateRole:
    async def test_gives_what_it_allows_and_what_it_inherits(self, cast):
        reader = await make_role(cast.administrator, "Reader", allow(READ))
        heir = await make_role(cast.administrator, "Heir", allow(AUDIT), parent=reader)
        await give(cast.administrator, heir, cast.student)
        student = await as_now(cast.student)
        assert student.permissions == ROLE_PERMISSIONS[Role.student] | {READ, AUDIT}

    async def test_takes_what_it_denies_also_from_above(self, cast):
        barred = await make_role(cast.administrator, "Barred", deny("assistant:use"))
        heir = await make_role(cast.administrator, "Heir", allow("assistant:use"), parent=barred)
        await give(cast.administrator, heir, cast.student)
        assert not (await as_now(cast.student)).may(Permission.assistant_use)

    async def test_needs_a_name_of_its_own(self, cast):
        await make_role(cast.administrator, "Lab lead")
        for name in ("LAB lead", " lab   lead "):
            with pytest.raises(Conflict):
                await make_role(cast.administrator, name)
        for name in ("", "  ", "x" * 81, "Teacher"):
            with pytest.raises(Invalid):
                await make_role(cast.administrator, name)
        assert await make_role(cast.stranger, "Lab lead")

    @pytest.mark.parametrize("pattern", ["organizations:manage", "platform:read", "platform:*", "nothing:else", "pe*"])
    async def test_refuses_what_no_organization_can_give(self, cast, pattern):
        with pytest.raises(Invalid):
            await make_role(cast.administrator, "Too much", allow(pattern))

    async def test_gives_nothing_of_the_platform_with_everything(self, cast):
        everything = await make_role(cast.administrator, "Everything", allow("*"), parent="administrator")
        await give(cast.administrator, everything, cast.student)
        student = await as_now(cast.student)
        assert student.permissions == ROLE_PERMISSIONS[Role.administrator]
        assert not student.could(Permission.platform_read)

    async def test_is_for_those_who_manage_roles_and_have_confirmed(self, cast):
        with pytest.raises(NotPermitted):
            await make_role(cast.head, "Mine")
        async with transaction(cast.administrator) as session:
            with pytest.raises(ConfirmationNeeded):
                await roles.create_role(session, cast.administrator, RoleDraft("Old session"))


class TestChangeRole:
    async def test_refuses_an_old_version(self, cast):
        role_id = await make_role(cast.administrator, "Lab lead")
        await change_role(cast.administrator, role_id, allow(READ))
        async with transaction(cast.administrator) as session:
            with pytest.raises(Conflict):
                await roles.change_role(session, confirmed(cast.administrator), role_id, 1, RoleDraft("Lab lead"))

    async def test_refuses_circles(self, cast):
        first = await make_role(cast.administrator, "First")
        second = await make_role(cast.administrator, "Second", parent=first)
        third = await make_role(cast.administrator, "Third", parent=second)
        for parent in (first, second, third):
            with pytest.raises(Invalid):
                await change_role(cast.administrator, first, parent=str(parent))

    async def test_makes_no_circle_when_two_change_at_once(self, cast):
        first, second = await make_role(cast.administrator, "First"), await make_role(cast.administrator, "Second")
        outcomes = await asyncio.gather(
            change_role(cast.administrator, first, parent=str(second)),
            change_role(cast.administrator, second, parent=str(first)),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 1

    async def test_is_not_found_for_another_organization(self, cast):
        role_id = await make_role(cast.administrator, "Lab lead")
        for attempt in (change_role(cast.stranger, role_id), give(cast.stranger, role_id, cast.stranger)):
            with pytest.raises(NotFound):
                await attempt
        with pytest.raises(Invalid):
            await make_role(cast.stranger, "Spy", parent=role_id)
        with pytest.raises(NotFound):
            await give(cast.administrator, role_id, cast.stranger)


class TestDeleteRole:
    async def delete(self, author, role_id):
        async with transaction(author) as session:
            await roles.delete_role(session, confirmed(author), role_id)

    async def test_takes_it_from_everybody(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow(READ))
        await give(cast.administrator, role_id, cast.student)
        await self.delete(cast.administrator, role_id)
        assert not (await as_now(cast.student)).could(READ)
        assert await make_role(cast.administrator, "Reader")

    async def test_waits_for_its_heirs(self, cast):
        role_id = await make_role(cast.administrator, "Reader")
        await make_role(cast.administrator, "Heir", parent=role_id)
        with pytest.raises(Invalid):
            await self.delete(cast.administrator, role_id)


class TestGiveRole:
    async def test_ends_by_itself_and_can_be_taken_back(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow(READ))
        await give(cast.administrator, role_id, cast.student, now() + timedelta(seconds=0.3))
        student = await as_now(cast.student)
        assert student.may(READ)
        assert student.changes_at
        await asyncio.sleep(0.4)
        assert not (await as_now(cast.student)).could(READ)
        await give(cast.administrator, role_id, cast.student)
        await withdraw(cast.administrator, role_id, cast.student)
        assert not (await as_now(cast.student)).could(READ)

    async def test_gives_it_once_however_many_do_it_at_once(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow(READ))
        await asyncio.gather(*(give(cast.administrator, role_id, cast.student) for _ in range(20)))
        async with transaction(cast.administrator) as session:
            found = await assignments.holders(session, cast.administrator, role_id)
        assert [holder.user_id for holder in found] == [cast.student.user]


class TestEscalation:
    """Who looks after roles cannot come by anything they do not hold."""

    async def test_is_refused_through_a_new_role(self, registrar):
        for rules in ([allow(AUDIT)], [allow("*")], [allow("people:*")]):
            with pytest.raises(NotPermitted):
                await make_role(registrar, "More", *rules)
        with pytest.raises(NotPermitted):
            await make_role(registrar, "More", parent="administrator")
        assert await make_role(registrar, "No more", allow(READ))

    async def test_is_refused_through_a_role_they_have_or_can_give(self, cast, registrar):
        strong = await make_role(cast.administrator, "Strong", allow(AUDIT))
        own = await make_role(registrar, "Own", allow(READ))
        await give(registrar, own, registrar)
        for attempt in (
            give(registrar, strong, registrar),
            change_role(registrar, own, allow(READ), allow(AUDIT)),
            change_role(registrar, own, parent=str(strong)),
            set_rules(registrar, registrar, allow(AUDIT)),
        ):
            with pytest.raises(NotPermitted):
                await attempt

    async def test_is_refused_by_loosening_a_denial(self, cast):
        barred = await make_role(cast.administrator, "Barred", deny(AUDIT))
        second = await make_person(cast.organization_id, Role.administrator, "Second Admin")
        await give(cast.administrator, barred, second)
        second = await as_now(second)
        for attempt in (
            withdraw(second, barred, second),
            change_role(second, barred),
            change_role(second, barred, deny(AUDIT, addresses=("192.0.2.0/24",))),
            change_role(second, barred, deny(AUDIT, now() + timedelta(seconds=1))),
            give(second, barred, second, now() + timedelta(seconds=1)),
        ):
            with pytest.raises(NotPermitted):
                await attempt

    async def test_is_refused_to_make_for_good_what_is_held_for_a_time(self, cast):
        await set_rules(cast.administrator, cast.teacher, allow("roles:*"), allow(AUDIT, now() + timedelta(days=1)))
        teacher = await as_now(cast.teacher)
        assert teacher.may(AUDIT)
        with pytest.raises(NotPermitted):
            await set_rules(teacher, teacher, allow("roles:*"), allow(AUDIT))

    async def test_is_refused_through_people_and_invitations(self, cast):
        await set_rules(cast.administrator, cast.teacher, allow("people:*"))
        teacher = await as_now(cast.teacher)
        async with transaction(teacher) as session:
            version = (await people.get_person(session, teacher, teacher.user)).version
            with pytest.raises(NotPermitted):
                await people.change_member(session, teacher, teacher.user, version, Role.administrator, None)
        async with transaction(teacher) as session:
            with pytest.raises(NotPermitted):
                await invitations.invite(session, teacher, "me@test.example", Role.administrator)

    async def test_is_refused_with_rights_that_were_taken_meanwhile(self, cast, registrar):
        await set_rules(cast.administrator, registrar, deny("roles:manage"))
        with pytest.raises(NotPermitted):
            await make_role(registrar, "Remembered", allow(READ))

    async def test_narrows_a_key_to_its_scopes(self, cast):
        scoped = replace(cast.administrator, scopes=frozenset({Permission.roles_manage}), api_key_id=cast.head.user)
        with pytest.raises(NotPermitted):
            await make_role(scoped.resolved(), "More", allow(AUDIT))


class TestLockout:
    async def test_of_oneself_is_refused(self, cast):
        await make_person(cast.organization_id, Role.administrator, "Second Admin")
        with pytest.raises(Invalid, match="lock you out"):
            await set_rules(cast.administrator, cast.administrator, deny("roles:*"))

    async def test_of_everybody_is_refused(self, cast):
        with pytest.raises(Invalid, match="Nobody would be left"):
            await set_rules(cast.administrator, cast.administrator, deny(MANAGE))
        with pytest.raises(Invalid, match="Nobody would be left"):
            await set_rules(cast.administrator, cast.administrator, deny(MANAGE, addresses=("192.0.2.0/24",)))

    async def test_by_two_who_bar_each_other_at_once_leaves_one(self, cast):
        second = await make_person(cast.organization_id, Role.administrator, "Second Admin")
        for _ in range(5):
            outcomes = await asyncio.gather(
                set_rules(cast.administrator, second, deny("roles:*")),
                set_rules(second, cast.administrator, deny("roles:*")),
                return_exceptions=True,
            )
            assert sum(outcome is None for outcome in outcomes) == 1, outcomes
            winner, loser = (cast.administrator, second) if outcomes[0] is None else (second, cast.administrator)
            assert (await as_now(winner)).may(Permission.roles_manage)
            await set_rules(await as_now(winner), loser)

    async def test_by_a_change_of_people_is_refused(self, cast):
        second = await make_person(cast.organization_id, Role.administrator, "Second Admin")
        await set_rules(cast.administrator, second, deny("roles:*"))
        async with transaction(second) as session:
            with pytest.raises(Invalid, match="Nobody would be left"):
                await people.deactivate(session, second, cast.administrator.user)


class TestWhatIf:
    async def test_says_who_gains_and_who_loses(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow(READ), deny("assistant:use"))
        heir = await make_role(cast.administrator, "Heir", parent=role_id)
        await give(cast.administrator, role_id, cast.student)
        await give(cast.administrator, heir, cast.administrator)
        async with transaction(cast.administrator) as session:
            draft = RoleDraft("Reader", "", "", (allow(AUDIT, own_department=True),))
            found = await what_if.if_role_were(session, cast.administrator, role_id, draft)
        assert (found.total, found.holders) == (2, 2)
        said = {each.name: (each.gains, each.losses) for each in found.shown}
        assert said["Elif Kaya"] == ((Permission.assistant_use, AUDIT), (READ,))
        assert said["Jonas Prie"] == ((Permission.assistant_use,), ())

    async def test_agrees_with_what_then_happens(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow("people:*"), deny("home:read"))
        async with transaction(cast.administrator) as session:
            found = await what_if.if_given(session, cast.administrator, role_id, cast.aide.user)
        await give(cast.administrator, role_id, cast.aide)
        (difference,) = found.shown
        before, after = cast.aide.permissions, (await as_now(cast.aide)).permissions
        assert (set(difference.gains), set(difference.losses)) == (after - before, before - after)


class TestListRoles:
    async def test_counts_people_and_permissions(self, cast):
        role_id = await make_role(cast.administrator, "Reader", allow("people:*"))
        await give(cast.administrator, role_id, cast.student)
        async with transaction(cast.administrator) as session:
            found = {line.key: line for line in await roles.list_roles(session, cast.administrator)}
        assert (found["teacher"].people, found["teacher"].built_in) == (2, True)
        assert (found[str(role_id)].people, found[str(role_id)].permissions) == (1, 3)
        async with transaction(cast.stranger) as session:
            assert str(role_id) not in {line.key for line in await roles.list_roles(session, cast.stranger)}


class TestPlatformAdmin:
    async def test_is_made_by_faraday_alone(self, cast):
        async with transaction(cast.administrator) as session:
            user = await session.get_one(User, cast.administrator.user)
            with pytest.raises(NotPermitted):
                await accounts.appoint_platform_admin(session, cast.administrator, user)
        assert not (await as_now(cast.administrator)).could(Permission.organizations_manage)
        faraday = Actor.system(cast.organization_id)
        async with transaction(faraday) as session:
            await accounts.appoint_platform_admin(session, faraday, await session.get_one(User, user.id))
        assert (await as_now(cast.administrator)).may(Permission.organizations_manage)
