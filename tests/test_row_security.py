"""Nothing leaks between organisations, even where a service forgot to ask."""

import pytest
import pytest_asyncio
from sqlalchemy import text

from faraday_app.contexts.models import (
    Backup,
    BackupSchedule,
    Gpt,
    GptShare,
    Import,
    ImportedContext,
    Message,
    Orchestration,
    Restore,
    TurnSummary,
)
from faraday_app.contexts.service import conversations, notes, pins
from faraday_app.contexts.service.templates import trials
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.permissions import GUEST, Actor, Permission, Role
from faraday_app.gateway.models import (
    AnswerRating,
    FailoverDrill,
    RouteReceipt,
    RoutingPolicyRow,
    RoutingReplay,
    SentRequest,
)
from faraday_app.notifications.models import Notification
from faraday_app.organizations.models import IdentityProvider, LinkedIdentity, SignInPolicy
from faraday_app.organizations.service import assignments, invitations, roles
from faraday_app.organizations.service.subjects import RoleDraft
from faraday_app.security.models import AlertLook, ApiKeySpending, AuditRoot, Device
from faraday_app.security.service import alert_settings, api_keys, audit_searches, chain, seen, sessions
from tests.factories import memory, models, security, templates
from tests.factories.data import send_in, teach
from tests.factories.gpts import make_gpt
from tests.factories.people import email_of, make_cast
from tests.factories.roles import allow, confirmed

# The app may only read it: the newest migration's name, the same for everybody.
SHARED = {"alembic_version"}

OURS = {
    "answer_ratings": "organization_id",
    "alert_looks": "organization_id",
    "api_key_spending": "organization_id",  # pragma: allowlist secret
    "api_keys": "organization_id",  # pragma: allowlist secret
    "audit_blocks": "organization_id",
    "audit_events": "organization_id",
    "audit_roots": "organization_id",
    "audit_seals": "organization_id",
    "audit_searches": "organization_id",
    "backup_schedules": "organization_id",
    "backups": "organization_id",
    "context_notes": "organization_id",
    "context_items": "organization_id",
    "departments": "organization_id",
    "devices": "organization_id",
    "failover_drills": "organization_id",
    "file_passages": "organization_id",
    "forgotten": "organization_id",
    "gpt_files": "organization_id",
    "gpt_shares": "organization_id",
    "gpts": "organization_id",
    "identity_providers": "organization_id",
    "imported_contexts": "organization_id",
    "imports": "organization_id",
    "incident_notes": "organization_id",
    "incidents": "organization_id",
    "invitations": "organization_id",
    "linked_identities": "organization_id",
    "memberships": "organization_id",
    "memories": "organization_id",
    "memory_looks": "organization_id",
    "memory_vectors": "organization_id",
    "message_pins": "organization_id",
    "model_deployments": "organization_id",
    "model_prices": "organization_id",
    "model_provider_keys": "organization_id",  # pragma: allowlist secret
    "model_providers": "organization_id",
    "models": "organization_id",
    "notifications": "organization_id",
    "orchestrations": "organization_id",
    "organizations": "id",
    "record_views": "organization_id",
    "restores": "organization_id",
    "role_assignments": "organization_id",
    "role_rules": "organization_id",
    "roles": "organization_id",
    "route_receipts": "organization_id",
    "routing_policies": "organization_id",
    "routing_replays": "organization_id",
    "security_alerts": "organization_id",
    "security_settings": "organization_id",
    "sent_requests": "organization_id",
    "sessions": "organization_id",
    "sign_in_policies": "organization_id",
    "snapshots": "organization_id",
    "versions": "organization_id",
    "stored_files": "organization_id",
    "turn_summaries": "organization_id",
    "template_trials": "organization_id",
    "template_uses": "organization_id",
    "template_versions": "organization_id",
    "templates": "organization_id",
}
# A person's own, or Faraday's alone.
PERSONAL = ["authenticator_apps", "backup_codes", "challenges", "passkeys", "sign_in_tickets"]


