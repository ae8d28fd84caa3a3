"""Which browser somebody signs in with, and whether they ever used it before."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import ua_parser
from sqlalchemy import Boolean, delete, exists, literal_column, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from faraday_app.core import geo, notices
from faraday_app.core.clock import now
from faraday_app.core.crypto import token_hash
from faraday_app.core.ids import new_id
from faraday_app.security.models import Device, Session
from faraday_app.security.models.sessions import device_name

KEPT = timedelta(days=400)  # as long as browsers keep a cookie
_BROWSERS = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "HeadlessChrome": "Chrome",
    "Mobile Safari": "Safari",
}
_SYSTEMS = {"Mac OS X": "macOS"}


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself besides its name, and the cookies it brought."""

    languages: str = ""
    platform: str = ""
    mobile: str = ""
    device_token: str = ""
    session_token: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    browser: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """``is_strange``: the person has signed in before, but never with this one."""

    device_id: UUID | None
    is_strange: bool


async def kind_of(user_agent: str) -> Kind:
    """Browser and system by the name the browser gives itself, in the words people use."""
    return await asyncio.to_thread(_parsed, user_agent[:300])


def fingerprint(kind: Kind, browser: Browser) -> str:
    """A keyed hash of what stays the same while a browser does: its family and its system (by its name and its client
    hints, without versions, which change with every update) and the languages its owner reads.

    It is no secret and identifies nobody, since thousands share one. It tells that a cookie has come to another kind
    of browser: a device cookie counts only together with the fingerprint it was given to.
    """
    said = (kind.browser, kind.system, browser.platform, browser.mobile, browser.languages.lower().replace(" ", ""))
    return token_hash("fingerprint\n" + "\n".join(said))


async def recognise(
    session: AsyncSession, user_id: UUID, organization_id: UUID, user_agent: str, browser: Browser
) -> Recognised:
    """Whether the person has used this browser before; from now on they have. One of many sign-ins at once is first."""
    if not browser.device_token:
        return Recognised(None, False)
    kind = await kind_of(user_agent)
    await session.execute(text("select pg_advisory_xact_lock(hashtext('devices ' || :user))"), {"user": str(user_id)})
    mine = (col(Device.user_id) == user_id, col(Device.organization_id) == organization_id)
    has_others = await session.scalar(select(exists().where(*mine)))
    row = insert(Device).values(
        id=new_id(),
        created_at=now(),
        organization_id=organization_id,
        user_id=user_id,
        token_hash=token_hash(f"{browser.device_token}\n{fingerprint(kind, browser)}"),
        name=device_name(kind.browser, kind.system),
        last_seen_at=now(),
    )
    known = row.on_conflict_do_update(
        index_elements=["user_id", "organization_id", "token_hash"], set_={"last_seen_at": now()}
    )
    returning = known.returning(col(Device.id), literal_column("xmax = 0", Boolean))
    device_id, is_new = (await session.execute(returning)).one()
    return Recognised(device_id, bool(is_new and has_others))


async def warn(session: AsyncSession, opened: Session) -> None:
    """Tell the person of a sign-in with a browser they have not used before."""
    country = (await geo.country_names({opened.country})).get(opened.country, "")
    place = f", {country}" if country else ""
    origin = f" from {opened.address}" if opened.address else ""
    notice = notices.Notice(
        opened.organization_id,
        (opened.user_id,),
        "session.strange",
        f"New sign-in: {opened.device_name}{place}",
        f"{opened.created_at:%d %b %Y, %H:%M} UTC{origin}. If this was not you, sign out that device and change your"
        " password.",
        f"/account#{opened.id}",
        urgent=True,
    )
    await notices.tell(session, notice)


async def forget_old(session: AsyncSession) -> None:
    """Browsers whose cookie is gone by now."""
    await session.execute(delete(Device).where(col(Device.last_seen_at) < now() - KEPT))


def _parsed(user_agent: str) -> Kind:
    found = ua_parser.parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    handheld = found.device.family if found.device and found.device.family in ("iPhone", "iPad") else ""
    return Kind(_BROWSERS.get(browser, browser)[:60], (handheld or _SYSTEMS.get(system, system))[:60])
