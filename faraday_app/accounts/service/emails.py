"""Whether an address is a person's: shown by opening a link that was sent to it."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.accounts.models import Purpose, User
from faraday_app.accounts.service import links
from faraday_app.accounts.service.people import clean_email, find_user
from faraday_app.core import mail
from faraday_app.core.clock import now
from faraday_app.core.errors import Conflict, Invalid, NotFound
from faraday_app.core.outbox import publish_on_commit, topic
from faraday_app.core.permissions import Actor
from faraday_app.security.service import record

ADDRESS_TAKEN = "This address already has an account. Sign in with it, or choose another address."


async def ask_to_verify(session: AsyncSession, actor: Actor, site: str) -> None:
    """Send the actor a link that shows their address to be theirs."""
    user = await session.get_one(User, actor.user)
    token = await links.make(session, user, Purpose.verify_email)
    text = mail.letter(
        user.name,
        "Please confirm that this address is yours.",
        link=f"{site}/verify?token={token}",
        link_says="Open this link within a day",
        why="because you asked for it in Faraday. If you did not, nothing has to be done.",
    )
    await mail.post(session, user.email, "Confirm your e-mail address", text)


async def ask_to_change(session: AsyncSession, actor: Actor, email: str, site: str) -> None:
    """Send a link to a new address, which becomes the actor's when it is opened.

    That the address has an account already is told to the address alone.
    """
    user = await session.get_one(User, actor.user)
    email = clean_email(email)
    if email == user.email:
        raise Invalid("This is your address already.", field="email")
    taken = await find_user(session, email) is not None
    token = await links.make(session, user, Purpose.change_email, email)
    if taken:
        sentence, link = (
            "Somebody asked to sign in with this address, which has an account of its own. Nothing changed.",
            "",
        )
    else:
        sentence, link = f"{user.name} wants to sign in to Faraday with this address.", f"{site}/verify?token={token}"
    why = "because this address was entered in Faraday. If that was not you, ignore it."
    text = mail.letter("", sentence, link=link, link_says="Confirm it with this link within a day", why=why)
    await mail.post(session, email, "Confirm your new e-mail address", text)
    record(session, actor, "user.email_change_asked", user, email=email)


async def confirm(session: AsyncSession, token: str) -> User:
    """The link was opened: its address is the person's, and verified. The address before is told of the change."""
    link, user = await links.take(session, token, Purpose.verify_email, Purpose.change_email)
    before = user.email
    if link.purpose == Purpose.verify_email and link.email != before:
        raise NotFound(links.GONE)
    user.email, user.email_verified_at = link.email, now()
    try:
        await session.flush()
    except IntegrityError:
        raise Conflict(ADDRESS_TAKEN) from None
    if user.email != before:
        await links.end(session, user, *Purpose)
        await _tell_the_old(session, user, before)
    publish_on_commit(session, topic("rights", user.id))
    publish_on_commit(session, topic("account", user.id))
    return user


async def _tell_the_old(session: AsyncSession, user: User, before: str) -> None:
    text = mail.letter(
        user.name,
        f"You now sign in to Faraday with {user.email}, and no longer with this address.",
        "If you did not want that, tell an administrator of your organisation at once.",
        why="because this was your address until now.",
    )
    await mail.post(session, before, "Your e-mail address was changed", text)
