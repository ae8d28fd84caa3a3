"""Reviews are given out evenly, whatever is begun already and whoever comes later."""

from collections import Counter
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from faraday_app.coursework.service.peers.balancing import balanced


def ids(count: int, kind: int = 0) -> list[UUID]:
    return [UUID(int=kind * 1_000 + place + 1) for place in range(count)]


def alone(count: int) -> dict[UUID, list[UUID]]:
    """Everybody's own attempt."""
    return {of: [who] for of, who in zip(ids(count, 1), ids(count), strict=True)}


class TestBalanced:
    @given(students=st.integers(0, 14), each=st.integers(0, 6), seed=st.text(max_size=3))
    @settings(max_examples=80, deadline=None, database=None)
    def test_gives_everybody_as_much_and_all_work_as_often(self, students, each, seed):
        work = alone(students)
        pairs = balanced(ids(students), work, each, seed=seed)
        wanted = min(each, max(students - 1, 0))
        assert Counter(who for who, _ in pairs) == Counter({who: wanted for who in ids(students) if wanted})
        assert set(Counter(of for _, of in pairs).values()) <= {wanted}
        assert all(who not in work[of] for who, of in pairs)

    @given(sizes=st.lists(st.integers(1, 4), min_size=2, max_size=6), each=st.integers(1, 3))
    @settings(max_examples=60, deadline=None, database=None)
    def test_gives_nobody_their_own_teams(self, sizes, each):
        people = iter(ids(sum(sizes)))
        work = {of: [next(people) for _ in range(size)] for of, size in zip(ids(len(sizes), 1), sizes, strict=True)}
        pairs = balanced(ids(sum(sizes)), work, each)
        assert all(who not in work[of] for who, of in pairs)
        assert set(Counter(who for who, _ in pairs).values()) == {min(each, len(sizes) - 1)}

    @given(students=st.integers(3, 10), later=st.integers(1, 4), each=st.integers(1, 3))
    @settings(max_examples=60, deadline=None, database=None)
    def test_lets_those_who_come_later_in(self, students, later, each):
        """All are reviewed as often in the end; who had a task that nobody took away still has it."""
        first = balanced(ids(students), alone(students), each)
        pairs = balanced(ids(students + later), alone(students + later), each, loose=first)
        wanted = min(each, students + later - 1)
        assert set(Counter(of for _, of in pairs).values()) == {wanted}
        assert len(first - pairs) <= wanted * later

    @given(students=st.integers(3, 8), each=st.integers(1, 3))
    @settings(max_examples=40, deadline=None, database=None)
    def test_leaves_what_is_begun(self, students, each):
        kept = balanced(ids(students), alone(students), each)
        pairs = balanced(ids(students + 1), alone(students + 1), each, kept=kept)
        assert kept <= pairs
        assert sum(who == ids(students + 1)[-1] for who, _ in pairs) == min(each, students)

    def test_drops_whose_attempt_or_reviewer_is_gone(self):
        first = balanced(ids(4), alone(4), 2)
        work = {of: who for of, who in alone(4).items() if who != [ids(4)[3]]}
        pairs = balanced(ids(3), work, 2, loose=first)
        assert {of for _, of in pairs} == set(work)
        assert {who for who, _ in pairs} == set(ids(3))
