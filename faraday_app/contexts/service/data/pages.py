"""The text of the page that a link leads to, when somebody asks for it."""

from uuid import UUID

from faraday_app.contexts.models import DataItem, DataKind
from faraday_app.contexts.service import stored
from faraday_app.contexts.service.data.items import attach, content_of, get
from faraday_app.core import outbound
from faraday_app.core.database import transaction
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor

_READABLE = ("text/html", "text/plain", "application/xhtml+xml")


async def read_page(actor: Actor, context_id: UUID, item_id: UUID) -> DataItem:
    """Fetch it once and keep it with the link, as a file that is read. In transactions of its own: the page may take
    its time. Only what is on the public internet is called (core.outbound)."""
    async with transaction(actor) as session:
        found = await get(session, actor, context_id, item_id)
        if found.item.kind != DataKind.link:
            raise Invalid("Only the page of a link can be read.")
        address = await content_of(found.item)
    answer = await outbound.request("GET", address, headers={"Accept": ", ".join(_READABLE)})
    if answer.status_code != 200:
        raise Invalid(f"The page answers {answer.status_code} and cannot be read. Does the address lead to it itself?")
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() not in _READABLE:
        raise Invalid("This address leads to no page of text. Download it, and add it as a file.")
    async with transaction(actor) as session:
        file = await stored.store(session, actor, f"{found.item.title}.html", answer.content)
        return await attach(session, actor, context_id, item_id, file.id)
