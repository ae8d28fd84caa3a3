"""What a lower tier wants a person to be told. The notifications above take it, in the same transaction."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Notice:
    """``kind`` as ``thing.happened``; ``link`` is a path of ours; ``urgent`` goes out by e-mail too."""

    organization_id: UUID
    recipients: tuple[UUID, ...]
    kind: str
    title: str
    text: str = ""
    link: str = ""
    urgent: bool = False


Deliver = Callable[[AsyncSession, Notice], Awaitable[None]]
_deliver: list[Deliver] = []


def deliver_with(deliver: Deliver) -> None:
    """Called once by the roll-call."""
    _deliver[:] = [deliver]


async def tell(session: AsyncSession, notice: Notice) -> None:
    """Have the recipients told when this transaction commits. They are members of the organisation."""
    for deliver in _deliver if notice.recipients else ():
        await deliver(session, notice)