@pytest_asyncio.fixture(scope="module")
async def school():
    """A cast, with at least one row of ours in every table: nobody changes any of them."""
    cast = await make_cast()
    async with transaction(cast.administrator) as session:
        await invitations.invite(session, cast.administrator, "nova@test.example", Role.teacher)
        author = confirmed(cast.administrator)
        role_id = await roles.create_role(session, author, RoleDraft("Reader", "", "", (allow("people:read"),)))
        await assignments.give_role(session, author, role_id, cast.aide.user)
        key, _ = await api_keys.create_api_key(session, cast.administrator, "Import", [Permission.people_read])
        spent = {"api_key_id": key.id, "since": now(), "spent": 1, "most": 2}
        session.add(ApiKeySpending(organization_id=cast.organization_id, **spent))
        await sessions.open_session(session, cast.administrator.user, cast.organization_id, "", "")
        session.add(SignInPolicy(organization_id=cast.organization_id))
        issuer = {"organization_id": cast.organization_id, "issuer": "https://id.example"}
        session.add(IdentityProvider(**issuer, label="School", client_id="faraday", sealed_secret=""))
        session.add(LinkedIdentity(**issuer, user_id=cast.administrator.user, subject="jonas"))
        own = {"organization_id": cast.organization_id, "user_id": cast.administrator.user}
        session.add(Device(**own, token_hash="0", name="Firefox on Linux"))
        session.add(Notification(**own, kind="session.strange", title="New sign-in"))
        await audit_searches.keep_search(session, cast.administrator, "Refusals", {"outcome": "refused"})
        await seen(session, cast.administrator, cast.student.user, "profile")
        await alert_settings.change_settings(session, cast.administrator, 1, [], {})
    await _catalogue(cast)
    await _gpts(cast)
    await _templates(cast)
    await chain.seal(cast.organization_id)
    async with transaction(Actor.system()) as session:
        today = {"day": now().date(), "first_number": 1, "last_number": 1, "root": "", "key_id": "", "signature": ""}
        session.add(AuditRoot(organization_id=cast.organization_id, **today))
        session.add(AlertLook(organization_id=cast.organization_id, looked_until=now()))
    await security.make_incident(cast.administrator)
    return cast


async def _gpts(cast) -> None:
    async with transaction(cast.administrator) as session:
        own = {"owner_id": cast.administrator.user, "name": "Nova", "instructions": "", "model": "auto"}
        nova = Gpt(organization_id=cast.organization_id, icon="bot", tone="iris", **own)
        session.add(nova)
        await session.flush()
        between = {"source_id": nova.id, "target_id": nova.id, "offered_by": cast.administrator.user}
        packed = {"packed_at": now(), "packed_from": "", "parts": ["instructions"]}
        session.add(GptShare(organization_id=cast.organization_id, **between, **packed))
        context = await conversations.begin(session, cast.administrator)
        asked = {"context_id": context.id, "asked_id": context.id, "mode": "compare", "gpt_ids": []}
        started = {"started_by": cast.administrator.user, "lease_until": now(), "finished_at": now()}
        session.add(Orchestration(organization_id=cast.organization_id, **asked, **started))
        said = Message(organization_id=cast.organization_id, context_id=context.id, author="person", content="Hello")
        session.add(said)
        await session.flush()
        summary = {"context_id": context.id, "ends_at_id": said.id, "asked_by_id": cast.administrator.user}
        session.add(TurnSummary(organization_id=cast.organization_id, model="auto", **summary))
        await _kept(session, cast, context.id)
        await memory.one_of_each(session, cast, context.id)
    await send_in(cast.administrator, context.id, "a.txt", b"Hello.")
    await teach(cast.administrator, (await make_gpt(cast.administrator)).id, "a.txt", b"Hello.")


async def _kept(session, cast, context_id) -> None:
    ours, mine = {"organization_id": cast.organization_id}, {"owner_id": cast.administrator.user}
    session.add(Import(**ours, **mine, name="a.md", path="", size=1, lease_until=now(), finished_at=now()))
    session.add(ImportedContext(**ours, **mine, source_key="0", context_id=context_id))
    session.add(BackupSchedule(**ours))
    backup = Backup(**ours, path="", finished_at=now())
    session.add(backup)
    await session.flush()
    session.add(Restore(**ours, backup_id=backup.id, started_by=cast.administrator.user, finished_at=now()))
    await notes.write(session, cast.administrator, context_id, "", "They eat flies.")


async def _templates(cast) -> None:
    person = cast.administrator
    first = await templates.make(person)
    second = await templates.change(person, first, text="Tell me of {{topic}}.")
    async with transaction(person) as session:
        context_id = (await conversations.begin(session, person)).id
        await trials.start(session, person, first.template.id, 1, 2)
    use = await templates.use(person, second, context_id)
    async with transaction(person) as session:
        await pins.pin(session, person, context_id, use.message_id)


