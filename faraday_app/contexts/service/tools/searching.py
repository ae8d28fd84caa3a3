"""Looking things up in the files of the GPT that answers, and in those that others share with it."""

from sqlalchemy.ext.asyncio import AsyncSession

from faraday_app.contexts.service.assembly import Occasion
from faraday_app.contexts.service.quoting import NO_FORCE, quoted
from faraday_app.contexts.service.tools.seam import Json, Tool
from faraday_app.core.errors import Invalid
from faraday_app.core.permissions import Actor

MOST = 4  # passages
LONGEST = 500  # characters of a question
NOTHING = "Nothing about this was found in the files."


async def _run(session: AsyncSession, actor: Actor, occasion: Occasion, arguments: Json) -> str:
    """Material of others, as such: what stands in it has no force."""
    from faraday_app.contexts.service import knowledge  # it knows GPTs, and they know the tools there are
    from faraday_app.contexts.service.shares import giving

    question = arguments["question"].strip()[:LONGEST]
    if not question:
        raise Invalid("Say what to look for.")
    gpt = occasion.gpt
    if gpt is None:
        return NOTHING
    own = [(each.found, each.file.name) for each in await knowledge.find(session, actor, gpt, question, MOST)]
    others = await giving.passages(session, actor, gpt, question, MOST)
    found = sorted(
        [*own, *((each.passage.found, each.entry.title) for each in others)], key=lambda each: -each[0].score
    )[:MOST]
    return "\n\n".join([NO_FORCE, *(quoted(name, passage.text) for passage, name in found)]) if found else NOTHING


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
