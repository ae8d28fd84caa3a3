"""What pieces of work have in common, over HTTP."""

from tests.factories.api import is_problem
from tests.factories.classes import make_assignment, make_classroom, make_group
from tests.factories.essays import PARAGRAPH, WAR
from tests.factories.people import make_cast
from tests.factories.similarity import COPY, ORIGINAL, compare_all, hand_in


async def test_is_read_by_the_classs_teachers_alone(as_):
    room = await make_classroom(await make_cast())
    work = await make_assignment(room, await make_group(room), "Bees")
    await hand_in(work, room.elif_, ORIGINAL)
    await hand_in(work, room.emre, COPY)
    await hand_in(work, room.amina, f"{WAR[2]}\n\n{PARAGRAPH[:200]}")
    await compare_all()
    path = f"/assignments/{work.id}/similarity"
    teacher = await as_(room.teacher)
    found = (await teacher.get(path)).json()
    assert (found["texts"], found["waiting"], found["common_share"]) == (3, False, 30)
    pages = []
    cursor = ""
    while cursor is not None:
        page = (await teacher.get(f"{path}/pairs", params={"limit": 1, "cursor": cursor})).json()
        pages += page["items"]
        cursor = page["next"]
    assert len(pages) == found["pairs"] == len({each["id"] for each in pages})
    beside = (await teacher.get(f"/similarity/pairs/{pages[0]['id']}")).json()
    assert "".join(part["text"] for part in beside["left"]["parts"]) == ORIGINAL.strip()
    assert "alike: " in beside["description"]
    for person, status in ((room.elif_, 403), (room.nadir, 403), (room.cast.aide, 403), (room.cast.stranger, 404)):
        client = await as_(person)
        for each in (path, f"{path}/pairs", f"/similarity/pairs/{pages[0]['id']}"):
            assert is_problem(await client.get(each), status)
    assert is_problem(await teacher.get(f"{path}/pairs", params={"cursor": "W10"}), 422, "cursor")
