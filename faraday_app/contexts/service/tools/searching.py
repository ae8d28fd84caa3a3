"""Looking things up in the files of the GPT that answers."""

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.quoting import NO_FORCE, quoted
from faraday_app.contexts.service.tools.seam import Json, Tool
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor

MOST = 4  # passages
LONGEST = 500  # characters of a question


async def _run(session: AsyncSession, actor: Actor, occasion: Occasion, arguments: Json) -> str:
    """Material of others, as such: what stands in it has no force."""
    from faraday_app.contexts.service import knowledge  # it knows GPTs, and they know the tools there are

    question = arguments["question"].strip()[:LONGEST]
    if not question:
        raise Invalid("Say what to look for.")
    gpt = occasion.gpt
    found = await knowledge.find(session, actor, gpt, question, MOST) if gpt else []
    if not found:
        return "Nothing about this was found in the files."
    return "\n\n".join([NO_FORCE, *(quoted(each.file.name, each.found.text) for each in found)])


SEARCH = Tool(
    "search_knowledge",
    "Search its files",
    "Looks things up in its knowledge files while it answers.",
    "Searches your knowledge files for passages about a question. Use it before you answer from them.",
    {
        "type": "object",
        "properties": {"question": {"type": "string", "description": "What to look for, in full words."}},
        "required": ["question"],
    },
    _run,
)
