"""The permissions of an organisation, rebuilt from its audit trail alone, and as the tables have them now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Department, Membership, RoleAssignment
from faraday_app.organizations.service.documents import moment_text, role_document, rules_document
from faraday_app.organizations.service.subjects import members, roles_of
from faraday_app.security.models import AuditEvent

Document = dict[str, Any]


@dataclass(slots=True)
class RightsState:
    """Everything that decides who may do what, by ids as text."""

    members: dict[str, Document] = field(default_factory=dict)
    roles: dict[str, Document] = field(default_factory=dict)
    given: dict[tuple[str, str], str] = field(default_factory=dict)
    rules: dict[str, Document] = field(default_factory=dict)


def rebuild(events: Iterable[AuditEvent]) -> RightsState:
    """Fold the events, oldest first. What concerns no rights is passed over."""
    state = RightsState()
    for event in events:
        if event.action.startswith("membership."):
            _membership(state, event)
        elif event.action in ("role.created", "role.changed"):
            state.roles[str(event.target_id)] = event.details["after"]
        elif event.action == "role.deleted":
            state.roles.pop(str(event.target_id))
            state.given = {key: until for key, until in state.given.items() if key[1] != str(event.target_id)}
        elif event.action in ("role.assigned", "role.term_changed"):
            state.given[_pair(event)] = event.details["after"]["until"]
        elif event.action == "role.withdrawn":
            state.given.pop(_pair(event))
        elif event.action == "rules.changed":
            _rules(state, event)
    return state


async def history(session: AsyncSession, actor: Actor, until: UUID | None = None) -> RightsState:
    """The state after the last event, or after this one."""
    actor.must(Permission.audit_read)
    actor.must(Permission.roles_read)
    query = select(AuditEvent).where(
        col(AuditEvent.organization_id) == actor.organization,
        col(AuditEvent.action).startswith("membership.")
        | col(AuditEvent.action).startswith("role.")
        | (col(AuditEvent.action) == "rules.changed"),
    )
    if until:
        query = query.where(col(AuditEvent.id) <= until)
    return rebuild((await session.scalars(query.order_by(col(AuditEvent.id)))).all())


async def current(session: AsyncSession, actor: Actor) -> RightsState:
    """What the tables say at this moment."""
    actor.must(Permission.roles_read)
    state = RightsState()
    roles = await roles_of(session, actor.organization)
    state.roles = {str(id): role_document(draft) for id, draft in roles.drafts.items()}
    for user_id, member in (await members(session, actor.organization, roles=roles)).items():
        if member.subject.rules:
            state.rules[str(user_id)] = rules_document(member.subject.rules)
    rows = await session.execute(
        select(col(Membership.user_id), col(Membership.role), col(Department.name), col(Membership.deactivated_at))
        .outerjoin(Department, col(Department.id) == col(Membership.department_id))
        .where(col(Membership.organization_id) == actor.organization)
    )
    for user_id, role, department, gone in rows:
        state.members[str(user_id)] = {"role": role, "department": department or "", "active": gone is None}
    for given in await session.scalars(
        select(RoleAssignment).where(
            col(RoleAssignment.organization_id) == actor.organization, col(RoleAssignment.ended_at).is_(None)
        )
    ):
        state.given[str(given.user_id), str(given.role_id)] = moment_text(given.expires_at)
    return state


def _membership(state: RightsState, event: AuditEvent) -> None:
    user_id, done = event.details["user_id"], event.action.partition(".")[2]
    if done in ("created", "changed"):
        state.members[user_id] = {"active": True, **state.members.get(user_id, {}), **event.details["after"]}
    else:
        state.members[user_id]["active"] = done == "reactivated"


def _rules(state: RightsState, event: AuditEvent) -> None:
    state.rules.pop(event.details["user_id"], None)
    if after := event.details["after"]:
        state.rules[event.details["user_id"]] = after


def _pair(event: AuditEvent) -> tuple[str, str]:
    return event.details["user_id"], event.details["role_id"]
