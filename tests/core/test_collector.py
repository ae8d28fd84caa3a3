"""What a process that serves leaves alone."""

import gc

from faraday_app.core import collector


class TestSpareWhatStays:
    def test_leaves_alone_what_was_there_and_collects_what_comes(self):
        before = gc.get_threshold()
        try:
            collector.spare_what_stays()
            assert gc.get_freeze_count() > 1_000
            assert gc.get_threshold()[0] == collector.FIRST
            ring: list[object] = []
            ring.append(ring)
            del ring
            assert gc.collect() >= 1
        finally:
            gc.unfreeze()
            gc.set_threshold(*before)
