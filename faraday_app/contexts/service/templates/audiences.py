"""Who a template is for: its owner, those who hold one of its roles, or the organisation."""

from sqlalchemy import ColumnElement, String, cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.contexts.models import Audience, Template
from faraday_app.core.clock import now
from faraday_app.core.permissions import Actor, Role
from faraday_app.organizations.service.subjects import roles_of


def visible(actor: Actor) -> ColumnElement[bool]:
    held = [actor.role.value] if actor.role else []
    if actor.subject:
        held += [each.role.key for each in actor.subject.holdings if each.lasts(now())]
    shared = col(Template.audience) == Audience.organization
    if held:
        shared |= (col(Template.audience) == Audience.roles) & col(Template.roles).op("&&")(
            cast(sorted(set(held)), ARRAY(String(40)))
        )
    return (col(Template.organization_id) == actor.organization) & ((col(Template.owner_id) == actor.user) | shared)


async def named_roles(session: AsyncSession, actor: Actor) -> list[tuple[str, str]]:
    """The roles that something can be shared with: key and name."""
    custom = (await roles_of(session, actor.organization)).drafts.items()
    return [(role.value, role.label) for role in Role] + [(str(id), draft.name) for id, draft in custom]
