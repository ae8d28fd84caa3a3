"""What is gathered once for several GPTs, and for whom."""

from faraday_app.contexts.models import Context, Given, Gpt, MemoryRights
from faraday_app.contexts.service import gathering, memory
from faraday_app.contexts.service.assembly import Item, Occasion


class TestGather:
    async def test_memory_is_not_for_those_who_may_not_read_it(self, cast, monkeypatch):
        fact = Item(Given.memory, "1", 1, "Remembered", "Likes frogs.", 1.0)

        async def remembered(_session, _actor, occasion):
            return (fact,) if memory.lets_read(occasion) else ()

        monkeypatch.setattr(gathering, "SOURCES", (remembered,))
        monkeypatch.setattr(gathering, "OF_THE_CONVERSATION", {remembered: memory.lets_read})
        same: gathering.Same = {}
        for rights, given in ((MemoryRights.propose, (fact,)), (MemoryRights.none, ()), (MemoryRights.read, (fact,))):
            occasion = Occasion(Context(left_out=[]), Gpt(memory_rights=rights), "What do I like?", None)
            assert await gathering.gather(None, cast.teacher, occasion, same) == given
