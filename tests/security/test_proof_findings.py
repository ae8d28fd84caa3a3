"""What the security centre says of seals, signatures and encryption keys."""

from datetime import timedelta

import psycopg
import pytest

from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings
from faraday_app.core.vault import seal as encrypt
from faraday_app.core.vault.keys import newest_master
from faraday_app.security.service import chain, record
from faraday_app.security.service.score import proof_findings as proof

YEAR_AND_A_DAY = timedelta(days=366)


async def facts_of(actor: Actor) -> tuple[proof.ProofFacts, proof.EncryptionFacts]:
    async with transaction(actor) as session:
        return (
            await proof.read_proof(session, actor.organization),
            await proof.read_encryption(session, actor.organization),
        )


def as_owner(statement: str, *values: object) -> None:
    url = settings().database_owner_url.get_secret_value().replace("+psycopg", "")
    with psycopg.connect(url, options="-c app.system=on -c session_replication_role=replica") as owner:
        owner.execute(statement, values)


class TestSeals:
    async def test_that_are_late_are_a_finding_until_they_come(self, cast):
        actor = cast.administrator
        async with transaction(actor) as session:
            record(session, actor, "user.created")
        assert proof.late_seals((await facts_of(actor))[0]) is None
        as_owner(
            "update audit_events set created_at = %s where organization_id = %s",
            now() - proof.LATE,
            actor.organization_id,
        )
        found = proof.late_seals((await facts_of(actor))[0])
        assert found is not None
        assert "UTC" in found.why
        while await chain.seal(actor.organization_id):
            pass
        assert (await facts_of(actor))[0].waiting_since is None

    async def test_of_others_are_theirs(self, cast):
        while await chain.seal(cast.administrator.organization_id):
            pass
        async with transaction(cast.stranger) as session:
            record(session, cast.stranger, "user.created")
        assert (await facts_of(cast.administrator))[0].waiting_since is None
        assert (await facts_of(cast.stranger))[0].waiting_since is not None


class TestDays:
    async def test_that_are_over_and_not_signed_are_a_finding_until_they_are(self, cast):
        actor = cast.administrator
        async with transaction(actor) as session:
            record(session, actor, "user.created")
        await chain.seal(actor.organization_id)
        assert proof.unsigned_days((await facts_of(actor))[0]) is None
        yesterday = now() - timedelta(days=2)
        as_owner("update audit_blocks set sealed_at = %s where organization_id = %s", yesterday, actor.organization_id)
        assert proof.unsigned_days((await facts_of(actor))[0]) is not None
        await chain.sign_day(yesterday.date())
        assert proof.unsigned_days((await facts_of(actor))[0]) is None


class TestKeys:
    async def test_that_an_earlier_master_wraps_or_that_are_old_are_findings(self, cast):
        actor = cast.administrator
        await encrypt(actor.organization_id, "something", "test")
        fine = (await facts_of(actor))[1]
        assert proof.earlier_masters(fine) is None
        assert proof.old_data_key(fine) is None
        as_owner(
            "update data_keys set master_key = 'before', created_at = %s where organization_id = %s",
            now() - YEAR_AND_A_DAY,
            actor.organization_id,
        )
        bad = (await facts_of(actor))[1]
        newest, _ = newest_master()
        as_owner("update data_keys set master_key = %s where organization_id = %s", newest, actor.organization_id)
        assert bad.earlier_masters == ("before",)
        assert proof.earlier_masters(bad) is not None
        assert proof.old_data_key(bad) is not None

    @pytest.mark.parametrize("made_at", [None, now()])
    def test_that_are_not_there_or_new_are_none(self, made_at):
        assert proof.old_data_key(proof.EncryptionFacts((), made_at)) is None
