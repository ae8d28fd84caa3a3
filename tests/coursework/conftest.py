import pytest

from faraday_app.coursework.service import changes
from tests.factories.classes import make_classroom, make_group


@pytest.fixture
async def room(cast):
    return await make_classroom(cast)


@pytest.fixture
async def group(room):
    return await make_group(room)


@pytest.fixture
def heard(monkeypatch):
    """The classes whose grades may have changed, one for each time it was said."""
    found = []

    async def hear(_session, class_id, _students):
        found.append(class_id)

    monkeypatch.setattr(changes, "CHANGES", [hear])
    return found
