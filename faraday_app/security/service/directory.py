"""The names of people, from the domain above that knows them: security itself knows user ids only."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class Named:
    """A member of an organisation as security may show them."""

    user_id: UUID
    name: str
    about: str = ""


Names = Callable[[AsyncSession, UUID, Collection[UUID]], Awaitable[dict[UUID, str]]]
Search = Callable[[AsyncSession, UUID, str], Awaitable[list[Named]]]
Guardians = Callable[[AsyncSession, UUID], Awaitable[list[Named]]]


class Directory:
    """Filled once by the roll-call."""

    def __init__(self) -> None:
        self._names: Names | None = None
        self._guardians: Guardians | None = None
        self._search: Search | None = None

    def install(self, names: Names, guardians: Guardians, search: Search) -> None:
        self._names, self._guardians, self._search = names, guardians, search

    async def names(self, session: AsyncSession, organization_id: UUID, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """The names of those among these people who are or were members, deactivated ones too."""
        wanted = set(user_ids)
        return await self._names(session, organization_id, wanted) if self._names and wanted else {}

    async def search(self, session: AsyncSession, organization_id: UUID, text: str) -> list[Named]:
        """A few who are or were members, by name or e-mail, each with what they are."""
        return await self._search(session, organization_id, text) if self._search else []

    async def guardians(self, session: AsyncSession, organization_id: UUID) -> list[Named]:
        """Who may see the security centre, by name, with who administers the organisation among them; at most 100."""
        return await self._guardians(session, organization_id) if self._guardians else []


directory = Directory()
