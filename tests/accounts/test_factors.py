"""What a person adds to their password, and that nothing of it works twice."""

import asyncio

import pyotp
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from faraday_app.accounts.models import AuthenticatorApp, BackupCode, Passkey
from faraday_app.accounts.service import backup_codes, factors, passkeys, totp
from faraday_app.accounts.service.passkeys import Signature
from faraday_app.core import notices
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.errors import ConfirmationNeeded, Conflict, Invalid, NotFound
from faraday_app.core.ids import new_id
from faraday_app.core.permissions import Actor
from faraday_app.security.models import AuditEvent
from tests.factories.factors import code, confirmed, enrol, stale

AT_ONCE = 100


async def used(user_id, way, text):
    async with transaction(Actor.system()) as session:
        return await factors.check(session, user_id, way, text)


@pytest.fixture
def told(monkeypatch):
    heard = []

    async def deliver(_, notice):
        heard.append(notice)

    monkeypatch.setattr(notices, "_deliver", [deliver])
    return heard


class TestApp:
    async def test_is_on_after_one_right_code_and_gives_ten_backup_codes(self, cast, told):
        _, codes = await enrol(cast.teacher)
        async with transaction(cast.teacher) as session:
            found = await factors.standing(session, cast.teacher.user)
        assert (found.app, found.any, found.codes_left, len(set(codes))) == (True, True, 10, 10)
        assert [(each.kind, each.recipients, each.urgent) for each in told] == [
            ("factor.added", (cast.teacher.user,), True)
        ]

    async def test_is_not_on_before(self, cast):
        actor = confirmed(cast.teacher)
        async with transaction(actor) as session:
            secret = (await totp.begin(session, actor)).secret
        with pytest.raises(Invalid):
            async with transaction(actor) as session:
                await totp.finish(session, actor, "000000" if code(secret) != "000000" else "111111")
        assert not await used(actor.user, "app", code(secret))
        async with transaction(actor) as session:
            assert not await factors.has_any(session, actor.user)

    async def test_shows_a_picture_and_keeps_the_secret_sealed(self, cast):
        actor = confirmed(cast.teacher)
        async with transaction(actor) as session:
            begun = await totp.begin(session, actor)
            sealed = await session.scalar(
                select(AuthenticatorApp.sealed).where(col(AuthenticatorApp.user_id) == actor.user)
            )
        assert begun.picture.startswith("<svg")
        assert begun.secret not in sealed

    @pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    async def test_takes_the_code_of_a_clock_that_is_off_by_one_step(self, cast, steps, right):
        secret, _ = await enrol(cast.teacher)
        async with transaction(Actor.system()) as session:
            await session.execute(
                update(AuthenticatorApp).where(col(AuthenticatorApp.user_id) == cast.teacher.user).values(last_step=0)
            )
        assert await used(cast.teacher.user, "app", code(secret, steps)) is right

    async def test_takes_no_code_twice(self, cast):
        secret, _ = await enrol(cast.teacher)
        assert not await used(cast.teacher.user, "app", code(secret, -1))  # the one of the enrolment
        assert await used(cast.teacher.user, "app", code(secret))
        assert not await used(cast.teacher.user, "app", code(secret))

    async def test_lets_one_of_a_hundred_at_once_through(self, cast):
        secret, _ = await enrol(cast.teacher)
        text = code(secret)
        outcomes = await asyncio.gather(*(used(cast.teacher.user, "app", text) for _ in range(AT_ONCE)))
        assert sum(outcomes) == 1

    @pytest.mark.parametrize("text", ["", "abc", "１２３４５６", "0" * 5_000, "\x00", "-1"])
    async def test_is_shown_nothing_odd(self, cast, text):
        await enrol(cast.teacher)
        assert not await used(cast.teacher.user, "app", text)

    async def test_of_another_person_is_of_no_use(self, cast):
        secret, codes = await enrol(cast.teacher)
        await enrol(cast.colleague)
        assert not await used(cast.colleague.user, "app", code(secret))
        assert not await used(cast.colleague.user, "backup", codes[0])

    async def test_is_set_up_once(self, cast):
        await enrol(cast.teacher)
        actor = confirmed(cast.teacher)
        with pytest.raises(Conflict):
            async with transaction(actor) as session:
                await totp.begin(session, actor)


