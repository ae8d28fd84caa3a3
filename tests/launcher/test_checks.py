"""A configured service that cannot be used is refused in one sentence."""

import os

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from faraday_app.launcher.checks import check_database, check_redis
from faraday_app.launcher.refusal import Refusal


@pytest.fixture
def address() -> str:
    return os.environ["DATABASE_URL"]


class TestCheckDatabase:
    def test_gives_the_address_with_the_driver_we_use(self, address: str) -> None:
        assert check_database(address.replace("+psycopg", "")).startswith("postgresql+psycopg://")

    def test_refuses_a_wrong_password(self, address: str) -> None:
        wrong = make_url(address).set(password="wrong").render_as_string(hide_password=False)
        with pytest.raises(Refusal, match="refuses the password of faraday_app"):
            check_database(wrong)

    def test_refuses_a_missing_database(self, address: str) -> None:
        wrong = make_url(address).set(database="nowhere").render_as_string(hide_password=False)
        with pytest.raises(Refusal, match='"nowhere" does not exist'):
            check_database(wrong)

    def test_refuses_an_address_where_nobody_answers(self) -> None:
        with pytest.raises(Refusal, match=r"no PostgreSQL answers at 127\.0\.0\.1:1"):
            check_database("postgresql://someone@127.0.0.1:1/faraday")

    def test_refuses_another_kind_of_database(self) -> None:
        with pytest.raises(Refusal, match="must be a PostgreSQL address"):
            check_database("mysql://localhost/faraday")

    def test_refuses_what_is_not_an_address(self) -> None:
        with pytest.raises(Refusal, match="is not an address"):
            check_database("faraday")

    def test_refuses_a_role_that_bypasses_row_security(self, address: str) -> None:
        owner = os.environ["DATABASE_OWNER_URL"]
        assert check_database(owner, owner=True)
        with pytest.raises(Refusal, match="bypasses row-level security"):
            check_database(owner)

    def test_refuses_an_old_server(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("faraday_app.launcher.checks.OLDEST_POSTGRES", 99)
        with pytest.raises(Refusal, match="needs 99 or newer"):
            check_database(address)


class TestCheckRedis:
    def test_takes_the_right_address(self) -> None:
        check_redis(os.environ["REDIS_URL"])

    @pytest.mark.parametrize(
        ("address", "sentence"),
        [
            ("redis://127.0.0.1:1/0", "no Redis or Valkey answers"),
            ("localhost", "is not an address"),
        ],
    )
    def test_refuses_a_wrong_one(self, address: str, sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            check_redis(address)

    def test_refuses_a_wrong_password(self) -> None:
        port = make_url(os.environ["REDIS_URL"]).port
        with pytest.raises(Refusal, match="refuses the password"):
            check_redis(f"redis://:wrong@127.0.0.1:{port}/0")


def test_the_test_role_is_the_apps_own(address: str) -> None:
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        found = connection.execute(sql.SQL("select current_user")).fetchone()
    assert found == ("faraday_app",)
