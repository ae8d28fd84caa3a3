"""Filters, orders and fields of lists, as OneRoster has them."""

import pytest

from faraday_app.gradebook.service.exchange.asking import Asked, Unasked, chosen

KNOWN = frozenset({"sourcedId", "title", "score", "class", "late"})
ROWS = [
    {"sourcedId": "a", "title": "Quiz 1", "score": 9, "class": {"sourcedId": "k1"}, "late": True},
    {"sourcedId": "b", "title": "Essay", "score": 10.5, "class": {"sourcedId": "k2"}},
    {"sourcedId": "c", "title": "It's a quiz", "score": 100, "class": {"sourcedId": "k1"}},
    {"sourcedId": "d", "title": "Lab"},
]


def ids(**asked):
    found, total = chosen(ROWS, Asked(**asked), KNOWN)
    return "".join(each["sourcedId"] for each in found), total


class TestFilter:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("", "abcd"),
            ("title='Essay'", "b"),
            ("title!='Essay'", "acd"),
            ("score>'9'", "bc"),
            ("score>='9' AND score<'100'", "ab"),
            ("class.sourcedId='k1'", "ac"),
            ("class='k1' AND title~'QUIZ'", "ac"),
            ("title='It''s a quiz'", "c"),
            ("title='Essay' OR title='Lab'", "bd"),
            ("title='Essay' OR class.sourcedId='k1' AND score='9'", "ab"),
            ("late='true'", "a"),
            ("score='10.50'", "b"),
            ("title='nothing'", ""),
        ],
    )
    def test_chooses(self, text, wanted):
        assert ids(filter=text) == (wanted, len(wanted))

    @pytest.mark.parametrize(
        "text", ["title", "title=Essay", "title='Essay", "title='a' title='b'", "title='a' AND", "other='a'", "='a'"]
    )
    def test_refuses_what_cannot_be_read(self, text):
        with pytest.raises(Unasked):
            ids(filter=text)


class TestPage:
    def test_is_cut_after_sorting(self):
        assert ids(sort="title", limit=2) == ("bc", 4)
        assert ids(sort="title", limit=2, offset=2) == ("da", 4)
        assert ids(sort="score", descending=True, filter="score>'0'") == ("cba", 3)
        with pytest.raises(Unasked):
            ids(sort="other")

    def test_has_the_fields_that_were_asked_for(self):
        found, _ = chosen(ROWS, Asked(fields="sourcedId, title", limit=1), KNOWN)
        assert found == [{"sourcedId": "a", "title": "Quiz 1"}]
        with pytest.raises(Unasked):
            chosen(ROWS, Asked(fields="password"), KNOWN)
