"""Knowledge files in packs: their content travels along, and comes in as if it had been sent file by file."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.models import Gpt
from faraday_app.contexts.service import stored
from faraday_app.contexts.service.knowledge.files import add
from faraday_app.contexts.service.knowledge.snapshots import present
from faraday_app.contexts.service.versions.carrying import Carrier
from faraday_app.core import files
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor

Value = dict[str, Any]


async def _carry(session: AsyncSession, _: Actor, gpt: Gpt, value: Value, contents: dict[str, bytes]) -> Value:
    for known in await present(session, gpt):
        digest = await stored.digest_of(session, known.file)
        try:
            contents[digest] = await stored.content_of(known.file)
        except files.Gone:
            text = f"The file “{known.file.name}” can no longer be read. Remove it, or leave the files out."
            raise Invalid(text) from None
    return value


async def _unpack(session: AsyncSession, actor: Actor, gpt: Gpt, value: Value, contents: Mapping[str, bytes]) -> None:
    """Kind, size and the room that the organisation has are checked again, and each is read anew."""
    for each in value["files"]:
        await add(session, actor, gpt.id, each["name"], contents[each["digest"]])


def _fit(value: Value) -> None:
    """What may be listed is checked where the pack is opened, with the contents."""


CARRIER = Carrier(_carry, _unpack, _fit)
