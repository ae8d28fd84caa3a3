"""Following answers over HTTP: to their end, or as server-sent events."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from faraday_app.contexts.api.schemas import AnswerOut, TogetherOut, answer_out, part_out, together_out
from faraday_app.contexts.service import lanes, together
from faraday_app.contexts.service.answers import Answer, follow, get_answer
from faraday_app.contexts.service.lanes import Lanes
from faraday_app.contexts.service.together import Began, Came, Ended
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.http import Problem
from faraday_app.core.http.access import recognise
from faraday_app.core.permissions import Actor, Permission

STILL_HERE = ": still here\n\n"

ABOUT_EVENTS = """
| event | data |
|---|---|
| `started` | `{run_id, conversation_id, id, question_id}` |
| `delta` | `{text}`: what has come since the last one; the event's `id` is where it ends |
| `done` | the finished answer as JSON, with its whole text, tokens and cost |
| `problem` | a problem document: the stream ends because the answer may not be seen any more |

A stream that breaks off can be taken up again at `…/runs/{run_id}/events` with the last `id` as `Last-Event-ID`;
nothing is lost or repeated. The answer is written to its end whether or not anybody follows it.
"""
ABOUT_PARTS = """
| event | data |
|---|---|
| `started` | the question to several GPTs with the parts that there are, as JSON |
| `part` | a part that begins: `{id, lane, step, part, gpt_id, name, run_id, …}` |
| `delta` | `{id, lane, text}`: what has come of that part since the last one |
| `part_done` | the finished part, with its whole text, tokens and cost |
| `done` | all of it, finished: `shown_id` is the part that the conversation goes on from |
| `problem` | a problem document: the stream ends because the answers may not be seen any more |

A stream that breaks off is taken up again at `…/together/{orchestration_id}/events`, which begins each part anew; one
part alone can be followed at `…/runs/{run_id}/events`.
"""
_EXAMPLE = (
    'event: delta\nid: 14\ndata: {"text":"Photosynthesis"}\n\n'
    'event: done\ndata: {"status":"complete","text":"Photosynthesis","answer_tokens":4,"cost":86000}\n\n'
)
_EVENT = {
    "type": "object",
    "properties": {
        "event": {"enum": ["started", "part", "delta", "part_done", "done", "problem"]},
        "id": {"type": "string"},
        "data": {"type": "string"},
    },
    "required": ["event", "data"],
}
STREAM: dict[str, Any] = {"text/event-stream": {"schema": _EVENT, "example": _EXAMPLE}}


class Delta(BaseModel):
    text: str


class Following:
    """One caller and the answer they follow, for as long as they may."""

    def __init__(self, request: Request, actor: Actor, answer: Answer) -> None:
        self._request, self._actor, self._answer = request, actor, answer

    async def end(self) -> AnswerOut:
        """The finished answer."""
        async for step in follow(self._actor, self._answer, self._look):
            if isinstance(step, Answer):
                return answer_out(step)
        raise AssertionError("an answer ends")

    def streamed(self, seen: int = 0) -> StreamingResponse:
        return _streamed(self._events(seen))

    async def _look(self) -> Answer:
        run = self._answer.run
        actor = await recognise(self._request, Permission.assistant_use)
        async with transaction(actor) as session:
            return await get_answer(session, actor, run.context_id, run.id)

    async def _events(self, seen: int) -> AsyncIterator[str]:
        if not seen:
            fields = {"run_id", "conversation_id", "id", "question_id"}
            yield _event("started", answer_out(self._answer).model_dump_json(include=fields))
        async for step in follow(self._actor, self._answer, self._look, seen):
            if isinstance(step, Answer):
                yield _event("done", answer_out(step).model_dump_json())
            elif step.text:
                yield _event("delta", Delta(text=step.text).model_dump_json(), step.end)
            else:
                yield STILL_HERE


class PartDelta(BaseModel):
    id: str
    lane: int
    text: str


class FollowingAll:
    """One caller and what several GPTs say, for as long as they may."""

    def __init__(self, request: Request, actor: Actor, found: Lanes) -> None:
        self._request, self._actor, self._found = request, actor, found

    async def end(self) -> TogetherOut:
        """All of it, when nothing more comes."""
        async for news in together.follow(self._actor, self._found, self._look):
            if isinstance(news, Lanes):
                return together_out(news)
        raise AssertionError("what several say ends")

    def streamed(self) -> StreamingResponse:
        return _streamed(self._events())

    async def _look(self) -> Lanes:
        actor = await recognise(self._request, Permission.assistant_use)
        async with transaction(actor) as session:
            return await lanes.read(session, actor, self._found.orchestration.id)

    async def _events(self) -> AsyncIterator[str]:
        yield _event("started", together_out(self._found).model_dump_json())
        async for news in together.follow(self._actor, self._found, self._look):
            match news:
                case Began(part, run_id):
                    yield _event("part", part_out(part, self._found, run_id).model_dump_json())
                case Came(part, text, _):
                    yield _event("delta", PartDelta(id=str(part.id), lane=part.lane, text=text).model_dump_json())
                case Ended(part):
                    yield _event("part_done", part_out(part, self._found).model_dump_json())
                case Lanes():
                    yield _event("done", together_out(news).model_dump_json())
                case _:
                    yield STILL_HERE


def _streamed(events: AsyncIterator[str]) -> StreamingResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_ending_well(events), media_type="text/event-stream", headers=headers)


async def _ending_well(events: AsyncIterator[str]) -> AsyncIterator[str]:
    """A refusal on the way is the last event."""
    try:
        async for event in events:
            yield event
    except FaradayError as error:
        problem = Problem(title=error.title, status=int(error.status), detail=error.message)
        yield _event("problem", problem.model_dump_json(exclude_none=True))


def _event(kind: str, data: str, id: int | None = None) -> str:
    """JSON has no line breaks of its own: one data line is enough."""
    return f"event: {kind}\n" + (f"id: {id}\n" if id is not None else "") + f"data: {data}\n\n"
