"""Invitation links: made by an administrator, good once, for a limited time."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core import mail, notices
from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.database import transaction
from faraday_app.core.errors import Conflict, NotFound, NotSignedIn
from faraday_app.core.notices import Notice
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from faraday_app.organizations.models import Department, Invitation, Membership, Organization
from faraday_app.organizations.service.giving import refuse_beyond
from faraday_app.organizations.service.people import add_member
from faraday_app.organizations.service.sign_in import membership_of
from faraday_app.organizations.service.structure import WHEN_SET_UP
from faraday_app.security.service import record

GOOD_FOR = timedelta(days=7)
MOST_SHOWN = 50
GONE = "This invitation does not exist any more."
# Said of a wrong password of somebody who has an account, in words that fit a newcomer as well.
REFUSAL = (
    "This password was not accepted. If you use Faraday already, enter the password you have; "
    "otherwise choose a longer one."
)


async def invite(
    session: AsyncSession, actor: Actor, email: str, role: Role, department_id: UUID | None = None
) -> tuple[Invitation, str]:
    """An invitation and its token for the link, which cannot be shown again. An earlier one for this address ends.

    Whoever invites sees the link or has it mailed (``send``), never both: a mailed one proves the address.
    """
    actor.must(Permission.people_invite)
    refuse_beyond(actor, ROLE_PERMISSIONS[role])
    email = accounts.clean_email(email)
    user = await accounts.find_user(session, email)
    if user and (membership := await session.scalar(_membership_of(user.id, actor.organization))):
        raise Conflict(f"{email} {_standing(membership)}")
    if department_id:
        department = await session.get(Department, department_id)
        if department is None or department.organization_id != actor.organization:
            raise NotFound("This department does not exist.")
    for earlier in await open_invitations(session, actor):
        if earlier.email == email:
            earlier.revoked_at = now()
    token = new_token()
    invitation = Invitation(
        organization_id=actor.organization,
        email=email,
        role=role,
        department_id=department_id,
        token_hash=token_hash(token),
        invited_by=actor.user,
        expires_at=now() + GOOD_FOR,
    )
    session.add(invitation)
    await session.flush()
    record(session, actor, "invitation.created", invitation, email=email, role=role)
    publish_on_commit(session, topic("people", actor.organization))
    return invitation, token


async def send(session: AsyncSession, actor: Actor, invitation: Invitation, token: str, site: str) -> None:
    """Mail the link to the address. Whoever opens it there reads its mail: the address is verified by joining."""
    actor.must(Permission.people_invite)
    invitation.mailed = True
    text = mail.letter(
        "",
        f"{actor.name} invites you to {actor.organization_name}, as {Role(invitation.role).label.lower()}.",
        link=f"{site}/invitation?token={token}",
        link_says=f"Join with this link within {GOOD_FOR.days} days",
        why=f"because {actor.name} entered this address. If you do not know them, ignore it.",
    )
    await mail.post(session, invitation.email, f"Join {actor.organization_name} on Faraday", text)


async def renew(session: AsyncSession, actor: Actor, invitation_id: UUID) -> tuple[Invitation, str]:
    """A new link for an open invitation, good for the whole time again; the one before stops working."""
    actor.must(Permission.people_invite)
    invitation = await session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.organization_id != actor.organization:
        raise NotFound(GONE)
    if invitation.accepted_at or invitation.revoked_at:
        raise NotFound(GONE)
    token = new_token()
    invitation.token_hash, invitation.expires_at, invitation.mailed = token_hash(token), now() + GOOD_FOR, False
    record(session, actor, "invitation.renewed", invitation, email=invitation.email)
    publish_on_commit(session, topic("people", actor.organization))
    return invitation, token


async def open_invitations(session: AsyncSession, actor: Actor) -> list[Invitation]:
    """Invitations that can still be accepted, newest first."""
    actor.must(Permission.people_invite)
    query = select(Invitation).where(
        col(Invitation.organization_id) == actor.organization,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > now(),
    )
    return list((await session.scalars(query.order_by(col(Invitation.id).desc()).limit(MOST_SHOWN))).all())


async def revoke_invitation(session: AsyncSession, actor: Actor, invitation_id: UUID) -> None:
    actor.must(Permission.people_invite)
    invitation = await session.get(Invitation, invitation_id)
    if invitation is None or invitation.organization_id != actor.organization:
        raise NotFound(GONE)
    if invitation.accepted_at or invitation.revoked_at:
        raise NotFound(GONE)
    invitation.revoked_at = now()
    record(session, actor, "invitation.revoked", invitation, email=invitation.email)
    publish_on_commit(session, topic("people", actor.organization))


async def find_invitation(session: AsyncSession, token: str, lock: bool = False) -> Invitation:
    """The open invitation of a link; anything else is not found."""
    query = select(Invitation).where(
        col(Invitation.token_hash) == token_hash(token),
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        col(Invitation.expires_at) > now(),
    )
    invitation = await session.scalar(query.with_for_update() if lock else query)
    if invitation is None:
        raise NotFound("This invitation has expired or was already used. Ask for a new one.")
    return invitation


async def accept(session: AsyncSession, token: str, name: str, password: str) -> Membership:
    """Become a member. Somebody who has an account joins with their own password; anybody else chooses one.

    What is refused is said alike to both: whoever holds a link that was not mailed has not shown that the address is
    theirs, and is not told whether it has an account.
    """
    invitation = await find_invitation(session, token, lock=True)
    faraday = Actor.system(invitation.organization_id)
    await session.execute(
        text("select pg_advisory_xact_lock(hashtext('joining ' || :email))"), {"email": invitation.email}
    )
    user = await accounts.find_user(session, invitation.email)
    right = await accounts.check_password(user, password)
    organization = await session.get_one(Organization, invitation.organization_id)
    if not right:
        accounts.clean_name(name)
        await accounts.checked_password(password, name, invitation.email, organization.name)
    if user and not right:
        raise NotSignedIn(REFUSAL)
    if user and await session.scalar(_membership_of(user.id, invitation.organization_id)):
        raise Conflict("You are already a member. Please sign in.")
    if user is None:
        user = await accounts.create_user(session, faraday, name, invitation.email, password, organization.name)
    return await _join(session, faraday, invitation, user)


async def note_refused(token: str, address: str) -> None:
    """Keep a trace of a refused attempt, and tell the person whose account it was aimed at."""
    async with transaction(Actor.system()) as session:
        invitation = await find_invitation(session, token)
        user = await accounts.find_user(session, invitation.email)
        faraday = replace(Actor.system(invitation.organization_id), address=address)
        record(session, faraday, "invitation.refused", invitation, email=invitation.email)
        membership = user and await membership_of(session, user.id)
        if user and membership:
            title = "Somebody tried to join with your address and a wrong password"
            told = Notice(membership.organization_id, (user.id,), "invitation.refused", title, urgent=True)
            await notices.tell(session, told)


async def _join(session: AsyncSession, faraday: Actor, invitation: Invitation, user: User) -> Membership:
    membership = await add_member(session, faraday, user.id, Role(invitation.role), invitation.department_id)
    if await _is_first(session, membership):
        for provide in WHEN_SET_UP:
            await provide(session, membership)
    invitation.accepted_at = now()
    if invitation.mailed and user.email_verified_at is None:
        user.email_verified_at = now()
    record(session, faraday, "invitation.accepted", invitation)
    return membership


async def _is_first(session: AsyncSession, membership: Membership) -> bool:
    """Whether nobody was there before, as in an organisation that the platform has just founded."""
    others = select(col(Membership.id)).where(
        col(Membership.organization_id) == membership.organization_id, col(Membership.id) != membership.id
    )
    return await session.scalar(others.limit(1)) is None


def _standing(membership: Membership) -> str:
    return "was deactivated. Reactivate them instead." if membership.deactivated_at else "is already a member."


def _membership_of(user_id: UUID, organization_id: UUID) -> Select[Membership]:
    return select(Membership).where(
        col(Membership.user_id) == user_id, col(Membership.organization_id) == organization_id
    )
