"""Why something was allowed or blocked: the resolver's answer for a person, a permission, a thing and a moment."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.core.authorization import Decision, Resource, Step, decide
from faraday_app.core.clock import now
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.service.people import get_person, thing
from faraday_app.organizations.service.subjects import members

Facts = Callable[[AsyncSession, Actor, UUID], Awaitable[Resource]]


async def _person(session: AsyncSession, actor: Actor, id: UUID) -> Resource:
    return thing(actor, await get_person(session, actor, id))


# What rules may ask about a thing, by its kind. Higher tiers add theirs at the roll-call.
FACTS: dict[str, Facts] = {"person": _person}


async def why(
    session: AsyncSession,
    actor: Actor,
    user_id: UUID,
    permission: Permission,
    *,
    kind: str = "",
    id: UUID | None = None,
    moment: datetime | None = None,
    address: str = "",
) -> Decision:
    """The answer for a member with the rules of now, at this or another moment. Needs ``roles:read``."""
    actor.must(Permission.roles_read)
    found = (await members(session, actor.organization, [user_id])).get(user_id)
    if found is None:
        raise NotFound("This person is not a member here.")
    if kind and kind not in FACTS:
        raise Invalid(f"Rules know nothing of a {kind[:40]}.", field="kind")
    if kind and id is None:
        raise Invalid("Say which one it is.", field="id")
    if not found.active:
        gone = Step("Membership", "A deactivated member may do nothing", True, "They are deactivated.")
        return Decision(False, (gone, Step("Answer", permission, False, "Blocked: they are deactivated.")))
    resource = await FACTS[kind](session, actor, id) if kind and id else None
    return decide(found.subject, permission, resource, moment or now(), address)
