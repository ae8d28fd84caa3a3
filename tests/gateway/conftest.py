"""Workers go by the tables."""

import pytest

from faraday_app.gateway import service as gateway


@pytest.fixture(autouse=True)
def by_the_tables() -> None:
    gateway.install()
