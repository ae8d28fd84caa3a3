"""E-mail over SMTP. A server that does not answer is tried again, later each time, for a day."""

import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import vault
from faraday_app.core.clock import now
from faraday_app.core.database import transaction
from faraday_app.core.ids import new_id
from faraday_app.core.mail.models import OutgoingMail
from faraday_app.core.outbox import publish_on_commit
from faraday_app.core.permissions import Actor
from faraday_app.core.settings import settings

WAITING = "mail:waiting"
MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=4)
_TIMEOUT = 15  # seconds
_log = structlog.get_logger(__name__)


def is_configured() -> bool:
    """Whether e-mail can leave at all; where it cannot, pages say what to do instead."""
    return bool(settings().smtp_url.get_secret_value())


async def post(session: AsyncSession, recipient: str, subject: str, text: str) -> None:
    """Send plain text once this transaction has committed. Nothing happens where no SMTP is configured, nor to what is
    no address: RFC 2606 keeps ``.invalid`` for that."""
    if not is_configured() or recipient.endswith(".invalid"):
        return
    id = new_id()
    mail = OutgoingMail(id=id, recipient=recipient, subject=" ".join(subject.split())[:200], sealed="")
    mail.sealed = await vault.seal(None, text, f"mail:{id}")
    session.add(mail)
    publish_on_commit(session, WAITING)


async def deliver_waiting() -> int:
    """Send what is due, each message by one worker; how many have left."""
    sent = 0
    while is_configured():
        async with transaction(Actor.system()) as session:
            mail = await session.scalar(
                select(OutgoingMail)
                .where(col(OutgoingMail.due_at) <= now())
                .order_by(col(OutgoingMail.due_at))
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if mail is None:
                break
            try:
                await _send(mail, await vault.unseal(mail.sealed, f"mail:{mail.id}"))
            except (aiosmtplib.SMTPException, OSError, vault.Unreadable) as error:
                await _put_off(session, mail, error)
            else:
                await session.delete(mail)
                sent += 1
    return sent


async def _put_off(session: AsyncSession, mail: OutgoingMail, error: Exception) -> None:
    mail.attempts += 1
    refused = isinstance(error, vault.Unreadable) or _is_final(error)
    _log.warning("mail_not_sent", mail=str(mail.id), attempts=mail.attempts, error=type(error).__name__)
    if refused or mail.attempts >= MOST_ATTEMPTS:
        await session.delete(mail)
    else:
        mail.due_at = now() + min(timedelta(seconds=15 * 2**mail.attempts), LONGEST_WAIT)


def _is_final(error: Exception) -> bool:
    """There is no such recipient. A server that asks to come back later (4xx) refuses them too, for now."""
    return isinstance(error, aiosmtplib.SMTPRecipientsRefused) and all(each.code >= 500 for each in error.recipients)


async def _send(mail: OutgoingMail, text: str) -> None:
    url = urlsplit(settings().smtp_url.get_secret_value())
    secure = url.scheme == "smtps"
    await aiosmtplib.send(
        _message(mail, text),
        hostname=url.hostname,
        port=url.port or (465 if secure else 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=secure,
        tls_context=_trusted(),
        timeout=_TIMEOUT,
        local_hostname=_domain(),  # else it is looked up, and nothing else happens meanwhile
    )


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _domain() -> str:
    return parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"


def _message(mail: OutgoingMail, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings().mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=_domain())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
