import asyncio

from faraday_app.contexts.service import streams
from faraday_app.core.ids import new_id


async def _until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)


class TestFollow:
    async def test_that_begins_again_repeats_nothing_and_loses_nothing(self):
        followers, run_id = streams.Followers(), new_id()
        await streams.append(run_id, "one ")
        followers.follow(run_id, lambda _: None, lambda _: False)  # nobody watches: ends at the first silence
        await _until(lambda: not followers._tasks)
        assert followers.text(run_id) == "one "
        await streams.append(run_id, "two")
        followers.follow(run_id, lambda _: None, lambda _: True)
        await _until(lambda: followers.text(run_id) == "one two")
        await asyncio.sleep(5.5)  # when what the first reader had read is forgotten
        assert followers.text(run_id) == "one two"
        await streams.close(run_id)
        await _until(lambda: not followers._tasks)

    async def test_tells_everybody_who_watches_with_one_reader(self):
        followers, run_id, heard = streams.Followers(), new_id(), []
        for name in ("first", "second"):
            followers.follow(run_id, lambda _, name=name: heard.append(name), lambda _: True)
        assert len(followers._tasks) == 1
        await streams.append(run_id, "one")
        await _until(lambda: {"first", "second"} <= set(heard))
        await streams.close(run_id)
        await _until(lambda: not followers._tasks)


class TestClaim:
    async def test_is_given_to_one_worker_of_many(self):
        run_id = new_id()
        claims = await asyncio.gather(*(streams.claim(run_id) for _ in range(20)))
        assert sum(claims) == 1
