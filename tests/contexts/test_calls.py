"""Calls of tools, put together from the pieces in which they come."""

import json

from hypothesis import given
from hypothesis import strategies as st

from faraday_app.contexts.service import tools
from faraday_app.contexts.service.tools import Collector
from faraday_app.contexts.service.tools.calls import LONGEST_ARGUMENTS

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["tool_calls", "index", "function", "name", "arguments", "id"]), inner)
    ),
    max_leaves=12,
)


class TestCollector:
    @given(st.lists(anything, max_size=6))
    def test_survives_whatever_is_sent(self, deltas):
        collector = Collector()
        for delta in deltas:
            collector.hear(delta)
        assert all(isinstance(made.arguments, dict) for made in collector.made())

    def test_hears_no_arguments_without_end(self):
        collector = Collector()
        for piece in [{"name": "calculator"}, *({"arguments": "x" * 1_000} for _ in range(50))]:
            collector.hear({"tool_calls": [{"index": 0, "function": piece}]})
        (made,) = collector.made()
        assert len(made.written) == LONGEST_ARGUMENTS + 1
        assert "longer than" in made.problem

    def test_tells_calls_apart_that_are_not_numbered(self):
        collector = Collector()
        for expression in ("1", "2"):
            function = {"name": "calculator", "arguments": json.dumps({"expression": expression})}
            collector.hear({"tool_calls": [{"function": function}]})
        assert [made.arguments["expression"] for made in collector.made()] == ["1", "2"]

    def test_are_named_from_what_there_is(self):
        assert list(tools.named(["calculator", "shell"])) == ["calculator"]
