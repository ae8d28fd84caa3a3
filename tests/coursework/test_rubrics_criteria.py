"""What marks come to, exactly, and where a remark belongs in a text."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faraday_app.core.errors import Invalid
from faraday_app.coursework.service.assessing import anchors, audio
from faraday_app.coursework.service.assessing.agreement import ENOUGH, agreement, paired, weighted_kappa
from faraday_app.coursework.service.assessing.anchors import Anchor
from faraday_app.coursework.service.rubrics import Criterion, Mark, Rating, criteria, highest, plain, settled, total
from tests.factories.rubrics import CRITERIA, EVIDENCE, FREE, RANGED

A, B = Decimal(4), Decimal(2)
LEVELS = (Rating("Good", A), Rating("Poor", B))


def known(*wanted: Criterion) -> list[Criterion]:
    return [replace(each, id=str(place)) for place, each in enumerate(criteria.checked(wanted))]


class TestChecked:
    def test_orders_levels_from_the_best_and_takes_their_points(self):
        [one] = criteria.checked([Criterion("  Facts ", Decimal(99), ratings=LEVELS[::-1])])
        assert (one.title, one.points, [each.title for each in one.ratings]) == ("Facts", A, ["Good", "Poor"])

    @pytest.mark.parametrize(
        ("wanted", "field"),
        [
            ([], "criteria"),
            ([FREE] * 31, "criteria"),
            ([Criterion("", A)], "criteria.0.title"),
            ([FREE, Criterion("x" * 201, A)], "criteria.1.title"),
            ([Criterion("x", A, "y" * 2_001)], "criteria.0.details"),
            ([Criterion("x", Decimal(-1))], "criteria.0.points"),
            ([Criterion("x", Decimal("NaN"))], "criteria.0.points"),
            ([Criterion("x", Decimal("0.00001"))], "criteria.0.points"),
            ([Criterion("x", A, ratings=LEVELS[:1])], "criteria.0.ratings"),
            ([Criterion("x", A, ratings=(LEVELS[0], Rating("Same", A)))], "criteria.0.ratings"),
            ([Criterion("x", A, ratings=(LEVELS[0], Rating(" ", B)))], "criteria.0"),
        ],
    )
    def test_names_what_is_at_fault(self, wanted, field):
        with pytest.raises(Invalid) as refusal:
            criteria.checked(wanted)
        assert refusal.value.field == field


class TestTotal:
    def test_leaves_out_what_is_not_scored(self):
        evidence, structure, _, effort = known(*CRITERIA)
        marks = {evidence.id: Mark(0, A), effort.id: Mark(0, Decimal(0)), structure.id: Mark(1, Decimal("2.7"))}
        assert highest(known(*CRITERIA)) == Decimal("10.1")
        assert total(known(*CRITERIA), marks) == Decimal("6.7")
        assert [each.title for each in criteria.unmarked(known(*CRITERIA), marks)] == ["Spelling"]
        assert total(known(*CRITERIA), {effort.id: Mark(0, Decimal(5))}) is None

    @given(st.lists(st.decimals(0, 1, places=4), min_size=1, max_size=30))
    def test_is_exact(self, points):
        asked = known(*[Criterion(f"{place}", Decimal(1)) for place in range(len(points))])
        marks = {each.id: Mark(None, given) for each, given in zip(asked, points, strict=True)}
        assert total(asked, marks) * 10_000 == sum(int(each * 10_000) for each in points)

    def test_ten_tenths_are_one(self):
        asked = known(*[Criterion(f"{place}", Decimal("0.1")) for place in range(10)])
        assert plain(total(asked, {each.id: Mark(None, Decimal("0.1")) for each in asked})) == "1"


class TestSettled:
    @pytest.mark.parametrize(
        ("of", "mark", "became"),
        [
            (EVIDENCE, Mark(1), Mark(1, Decimal("2.5"))),
            (EVIDENCE, Mark(None, Decimal("2.5")), Mark(1, Decimal("2.5"))),
            (EVIDENCE, Mark(0, Decimal(0)), Mark(2, Decimal(0))),
            (RANGED, Mark(0, Decimal("3.1")), Mark(0, Decimal("3.1"))),
            (RANGED, Mark(None, Decimal(3)), Mark(1, Decimal(3))),
            (RANGED, Mark(1, Decimal(5)), Mark(0, Decimal(5))),
            (RANGED, Mark(None, Decimal(0)), Mark(1, Decimal(0))),
            (FREE, Mark(None, Decimal("0.05"), " almost "), Mark(None, Decimal("0.05"), "almost")),
            (FREE, Mark(remark="only words"), Mark(remark="only words")),
        ],
    )
    def test_fits_points_and_levels_to_each_other(self, of, mark, became):
        assert settled(known(of), {"0": mark}) == {"0": became}

    @pytest.mark.parametrize(
        ("of", "mark"),
        [
            (EVIDENCE, Mark(None, Decimal(3))),
            (EVIDENCE, Mark(7)),
            (EVIDENCE, Mark(-1)),
            (RANGED, Mark(None, Decimal("6.01"))),
            (FREE, Mark(0)),
            (FREE, Mark(None, Decimal(-1))),
            (FREE, Mark(remark="x" * 2_001)),
        ],
    )
    def test_refuses_what_does_not_fit(self, of, mark):
        with pytest.raises(Invalid) as refusal:
            settled(known(of), {"0": mark})
        assert refusal.value.field == "marks.0"

    def test_knows_no_other_criterion(self):
        with pytest.raises(Invalid):
            settled(known(FREE), {"9": Mark(0)})


class TestAnchors:
    TEXT = "Light reactions make ATP. The Calvin cycle uses ATP. 🌱 ATP again."

    @pytest.mark.parametrize(("near", "at"), [(0, 21), (45, 48), (60, 55), (10_000, 55)])
    def test_means_the_nearest_of_the_same_words(self, near, at):
        found = anchors.anchored(self.TEXT, near, "ATP")
        assert (found.begins, self.TEXT[found.begins : found.ends]) == (at, "ATP")
        assert anchors.found(self.TEXT, found) == found

    @pytest.mark.parametrize("quote", ["", "   ", "light reactions", "x" * 2_001])
    def test_refuses_words_that_do_not_stand_there(self, quote):
        with pytest.raises(Invalid):
            anchors.anchored(self.TEXT, 0, quote)

    def test_says_when_the_words_are_gone(self):
        assert anchors.found("another text altogether", Anchor(0, 5, "Light")) is None

    @given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=5))
    def test_segments_are_the_text_and_nothing_else(self, text, spans):
        laid = [Anchor(a, a + b, text[a : a + b]) for a, b in spans if a + b <= len(text)]
        cut = anchors.segments(text, laid)
        assert "".join(each.text for each in cut) == text
        for place, anchor in enumerate(laid):
            assert "".join(each.text for each in cut if place in each.about) == anchor.quote


class TestAudio:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"\x1a\x45\xdf\xa3\x01\x42\x82\x84webm" + b"\0" * 40, "audio/webm"),
            (b"OggS" + b"\0" * 24 + b"OpusHead", "audio/ogg"),
            (b"ID3\x04" + b"\0" * 40, "audio/mpeg"),
            (b"\xff\xfb\x90\x00" + b"\0" * 40, "audio/mpeg"),
            (b"\0\0\0\x20ftypM4A " + b"\0" * 20, "audio/mp4"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        ],
    )
    def test_is_known_by_its_content(self, content, kind):
        assert audio.kind_of(content) == kind

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<html><script>",
            b"%PDF-1.7",
            b"\x1a\x45\xdf\xa3\x01\x42\x82\x88matroska",
            b"\xff\xfe\xff\xff",
            b"RIFF\0\0\0\0AVI ",
            b"ID3" + b"\0" * (10 * 1024 * 1024),
        ],
    )
    def test_is_refused_otherwise(self, content):
        with pytest.raises(Invalid):
            audio.kind_of(content)


class TestAgreement:
    def test_is_nothing_where_nothing_was_judged_twice(self):
        assert agreement(paired([[0], []]), 3) is None

    def test_counts_equal_and_near_judgements(self):
        found = agreement([(0, 0), (0, 1), (0, 2), (2, 2)], 3)
        assert (found.exact, found.within_one, found.kappa) == (0.5, 0.75, None)

    def test_pairs_all_who_judged_the_same(self):
        assert paired([[0, 1, 2], [1, 1]]) == [(0, 1), (0, 2), (1, 2), (1, 1)]

    def test_weights_a_kappa_by_the_square_of_the_distance(self):
        pairs = [(0, 0)] * 4 + [(0, 1)] + [(1, 1)] * 2 + [(2, 2)] * 3
        assert len(pairs) == ENOUGH
        # What the margins 5, 2, 3 and 4, 3, 3 give by chance.
        chance = (5 * 3 * 1 + 5 * 3 * 4 + 2 * 4 * 1 + 2 * 3 * 1 + 3 * 4 * 4 + 3 * 3 * 1) / 100
        assert weighted_kappa(pairs, 3) == pytest.approx(1 - 0.1 / chance)
        assert agreement(pairs, 3).kappa == weighted_kappa(pairs, 3)

    def test_has_no_kappa_where_all_chose_the_same(self):
        assert weighted_kappa([(1, 1)] * ENOUGH, 3) is None
        assert weighted_kappa([(0, 1), (1, 0)] * ENOUGH, 2) == -1
