import pytest

from faraday_app.gateway import service as gateway


@pytest.fixture(autouse=True, scope="session")
def tables() -> None:
    """This process goes by the tables, as a worker does."""
    gateway.install()
