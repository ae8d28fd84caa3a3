"""Whatever a stranger says to the socket, nothing happens that may not, and nothing of others is heard."""

from typing import Any

from faraday_app.core.permissions import Actor, Permission
from faraday_app.ui.guard import PUBLIC
from tests.factories.guarded import OURS, PRIVATE, SIGN_IN, School, arguments, handlers, permission
from tests.serving import Served
from tests.sockets import STATE, tab

REFUSALS = ("You may not do this.", SIGN_IN)
GARBAGE = [{"evil": [1]}, None, "\x00", -1, [[]], "x" * 5_000]


def _plausible(school: School, handler: str) -> dict[str, Any]:
    """What a page of the school's own teacher would send."""
    form = {"message": "Hello", "edited": "Hello", "title": "Taken", "amount": "5", "email": "x@test.example",
            "role": "administrator", "name": "Taken", "memo": "Taken", "scopes": "home:read", **school.ids}  # fmt: skip
    return {
        name: form if "form" in name or name == "data" else school.ids.get(name, school.ids["user_id"])
        for name in arguments(handler)
    }


def _payloads(school: School, handler: str, turn: int) -> list[Any]:
    names = arguments(handler) or ["unknown"]
    return [_plausible(school, handler), {name: GARBAGE[turn % len(GARBAGE)] for name in names}]


async def _try_everything(served: Served, school: School, actor: Actor | None) -> str:
    """Every handler with sense and nonsense, where it is not allowed: refused. All that was heard."""
    path = f"/assistant/{school.ids['context_id']}"
    async with tab(served.base, await school.cookie(actor) if actor else "") as stranger:
        await stranger.hydrate(path)
        for turn, handler in enumerate(handlers()):
            allowed = permission(handler)
            begin, payloads = len(stranger.frames), _payloads(school, handler, turn)
            answer = await stranger.asked(handler, *payloads, path=path)
            if allowed != PUBLIC and not (actor and allowed and actor.may(Permission(allowed))):
                refusals = sum(answer.count(words) for words in REFUSALS)
                assert refusals == len(payloads), f"{handler} was not refused: {answer[:300]}"
                assert actor or not stranger.changed(begin), handler
        await stranger.quiet()
        await stranger.hydrate(path)
        return "\n".join(stranger.frames)


class TestEveryHandler:
    async def test_is_refused_to_guests(self, served, school):
        heard = await _try_everything(served, school, None)
        assert PRIVATE not in heard
        assert OURS not in heard

    async def test_is_refused_to_students_beyond_their_rights(self, served, school):
        assert PRIVATE not in await _try_everything(served, school, school.cast.student)

    async def test_tells_a_teacher_of_another_organization_nothing(self, served, school):
        heard = await _try_everything(served, school, school.teacher_elsewhere)
        assert PRIVATE not in heard
        assert OURS not in heard

    async def test_that_nobody_declared_is_refused_to_administrators(self, served, school):
        async with tab(served.base, await school.cookie(school.cast.administrator)) as page:
            await page.hydrate()
            for name in ("setvar", "set_conversation", "set_id"):
                answer = await page.asked(f"{STATE}.{name}", {"var_name": "is_hydrated", "value": "x"})
                assert '"x"' not in answer

    def test_is_known_to_this_test(self):
        assert len(handlers()) > 30
        assert any(permission(handler) is None for handler in handlers()), "setvar is one"
