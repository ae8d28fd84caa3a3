"""Between the first factor and the second: a ticket in the browser's cookie, its hash in a row."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core.clock import now
from faraday_app.core.crypto import new_token, token_hash
from faraday_app.core.errors import LimitReached, NotSignedIn
from faraday_app.security.models import SignInTicket

VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 5
MOST_MAILS = 3


class TicketGone(NotSignedIn):
    """Used, too old, tried too often, or never there: which of them is not said."""

    title = "Please sign in again: this took too long or was tried too often."


async def open_ticket(session: AsyncSession, user_id: UUID, organization_id: UUID) -> str:
    """The token of a new ticket; sweeps those that have expired."""
    await session.execute(delete(SignInTicket).where(col(SignInTicket.expires_at) < now() - VALID_FOR))
    token = new_token()
    session.add(
        SignInTicket(
            token_hash=token_hash(token),
            user_id=user_id,
            organization_id=organization_id,
            expires_at=now() + VALID_FOR,
        )
    )
    await session.flush()
    return token


async def find_ticket(session: AsyncSession, token: str) -> SignInTicket | None:
    return await session.scalar(select(SignInTicket).where(*_open(token)))


async def take_try(session: AsyncSession, token: str) -> SignInTicket:
    """The ticket, with one try less. Counted before anything is looked at, so that many at once do not slip through."""
    ticket: SignInTicket | None = await session.scalar(
        update(SignInTicket)
        .where(*_open(token), col(SignInTicket.tries) < MOST_TRIES)
        .values(tries=SignInTicket.tries + 1)
        .returning(SignInTicket)
    )
    if ticket is None:
        raise TicketGone
    return ticket


async def use_ticket(session: AsyncSession, token: str) -> None:
    """Once, however many ask."""
    used = await session.scalar(
        update(SignInTicket).where(*_open(token)).values(used_at=now()).returning(col(SignInTicket.id))
    )
    if used is None:
        raise TicketGone


async def new_mail_code(session: AsyncSession, token: str) -> str:
    """Six digits that replace those sent before; they live as long as the ticket and share its tries."""
    code = f"{secrets.randbelow(1_000_000):06}"
    written = await session.scalar(
        update(SignInTicket)
        .where(*_open(token), col(SignInTicket.mails) < MOST_MAILS)
        .values(mailed_hash=_hash(token, code), mails=SignInTicket.mails + 1)
        .returning(col(SignInTicket.id))
    )
    if written is None:
        raise LimitReached("No more codes can be sent for this sign-in. Sign in again for another.")
    return code


async def use_mail_code(session: AsyncSession, token: str, code: str) -> bool:
    used = await session.scalar(
        update(SignInTicket)
        .where(*_open(token), col(SignInTicket.mailed_hash) == _hash(token, code))
        .values(mailed_hash="")
        .returning(col(SignInTicket.id))
    )
    return used is not None


def _hash(token: str, code: str) -> str:
    return token_hash(f"mail {token} {code}")


def _open(token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SignInTicket.token_hash) == token_hash(token),
        col(SignInTicket.used_at).is_(None),
        col(SignInTicket.expires_at) > now(),
    )
