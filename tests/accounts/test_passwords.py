import asyncio
from hashlib import sha1

import pytest
from argon2 import PasswordHasher

from faraday_app.accounts import service as accounts
from faraday_app.accounts.models import User
from faraday_app.core.errors import Invalid
from faraday_app.core.settings import settings
from faraday_app.demo.people import _password

GOOD = "seven quiet lanterns"


@pytest.fixture
def stolen(tmp_path, monkeypatch):
    """A folder of range files in which passwords can be put."""
    monkeypatch.setenv("FARADAY_BREACHED_PASSWORDS", str(tmp_path))
    settings.cache_clear()

    def put(password, count=7):
        digest = sha1(password.encode()).hexdigest().upper()  # noqa: S324  as the files have it
        lines = sorted([f"{'0' * 34}1:3", f"{digest[5:]}:{count}", f"{'F' * 34}1:2"])
        (tmp_path / f"{digest[:5]}.txt").write_text("\r\n".join(lines))

    yield put
    monkeypatch.delenv("FARADAY_BREACHED_PASSWORDS")
    settings.cache_clear()


class TestCheckedPassword:
    @pytest.mark.parametrize(
        "password", [GOOD, "correct horse battery", "x7#Lq9!vTz2m", "ein längerer Satz über Äpfel"]
    )
    async def test_takes_what_is_hard_to_guess(self, password):
        assert await accounts.checked_password(password, "Maya Okafor") == password

    async def test_takes_those_of_the_demo(self):
        for _ in range(20):
            await accounts.checked_password(_password(), "Maya Okafor", "maya.okafor@demo.faraday.example")

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("short", "at least 10 characters"),
            ("password1234", "common word"),
            ("qwertyuiop", "common word"),
            ("aaaaaaaaaaaa", "repeated"),
            ("abcdefghijkl", "sequences"),
            ("12/04/1998", "dates"),
            ("mayaokafor12", "your name"),
            ("hillschool2026", "organisation’s name"),
            ("x" * 501, "too long"),
        ],
    )
    async def test_says_in_plain_words_what_is_wrong(self, password, reason):
        with pytest.raises(Invalid, match=reason) as refused:
            await accounts.checked_password(password, "Maya Okafor", "maya@hill.example", "Hill School")
        assert refused.value.field == "password"
        assert password not in refused.value.message

    async def test_takes_nobody_for_somebody_else_when_many_choose_at_once(self):
        names = ["Quorvin Zaltrex", "Maya Okafor"] * 20
        outcomes = await asyncio.gather(
            *(accounts.checked_password("quorvinzaltrex1", name) for name in names), return_exceptions=True
        )
        assert [isinstance(outcome, Invalid) for outcome in outcomes] == [True, False] * 20

    async def test_refuses_one_that_was_stolen(self, stolen):
        stolen(GOOD)
        with pytest.raises(Invalid, match="stolen"):
            await accounts.checked_password(GOOD)

    async def test_takes_one_that_only_pads_the_file(self, stolen):
        stolen(GOOD, count=0)
        await accounts.checked_password(GOOD)

    async def test_takes_one_that_is_not_in_the_files(self, stolen):
        stolen("another password")
        await accounts.checked_password(GOOD)


class TestCheckPassword:
    async def test_makes_a_hash_again_when_the_parameters_have_changed(self):
        old = PasswordHasher(time_cost=1, memory_cost=8_192).hash(GOOD)
        user = User(name="Maya", email="maya@test.example", password_hash=old)
        assert await accounts.check_password(user, GOOD)
        assert user.password_hash != old
        renewed = user.password_hash
        assert await accounts.check_password(user, GOOD)
        assert user.password_hash == renewed

    async def test_leaves_the_hash_when_the_password_is_wrong(self):
        old = PasswordHasher(time_cost=1, memory_cost=8_192).hash(GOOD)
        user = User(name="Maya", email="maya@test.example", password_hash=old)
        assert not await accounts.check_password(user, "wrong")
        assert user.password_hash == old

    @pytest.mark.parametrize("password", ["", "none", GOOD])
    async def test_is_never_right_for_who_has_none(self, password):
        user = User(name="Maya", email="maya@test.example", password_hash=accounts.NO_PASSWORD)
        assert not await accounts.check_password(user, password)
