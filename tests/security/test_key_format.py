"""What a key looks like, and that a key that was mistyped is no key."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from faraday_app.core.crypto import KEY_PATTERN, is_key, new_key
from faraday_app.core.database import engine
from faraday_app.organizations.service import actor_of_key

LETTERS = string.ascii_letters + string.digits


class TestNewKey:
    def test_is_a_key_that_scanners_can_match(self):
        for _ in range(200):
            key = new_key()
            assert is_key(key)
            assert KEY_PATTERN.fullmatch(key)
            assert len(key) == 53

    def test_is_never_the_same(self):
        assert len({new_key() for _ in range(1_000)}) == 1_000


class TestIsKey:
    @given(place=st.integers(4, 52), letter=st.sampled_from(LETTERS))
    def test_tells_every_change_of_one_letter(self, place, letter):
        key = new_key()
        changed = key[:place] + letter + key[place + 1 :]
        assert is_key(changed) == (changed == key)

    @given(place=st.integers(4, 51))
    def test_tells_two_letters_that_changed_places(self, place):
        key = new_key()
        changed = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
        assert is_key(changed) == (changed == key)

    @given(st.text(max_size=80))
    def test_is_false_for_whatever_else_somebody_sends(self, text):
        assert not is_key(text)

    @pytest.mark.parametrize("change", [str.upper, str.swapcase, lambda key: key + "0", lambda key: f" {key}"])
    def test_is_false_for_a_key_in_other_writing(self, change):
        assert not is_key(change(new_key()))


class TestActorOfKey:
    @pytest.fixture
    def queries(self):
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_):
            seen.append(statement)

        event.listen(engine().sync_engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine().sync_engine, "before_cursor_execute", note)

    async def test_asks_the_database_nothing_for_an_invented_key(self, queries):
        assert await actor_of_key("fdy_" + "A" * 49) is None
        assert queries == []

    async def test_asks_once_for_a_key_and_thrice_for_rights(self, cast, queries):
        from tests.factories.api import make_key

        secret = await make_key(cast.teacher)
        await actor_of_key(secret)
        queries.clear()
        assert await actor_of_key(secret)
        asked = [query for query in queries if "set_config" not in query]
        assert len([query for query in asked if "api_keys" in query]) == 1
        assert len(asked) == 4, "the key with its person; what they are, which roles they have, which rules are theirs"
