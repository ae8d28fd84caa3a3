"""Files as people bring them, and having them read."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from typing import Any

from faraday_app.contexts.models import Import
from faraday_app.contexts.service import importing
from faraday_app.core.database import transaction
from faraday_app.core.permissions import Actor


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 1_000):
        yield content[begin : begin + 1_000]


async def bring(actor: Actor, content: object, name: str = "conversations.json") -> Import:
    """What became of a file: of bytes, text, or anything that is written as JSON."""
    raw = content if isinstance(content, bytes) else None
    if raw is None:
        raw = (content if isinstance(content, str) else json.dumps(content)).encode()
    begun = await importing.receive(actor, name, _pieces(raw))
    await importing.work()
    async with transaction(actor) as session:
        return await importing.one(session, actor, begun.id)


def node(key: str, parent: str | None, role: str, content: object, **message: Any) -> dict[str, Any]:
    """A node of ChatGPT's tree; a text stands for its usual content."""
    said = {"content_type": "text", "parts": [content]} if isinstance(content, str) else content
    return {key: {"id": key, "parent": parent, "message": {"author": {"role": role}, "content": said, **message}}}


def chat(
    *nodes: dict[str, Any], title: str = "Frogs", id: str = "c1", current: str = "", **more: Any
) -> dict[str, Any]:
    mapping = {"root": {"id": "root", "parent": None, "message": None}}
    for each in nodes:
        mapping |= each
    return {"title": title, "conversation_id": id, "mapping": mapping, "current_node": current, **more}


def zipped(**files: object) -> bytes:
    """A ZIP; ``__`` in a name stands for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content if isinstance(content, bytes) else json.dumps(content))
    return target.getvalue()
