"""A school with words in it that strangers must never hear, and every handler that they may try."""

import inspect
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext
from sqlalchemy import text

import faraday_app.faraday_app as roll_call
from faraday_app.accounts.models import User
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.limits import Endpoint, Subject
from faraday_app.core.permissions import Actor, Permission, Role
from faraday_app.gateway import service as gateway
from faraday_app.gateway.service import catalogue
from faraday_app.organizations.models import Organization
from faraday_app.organizations.service import add_department, invitations
from faraday_app.security.service import api_keys, limits, sessions
from faraday_app.ui.guard import permission_of
from tests.factories import contexts
from tests.factories.people import Cast, make_cast, make_person

PRIVATE = "Qorvex"  # in what only some of the school may see
OURS = "Zandril"  # in what only the school may see
SIGN_IN = r"[\"sign_in\"]"
IN_A_HURRY = {"per_minute": 60_000, "burst": 10_000}  # nobody could try every handler in a moment otherwise


@dataclass(frozen=True)
class School:
    """The school that strangers ask about, with words in it that they must never hear."""

    cast: Cast
    ids: dict[str, str]
    teacher_elsewhere: Actor

    async def cookie(self, actor: Actor) -> str:
        async with transaction(Actor.system(actor.organization)) as session:
            return (await sessions.open_session(session, actor.user, actor.organization, "10.2.0.1", "Tab"))[1]

    async def trace(self) -> list[Any]:
        """How much there is of everything the school owns, the student's own conversations aside."""
        tables = ("memberships", "invitations", "api_keys", "credit_entries", "credit_holds", "departments", "roles",
                  "role_rules")  # fmt: skip
        of_contexts = ("context_members", "messages", "runs", "context_items", "context_notes", "message_pins")
        query = "select (select string_agg(role || version || coalesce(deactivated_at::text, ''), ',' order by id)"
        query += " from memberships where organization_id = :id),"
        query += " (select count(*) from audit_events where organization_id = :id and action <> 'access.refused'"
        query += " and actor_id is distinct from :student)"  # who may see to their own account
        query += "".join(f", (select count(*) from {table} where organization_id = :id)" for table in tables)  # noqa: S608
        others = "from contexts where organization_id = :id and owner_id <> :student"
        query += f", (select count(*) {others})"
        query += "".join(f", (select count(*) from {t} where context_id in (select id {others}))" for t in of_contexts)  # noqa: S608
        async with transaction(Actor.system(self.cast.organization_id)) as session:
            ids = {"id": self.cast.organization_id, "student": self.cast.student.user_id}
            return list((await session.execute(text(query), ids)).one())


async def make_school() -> School:
    cast = await make_cast()
    organization, owner = cast.organization_id, cast.teacher
    async with transaction(Actor.system(organization)) as session:
        (await session.get_one(Organization, organization)).name = f"{OURS} School"
        (await session.get_one(User, owner.user)).name = f"{OURS} Okafor"
        await add_department(session, Actor.system(organization), f"{OURS} Science")
    async with transaction(cast.administrator) as session:
        await invitations.invite(session, cast.administrator, f"{PRIVATE}@test.example", Role.aide)
    async with transaction(owner) as session:
        key, _ = await api_keys.create_api_key(session, owner, f"{PRIVATE} key", [Permission.home_read])
    await contexts.fund(cast, owner)
    context_id = await contexts.begin(owner, f"{PRIVATE} title")
    with pytest.MonkeyPatch.context() as patch:
        short = replace(gateway.built_in(), longest_answer=4)
        patch.setattr(catalogue, "built_in", lambda: short)
        run = await contexts.ask(owner, context_id, f"{PRIVATE} question")
        await contexts.finish(run)
    ids = {
        "context_id": str(context_id),
        "message_id": str(run.message_id),
        "user_id": str(owner.user_id),
        "key_id": str(key.id),
        "id": str(context_id),
    }
    elsewhere = await make_person(cast.stranger.organization, Role.teacher, "Igor Petrov")
    await keeps_to(cast.administrator, cast.student, **IN_A_HURRY)
    await keeps_to(cast.stranger, elsewhere, **IN_A_HURRY)
    return School(cast, ids, elsewhere)


async def keeps_to(administrator: Actor, person: Actor, per_minute: int, burst: int) -> None:
    """So many events of a tab from this person, instead of what is usual."""
    limit = {"per_minute": per_minute, "burst": burst, "expires_at": now() + timedelta(hours=1)}
    wanted = limits.Wanted(Endpoint.events, Subject.user, str(person.user_id), **limit)
    async with transaction(Actor.system(person.organization)) as session:
        await sessions.open_session(session, person.user, person.organization, "10.2.0.1", "Tab")
    async with transaction(administrator) as session:
        await limits.set_override(session, administrator, wanted)


def handlers() -> list[str]:
    with roll_call.app.set_contexts():
        registered = RegistrationContext.get().event_handlers
    return sorted(name for name in registered if ".tests___" not in name)  # those of other tests are not served


def permission(handler: str) -> Permission | str | None:
    with roll_call.app.set_contexts():
        return permission_of(handler)


def arguments(handler: str) -> list[str]:
    with roll_call.app.set_contexts():
        found = RegistrationContext.get().event_handlers[handler].handler.fn
    return list(inspect.signature(found).parameters)[1:]
