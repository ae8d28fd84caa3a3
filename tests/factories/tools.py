"""Models that call tools, and conversations with a GPT that has some."""

import json

from faraday_app.contexts.models import Context, Gpt
from faraday_app.core.database import transaction
from tests.factories.contexts import fund
from tests.factories.gpts import answering_alone, make_gpt


def call(arguments, name="calculator", index=0):
    """The pieces of a call, as providers send it."""
    written = arguments if isinstance(arguments, str) else json.dumps(arguments)
    head = {"index": index, "id": "call_x", "type": "function", "function": {"name": name, "arguments": ""}}
    rest = [{"index": index, "function": {"arguments": written[at : at + 5]}} for at in range(0, len(written), 5)]
    return [{"tool_calls": [each]} for each in (head, *rest)]


def results(body):
    return [each["content"] for each in body["messages"] if each["role"] == "tool"]


def once(*pieces, then=("It is ", "twelve.")):
    """Calls in the first breath, words in the second."""
    return lambda body: then if results(body) else [piece for each in pieces for piece in each]


async def conversation_with(cast, **more):
    await fund(cast, cast.teacher)
    options = {"model": "able", "longest_answer": 50, "tools": ("calculator",), **more}
    return await answering_alone(cast.teacher, await make_gpt(cast.teacher, "Nova", **options))


async def conversation_again(cast, conversation):
    """Another one with the same GPT."""
    async with transaction(cast.teacher) as session:
        (gpt_id,) = (await session.get_one(Context, conversation)).gpt_ids
        gpt = await session.get_one(Gpt, gpt_id)
    return await answering_alone(cast.teacher, gpt)
