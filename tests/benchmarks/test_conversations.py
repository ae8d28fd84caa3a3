"""The conversations that are measured are such as the services read."""

import asyncio

import psycopg

from benchmarks.conversations import Texts, owner, write
from faraday_app.contexts.service import branches, conversations
from faraday_app.core.database import transaction


class TestWrite:
    async def test_makes_branches_that_can_be_read(self, cast):
        def written():
            with psycopg.connect(owner(), options="-c app.system=on") as connection:
                return write(connection, cast.teacher, [Texts().turns(6)])

        (context_id,) = await asyncio.to_thread(written)
        async with transaction(cast.teacher) as session:
            context, _ = await conversations.get_context(session, cast.teacher, context_id)
            path = await branches.path_to(session, context.leaf_id, 100)
        assert [each.author for each in path] == ["person", "model"] * 3