class TestBackupCodes:
    async def test_work_once_each_however_they_are_typed(self, cast):
        _, codes = await enrol(cast.teacher)
        assert await used(cast.teacher.user, "backup", f" {codes[0].upper().replace('-', ' ')} ")
        assert not await used(cast.teacher.user, "backup", codes[0])
        assert await used(cast.teacher.user, "backup", codes[1])

    async def test_let_one_of_a_hundred_at_once_through(self, cast):
        _, codes = await enrol(cast.teacher)
        outcomes = await asyncio.gather(*(used(cast.teacher.user, "backup", codes[0]) for _ in range(AT_ONCE)))
        assert sum(outcomes) == 1

    async def test_are_kept_as_hashes(self, cast):
        _, codes = await enrol(cast.teacher)
        async with transaction(cast.teacher) as session:
            kept = (await session.scalars(select(BackupCode.code_hash))).all()
        assert len(kept) == 10
        assert not {*codes} & {*kept}

    async def test_give_way_to_new_ones(self, cast):
        _, old = await enrol(cast.teacher)
        actor = confirmed(cast.teacher)
        async with transaction(actor) as session:
            new = await backup_codes.renew(session, actor)
        assert not await used(actor.user, "backup", old[0])
        assert await used(actor.user, "backup", new[0])

    async def test_of_a_person_without_a_factor_are_no_factor(self, cast):
        actor = confirmed(cast.teacher)
        async with transaction(actor) as session:
            codes = await backup_codes.renew(session, actor)
            with pytest.raises(Invalid):
                await factors.renew_codes(session, actor)
        assert not await used(actor.user, "backup", codes[0])


class TestPasskeys:
    @pytest.mark.parametrize("credential", ["", "{}", "[]", '{"id": 1}', '{"id": "x", "response": {}}', "\x00"])
    async def test_that_are_none_let_nobody_in(self, cast, credential):
        async with transaction(Actor.system()) as session:
            assert not await passkeys.use(session, cast.teacher.user, Signature(credential, b"0" * 32))
            assert await passkeys.whose(session, Signature(credential, b"0" * 32)) is None

    async def test_of_others_cannot_be_renamed_or_removed(self, cast):
        async with transaction(Actor.system()) as session:
            theirs = Passkey(user_id=cast.colleague.user, name="Key", credential_id=new_id().hex, public_key=b"0")
            session.add(theirs)
        actor = confirmed(cast.teacher)
        async with transaction(actor) as session:
            for act in (passkeys.rename(session, actor, theirs.id, "x"), passkeys.remove(session, actor, theirs.id)):
                with pytest.raises(NotFound):
                    await act


class TestTurnOff:
    async def test_removes_everything(self, cast, told):
        secret, codes = await enrol(cast.teacher)
        actor = confirmed(cast.teacher)
        async with transaction(actor) as session:
            await factors.turn_off(session, actor)
        assert not await used(actor.user, "app", code(secret))
        assert not await used(actor.user, "backup", codes[0])
        assert told[-1].kind == "factor.removed"
        async with transaction(Actor.system()) as session:
            last = await session.scalar(
                select(AuditEvent.action)
                .where(col(AuditEvent.actor_id) == actor.user)
                .order_by(col(AuditEvent.id).desc())
                .limit(1)
            )
        assert last == "factor.removed"

    async def test_needs_a_fresh_proof_as_all_changes_do(self, cast):
        await enrol(cast.teacher)
        actor = stale(cast.teacher)
        async with transaction(actor) as session:
            for change in (
                factors.turn_off(session, actor),
                factors.remove_app(session, actor),
                factors.remove_passkey(session, actor, new_id()),
                backup_codes.renew(session, actor),
                totp.begin(session, actor),
                passkeys.registration_options(session, actor, b"0" * 32),
                passkeys.register(session, actor, Signature("{}", b"0" * 32), "Key"),
            ):
                with pytest.raises(ConfirmationNeeded):
                    await change

    async def test_of_others_is_hidden_by_the_database_itself(self, cast):
        await enrol(cast.teacher)
        for other in (cast.administrator, cast.stranger):
            async with transaction(other) as session:
                assert (await session.scalars(select(AuthenticatorApp))).all() == []
                assert (await session.scalars(select(BackupCode))).all() == []


def test_the_code_of_the_standard():
    """RFC 6238, appendix B: the app on a phone and we agree."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # pragma: allowlist secret
    assert pyotp.TOTP(secret).at(59) == "287082"
    assert now().tzinfo is not None
