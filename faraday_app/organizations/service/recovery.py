"""The way back in for who has forgotten their password, and a new password for who has not."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import Purpose, User
from faraday_app.accounts.service import links
from faraday_app.core import mail, notices
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid, NotFound
from faraday_app.core.notices import Notice
from faraday_app.core.pace import Pace
from faraday_app.core.permissions import Actor, Permission
from faraday_app.organizations.models import Membership, Organization
from faraday_app.organizations.service.people import get_person
from faraday_app.organizations.service.sign_in import membership_of
from faraday_app.security.service import attempts, record, sessions

FREE_REQUESTS = 3  # for one e-mail
FREE_REQUESTS_OF_ADDRESS = 30
ANSWERED_AFTER = 0.4  # seconds: longer than posting a letter takes
WRONG_PASSWORD = "This is not your current password."  # noqa: S105  # pragma: allowlist secret


async def forgot(email: str, address: str, site: str) -> None:
    """Send a link to whoever has an account with this e-mail. Nobody learns from the answer whether that is so.

    The answer comes after the same time for everybody, and asking often makes wait, with and without an account.
    """
    faraday = replace(Actor.system(), address=address)
    email = accounts.clean_email(email)
    async with transaction(faraday) as session:
        await attempts.take_turn(session, "reset", email, FREE_REQUESTS)
        await attempts.take_turn(session, "reset from", address, FREE_REQUESTS_OF_ADDRESS)
    pace = Pace(ANSWERED_AFTER)
    async with transaction(faraday) as session:
        user = await accounts.find_user(session, email)
        membership = user and await membership_of(session, user.id)
        if user and membership and mail.is_configured():
            await _send_reset(session, user, site)
            record(session, replace(faraday, organization_id=membership.organization_id), "password.reset_asked", user)
    await pace.over()


async def reset(session: AsyncSession, token: str, password: str, address: str) -> None:
    """Choose a new password with a link. It ends all sessions and every other link; it signs nobody in."""
    link, user = await links.take(session, token, Purpose.reset_password)
    membership = await membership_of(session, user.id)
    if membership is None or link.email != user.email:
        raise NotFound(links.GONE)
    await accounts.set_password(user, password, await _organization_name(session, membership.organization_id))
    await links.end(session, user, Purpose.reset_password, Purpose.change_email)
    await sessions.revoke_all_of(session, user.id)
    await attempts.give_back_turn(session, "email", user.email)
    acting = replace(Actor.system(membership.organization_id), address=address)
    record(session, acting, "password.reset", user, name=user.name)
    await _tell(session, membership.organization_id, user, "Your password was reset", "All your sessions were ended.")


async def change_password(session: AsyncSession, actor: Actor, current: str, new: str) -> None:
    """Needs the current password; ends all other sessions. For Faraday's transaction: sessions elsewhere end too."""
    actor.must(Permission.account_manage)
    user = await session.get_one(User, actor.user)
    if not await accounts.check_password(user, current):
        raise Invalid(WRONG_PASSWORD, field="current")
    if new == current:
        raise Invalid("This is your password already. Choose another one.", field="password")
    await accounts.set_password(user, new, actor.organization_name)
    await links.end(session, user, Purpose.reset_password)
    await sessions.revoke_all_of(session, user.id, keep=actor.session_id)
    await attempts.give_back_turn(session, "own password", str(actor.user))
    record(session, actor, "password.changed", user, name=user.name)
    await _tell(session, actor.organization, user, "Your password was changed", "All your other sessions were ended.")


async def change_email(session: AsyncSession, actor: Actor, email: str, password: str, site: str) -> None:
    """Needs the current password. The new address replaces the old one when the link sent to it is opened."""
    actor.must(Permission.account_manage)
    if not mail.is_configured():
        raise Invalid("This Faraday cannot send e-mail. Ask an administrator.", field="email")
    user = await session.get_one(User, actor.user)
    if not await accounts.check_password(user, password):
        raise Invalid(WRONG_PASSWORD, field="email_password")
    await accounts.emails.ask_to_change(session, actor, email, site)
    await attempts.give_back_turn(session, "own password", str(actor.user))


async def confirm_email(session: AsyncSession, token: str, address: str) -> None:
    """The link was opened: see ``accounts.emails.confirm``."""
    user = await accounts.emails.confirm(session, token)
    membership = await membership_of(session, user.id)
    acting = replace(Actor.system(membership.organization_id if membership else None), address=address)
    record(session, acting, "user.email_verified", user, name=user.name, email=user.email)


async def make_reset_link(session: AsyncSession, actor: Actor, user_id: UUID) -> str:
    """The token of a reset link for a member, where no e-mail can be sent; the administrator hands it over.

    Refused for whoever belongs to another organisation too: its data would open with the same password. For Faraday's
    transaction: memberships elsewhere must be seen.
    """
    actor.must(Permission.people_manage)
    actor.must_be_confirmed()
    if mail.is_configured():
        raise Invalid("They can ask for a link themselves: “Forgot your password?” on the sign-in page.")
    person = await get_person(session, actor, user_id)
    if not person.active:
        raise Invalid("Reactivate this person first.")
    memberships = select(func.count()).where(col(Membership.user_id) == user_id)
    if (await session.scalar(memberships) or 0) > 1:
        raise Invalid("A reset link for this person can only be made by whoever runs this Faraday.")
    user = await session.get_one(User, user_id)
    token = await links.make(session, user, Purpose.reset_password)
    record(session, actor, "password.reset_link_made", user, name=user.name)
    await _tell(session, actor.organization, user, f"{actor.name} made a link to reset your password")
    return token


async def _send_reset(session: AsyncSession, user: User, site: str) -> None:
    token = await links.make(session, user, Purpose.reset_password)
    text = mail.letter(
        user.name,
        "You can choose a new password. All your sessions will be ended.",
        link=f"{site}/reset?token={token}",
        link_says="Open this link within 30 minutes",
        why="because somebody, probably you, said that they forgot the password of this address. If it was not you, "
        "nothing has to be done: your password still works.",
    )
    await mail.post(session, user.email, "Choose a new password", text)


async def _tell(session: AsyncSession, organization_id: UUID, user: User, title: str, text: str = "") -> None:
    more = f"{text} If this was not you, tell an administrator at once.".strip()
    await notices.tell(
        session, Notice(organization_id, (user.id,), "password.changed", title, more, "/account", urgent=True)
    )


async def _organization_name(session: AsyncSession, organization_id: UUID) -> str:
    return (await session.get_one(Organization, organization_id)).name
