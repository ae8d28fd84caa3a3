"""How the way of an answer is put into words."""

import pytest

from faraday_app.gateway.service import Way
from faraday_app.gateway.views.receipts import went_on


@pytest.mark.parametrize(
    ("attempts", "said"),
    [
        ([], ""),
        ([("a", "", True)], ""),
        ([("a", "broken", False), ("a", "", True)], ""),
        ([("a", "broken", True), ("b", "", True)], "a stopped; b went on"),
        ([("a", "silent", False), ("a", "silent", False), ("b", "", True)], "a did not answer; b went on"),
        ([("a", "broken", True), ("b", "broken", False)], "a stopped; b did not answer"),
    ],
)
def test_says_who_went_on_for_whom(attempts, said):
    assert went_on(Way(None, tuple(attempts))) == said


def test_says_nothing_where_nothing_is_known():
    assert went_on(None) == ""
