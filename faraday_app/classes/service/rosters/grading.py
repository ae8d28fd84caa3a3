"""Categories, line items and results of a package: what is built on classes tells what is stored of them, judges each
row, and applies them in the transaction of the roster."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.classes.oneroster import GRADEBOOK, File, Package, Record
from faraday_app.core.permissions import Actor

if TYPE_CHECKING:
    from faraday_app.classes.service.rosters.foreseeing import Prospect
    from faraday_app.classes.service.rosters.work import Work

References = Mapping[File, Mapping[str, UUID]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is here of these files, in the words that the package has for it.

    ``theirs`` are the ids that came from this source: only they can be missing from a whole file. ``references`` are
    our ids of the classes, people and sessions that rows speak of. ``own`` is for the keeper alone.
    """

    references: References = field(default_factory=dict)
    records: Mapping[File, tuple[Record, ...]] = field(default_factory=dict)
    theirs: Mapping[File, Set[str]] = field(default_factory=dict)
    own: Any = None


class Keeper(Protocol):
    async def stored(
        self, session: AsyncSession, actor: Actor, source: str, references: References, package: Package
    ) -> Stored: ...

    def judge(self, found: "Prospect") -> None:
        """Refuses rows that cannot be applied, with a sentence, and says what rows are called. Pure: in a thread."""

    async def apply(self, work: "Work") -> None:
        """What the judge has let through. Raises where it cannot be done after all: then nothing is applied."""

    async def take_back(self, session: AsyncSession, actor: Actor, import_id: UUID) -> int:
        """What an import has entered, where it still stands; how many grades."""


KEEPERS: list[Keeper] = []


async def stored_of(
    session: AsyncSession, actor: Actor, source: str, references: References, package: Package | None
) -> Stored:
    if package is None or not any(file in package.modes for file in GRADEBOOK):
        return Stored(references)
    for keeper in KEEPERS:
        return await keeper.stored(session, actor, source, references, package)
    return Stored(references)
