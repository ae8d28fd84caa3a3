from hypothesis import given
from hypothesis import strategies as st

from faraday_app.security.service import familiar

COOKIES = st.one_of(st.text(max_size=3_000), st.from_regex(r"[\w-]{43}\.[0-9a-f]{64}(~[\w-]{43}\.[0-9a-f]{64}){0,5}"))


class TestRemembered:
    @given(COOKIES, st.emails())
    def test_is_known_afterwards_whatever_was_there(self, cookie, email):
        assert familiar.known(familiar.remembered(cookie, email), email)

    @given(st.lists(st.emails(), min_size=1, max_size=8, unique_by=str.lower))
    def test_fits_a_cookie_and_keeps_the_newest(self, emails):
        cookie = ""
        for email in emails:
            cookie = familiar.remembered(cookie, email)
        assert len(cookie) < 1_000
        known = [bool(familiar.known(cookie, email)) for email in emails]
        assert known == [False] * (len(emails) - familiar.MOST_PEOPLE) + [True] * min(len(emails), familiar.MOST_PEOPLE)

    @given(COOKIES, st.emails())
    def test_believes_nothing_it_has_not_written(self, cookie, email):
        assert familiar.known(cookie, email) == ""
