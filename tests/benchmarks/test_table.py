"""What the benchmarks make of their samples, and how they print it."""

import json

import pytest

from benchmarks.figures import Figure, percentile, rate, spread
from benchmarks.report import number, results, table, write


class TestPercentile:
    def test_is_a_sample_that_was_measured(self):
        assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.0
        assert percentile([float(n) for n in range(1, 101)], 95) == 95.0

    def test_of_few_samples_is_the_slowest(self):
        assert percentile([1.0, 9.0], 95) == 9.0

    def test_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="Nothing was measured"):
            percentile([], 95)


class TestFigure:
    def test_is_judged_by_its_slow_cases(self):
        samples = [10.0] * 18 + [90.0] * 2
        assert spread("event", "ms", samples, target=50.0).met is False
        assert spread("event", "ms", [10.0] * 20, target=50.0).met is True

    def test_without_a_target_is_not_judged(self):
        assert Figure("navigation", "ms", 40.0).met is None

    def test_of_which_more_is_better(self):
        assert Figure("events", "/s", 900.0, target=1000.0, more_is_better=True).met is False
        assert rate("events", "/s", 900.0).more_is_better

    def test_compares_its_typical_value_with_the_peer(self):
        assert Figure("sign-in weight", "KiB", 200.0, 400.0, peer=800.0).ratio == 0.25
        assert Figure("navigation", "ms", 40.0).ratio is None


class TestTable:
    def test_has_a_line_for_each_figure_and_its_note(self):
        figures = [
            Figure("sign-in weight", "KiB", 261.4, target=320.0, peer=861.0, note="as transferred"),
            Figure("event", "ms", 0.47, 61.0, target=50.0),
        ]
        lines = table(figures).splitlines()
        assert lines[2].split() == ["sign-in", "weight", "KiB", "261", "≤", "320", "861", "0.30", "yes"]
        assert lines[3].split() == ["event", "ms", "0.47", "61.0", "≤", "50.0", "NO"]
        assert lines[-1] == "sign-in weight: as transferred"

    @pytest.mark.parametrize(
        ("value", "shown"), [(None, ""), (0.0, "0.00"), (9.876, "9.88"), (98.76, "98.8"), (1234.5, "1,234")]
    )
    def test_shows_three_telling_digits(self, value, shown):
        assert number(value) == shown


class TestResults:
    def test_can_be_compared_and_name_no_machine(self, tmp_path):
        import socket

        found = results([Figure("event", "ms", 1.0, 2.0, target=50.0)], quick=True, seconds=3.2, load=0.1)
        write(tmp_path / "results.json", found)
        text = (tmp_path / "results.json").read_text()
        read = json.loads(text)
        assert read["figures"][0]["met"] is True
        assert read["cores"]
        assert read["versions"]["reflex"]
        assert socket.gethostname() not in text
