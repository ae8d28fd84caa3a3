"""Who reads what of reviews that students write of each other's work: role × relationship × moment × names."""

import pytest

from faraday_app.core.database import transaction
from faraday_app.core.errors import NotFound, NotPermitted
from faraday_app.coursework.service import overview, peers
from tests.factories.coursework import do
from tests.factories.peers import make_reviewed, say, task_of

# Of Emre's review of Elif's work: what each learns. "text": her work, as it is given to be reviewed; "task": that
# there is such a review to write; "said": its words; "by": who wrote it, beside its words; "who": who reviews whom.
READS: dict[str, dict[str, set[str]]] = {
    "teacher": {"written": {"said", "who"}, "released": {"said", "who"}},
    "aide": {"written": {"said", "who"}, "released": {"said", "who"}},
    "administrator": {"written": {"said", "who"}, "released": {"said", "who"}},
    "reviewer": {"written": {"task", "text", "of"}, "released": {"task", "text", "of"}},
    "author": {"written": set(), "released": {"said", "by"}},
    "another student": {"written": set(), "released": set()},
    "parent of both": {"written": {"task"}, "released": {"task", "said"}},
    "another parent": {"written": set(), "released": set()},
    "teacher of nothing here": {"written": set(), "released": set()},
    "another school's": {"written": set(), "released": set()},
}
NAMES = {"by", "of"}


class TestMatrix:
    @pytest.mark.parametrize("anonymous", [False, True], ids=["named", "anonymous"])
    async def test_is_what_each_reads(self, cast, room, anonymous):
        work = await make_reviewed(room, given_out=False, by_lot=False, anonymous=anonymous)
        id = await do(room.teacher, peers.give, work.id, room.emre.user, room.elif_.user)
        await say(room.emre, await task_of(work, room.emre), "Well argued.")
        actors = {
            "teacher": room.teacher,
            "aide": cast.aide,
            "administrator": cast.administrator,
            "reviewer": room.emre,
            "author": room.elif_,
            "another student": room.amina,
            "parent of both": room.nadir,
            "another parent": room.karim,
            "teacher of nothing here": cast.colleague,
            "another school's": cast.stranger,
        }
        assert set(actors) == set(READS)
        for moment in ("written", "released"):
            if moment == "released":
                await do(room.teacher, peers.release, work.id)
            found = {name: await self.learnt(actor, room, work, id) for name, actor in actors.items()}
            hidden = NAMES if anonymous else set()
            assert found == {name: READS[name][moment] - hidden for name in actors}

    async def learnt(self, actor, room, work, review_id) -> set[str]:
        found = set()
        async with transaction(actor) as session:
            for what, read in (
                ("tasks", lambda: peers.tasks(session, actor, work.id)),
                ("due", lambda: self.due(session, actor, room)),
                ("received", lambda: peers.received(session, actor, work.id)),
                ("overview", lambda: peers.overview(session, actor, work.id)),
                ("look", lambda: peers.look(session, actor, review_id)),
                ("desk", lambda: peers.sit_down(session, actor, review_id)),
            ):
                try:
                    found |= self.fields(what, await read())
                except (NotFound, NotPermitted):
                    continue
        return found

    async def due(self, session, actor, room) -> list:
        return [
            each
            for student, _ in await overview.learners(session, actor)
            for each in await peers.due_for(session, actor, student)
        ]

    def fields(self, what, read) -> set[str]:
        match what:
            case "tasks" | "due":
                named = {"of"} if any("Elif" in each.of for each in read) else set()
                return {"task"} | named if read else set()
            case "received":
                named = {"by"} if any("Emre" in each.by for each in read) else set()
                return {"said"} | named if any(each.words.comment == "Well argued." for each in read) else set()
            case "overview":
                return (
                    {"who"}
                    if any((each.reviewer, each.author) == ("Emre Kaya", "Elif Kaya") for each in read.given)
                    else set()
                )
            case "look":
                return {"said"} if read[2].comment == "Well argued." else set()
            case _:
                return {"text"} if "The essay of" in read.text else set()