async def _catalogue(cast):
    provider = await models.add_provider(cast.administrator)
    await models.add_key(cast.administrator, provider)
    await models.add_model(cast.administrator, provider)
    routed = {"organization_id": cast.organization_id, "strategy": "order"}
    async with transaction(cast.administrator) as session:
        session.add(RoutingPolicyRow(**routed, privacy="public"))
        receipt = RouteReceipt(**routed, purpose="assistant", asked="auto", outcome="answered")
        session.add(receipt)
        await session.flush()
        ours = {"organization_id": cast.organization_id}
        session.add(SentRequest(**ours, receipt_id=receipt.id, attempt=0, model="", provider="", sealed=""))
        session.add(AnswerRating(**ours, user_id=cast.teacher.user, message_id=receipt.id, good=True, model=""))
        session.add(FailoverDrill(**ours))
        session.add(RoutingReplay(**ours, days=7, strategy="order"))


async def rows(actor, table, column, value):
    async with transaction(actor) as session:
        counted = text(f"select count(*) from {table} where {column} = :value")  # noqa: S608  names of this file
        return await session.scalar(counted, {"value": value})


class TestOtherOrganizations:
    @pytest.mark.parametrize(("table", "column"), OURS.items())
    async def test_are_shown_nothing_of_ours(self, school, table, column):
        assert await rows(school.administrator, table, column, school.organization_id) > 0
        assert await rows(school.stranger, table, column, school.organization_id) == 0

    async def test_are_shown_none_of_our_people(self, school):
        email = await email_of(school.teacher)
        assert await rows(school.administrator, "users", "email", email) == 1
        assert await rows(school.stranger, "users", "email", email) == 0

    @pytest.mark.parametrize(
        "table", [*OURS, "users", "sign_in_failures", "account_links", "data_keys", "outgoing_mails", *PERSONAL]
    )
    async def test_are_shown_nothing_at_all_when_they_are_guests(self, school, table):
        assert await rows(GUEST, table, "'1'", "1") == 0

    async def test_nor_colleagues_are_shown_what_is_a_persons_own(self, school):
        for table in ("devices", "imported_contexts", "imports", "memories", "memory_vectors", "notifications"):
            assert await rows(school.teacher, table, "organization_id", school.organization_id) == 0

    async def test_cannot_write_into_ours(self, school):
        async with transaction(school.stranger) as session:
            changed = await session.execute(
                text("update memberships set role = 'administrator' where organization_id = :ours"),
                {"ours": school.organization_id},
            )
            assert changed.rowcount == 0
            with pytest.raises(Exception, match="row-level security"):
                await session.execute(
                    text(
                        "insert into departments (id, created_at, organization_id, name)"
                        " values (gen_random_uuid(), now(), :ours, 'Spies')"
                    ),
                    {"ours": school.organization_id},
                )
            await session.rollback()


class TestCatalogue:
    async def test_every_table_the_app_can_touch_has_a_forced_policy(self):
        query = text(
            "select relname, relrowsecurity, relforcerowsecurity,"
            " exists (select 1 from pg_policy where polrelid = pg_class.oid)"
            " from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f')"
            " and has_table_privilege(current_user, oid, 'select, insert, update, delete, truncate')"
        )
        async with transaction(Actor.system()) as session:
            found = {row[0]: tuple(row[1:]) for row in await session.execute(query)}
        assert set(OURS) <= set(found)
        assert {name for name, kept in found.items() if kept != (True, True, True)} <= SHARED

    async def test_no_view_looks_past_the_policies(self):
        query = text(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')"
            " and not coalesce('security_invoker=true' = any(reloptions), false)"
        )
        async with transaction(Actor.system()) as session:
            assert (await session.scalars(query)).all() == []

    async def test_the_app_can_neither_bypass_nor_own_nor_become_another(self):
        query = text(
            "select rolsuper or rolbypassrls or rolcreaterole or rolreplication or exists (select 1 from pg_class"
            " where relowner = pg_roles.oid and relnamespace = 'public'::regnamespace)"
            " or exists (select 1 from pg_auth_members where member = pg_roles.oid)"
            " from pg_roles where rolname = current_user"
        )
        async with transaction(Actor.system()) as session:
            assert await session.scalar(query) is False
