import asyncio
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.core.limits.adaptive import CALM, LEAST, TO_RELAX, TO_TIGHTEN, TOO_MUCH, Adaptive, Load, step
from faraday_app.core.limits.measures import Gauge, Measures
from faraday_app.core.redis import redis

HOT = Measures(lag=TOO_MUCH.lag + 1)
QUIET = Measures(lag=CALM.lag - 1)
BETWEEN = Measures(lag=(CALM.lag + TOO_MUCH.lag) / 2)


def _after(load: Load, *readings: Measures) -> Load:
    for reading in readings:
        load = step(load, reading, 1.0)
    return load


class TestStep:
    def test_tightens_only_after_several_hot_readings_in_a_row(self):
        assert _after(Load(), *[HOT] * (TO_TIGHTEN - 1)).percent == 100
        assert _after(Load(), *[HOT] * (TO_TIGHTEN - 1), QUIET, *[HOT] * (TO_TIGHTEN - 1)).percent == 100
        tightened = _after(Load(), *[HOT] * TO_TIGHTEN)
        assert tightened.percent == 75
        assert "waits 151 ms" in tightened.reason

    def test_never_goes_below_a_quarter(self):
        assert _after(Load(), *[HOT] * 100).percent == LEAST

    def test_changes_nothing_between_hot_and_calm(self):
        assert _after(Load(percent=50), *[BETWEEN] * 100).percent == 50

    def test_relaxes_step_by_step_and_never_beyond_the_whole(self):
        once = _after(Load(percent=25), *[QUIET] * TO_RELAX)
        assert once.percent == 40
        assert _after(once, *[QUIET] * 100).percent == 100

    @given(st.lists(st.sampled_from([HOT, QUIET, BETWEEN]), max_size=200))
    def test_stays_within_its_bounds(self, readings):
        assert LEAST <= _after(Load(), *readings).percent <= 100

    @pytest.mark.parametrize("measured", [Measures(p95=1_501), Measures(failed=10.1)])
    def test_heeds_slow_and_failed_answers_too(self, measured):
        assert _after(Load(), *[measured] * TO_TIGHTEN).percent == 75


@pytest.fixture
async def unloaded():
    keys = ("limits:state", "limits:measures", "limits:turn")
    await redis().delete(*keys)
    yield
    await redis().delete(*keys)


class TestAdaptive:
    async def test_has_all_workers_agree_and_tells_once(self, unloaded):
        told = []

        async def note(before: Load, after: Load) -> None:
            told.append((before.percent, after.percent))

        busy, idle = Adaptive(Gauge()), Adaptive(Gauge())
        busy.on_change.append(note)
        idle.on_change.append(note)
        for _ in range(TO_TIGHTEN):
            await busy.tick(HOT)
            await idle.tick(QUIET)
            await redis().delete("limits:turn")
        await idle.tick(QUIET)
        assert busy.percent == idle.percent == 75
        assert told == [(100, 75)]

    async def test_is_brought_about_by_a_real_overload_and_ends_after_it(self, unloaded, monkeypatch):
        gauge = Gauge()
        watched, adaptive = asyncio.create_task(gauge.watch_loop()), Adaptive(gauge)
        deadline = asyncio.get_running_loop().time() + 20

        async def reading(busy: bool) -> None:
            for _ in range(4):
                if busy:
                    time.sleep(0.3)  # keeps the loop from everything else, on purpose
                await asyncio.sleep(0.12)
            await adaptive.tick()
            await redis().delete("limits:turn")

        while adaptive.percent == 100 and asyncio.get_running_loop().time() < deadline:
            await reading(busy=True)
        assert adaptive.percent == 75
        assert "waits" in adaptive.load.reason
        monkeypatch.setattr("faraday_app.core.limits.adaptive.CALM", Measures(140, 600, 3))
        while adaptive.percent < 90 and asyncio.get_running_loop().time() < deadline + 20:
            await reading(busy=False)
        assert adaptive.percent == 90
        watched.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watched
