"""Ask, and have the answer at its end or as it comes."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from faraday_app.contexts.api.schemas import AnswerOut, Question, answer_out
from faraday_app.contexts.engine import engine
from faraday_app.contexts.service import runs
from faraday_app.contexts.service.answers import Answer, follow, get_answer
from faraday_app.core.database import transaction
from faraday_app.core.errors import FaradayError
from faraday_app.core.http import Problem, signed_in
from faraday_app.core.http.access import recognise
from faraday_app.core.http.description import problems
from faraday_app.core.http.fields import OptionalIdempotencyKey
from faraday_app.core.permissions import Actor, Permission

router = APIRouter(prefix="/conversations", tags=["conversations"])
Person = Annotated[Actor, Depends(signed_in(Permission.assistant_use))]
Seen = Annotated[
    int,
    Header(alias="Last-Event-ID", ge=0, le=2**31 - 1, description="The id of the last event that arrived."),
]

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
_EXAMPLE = (
    'event: delta\nid: 14\ndata: {"text":"Photosynthesis"}\n\n'
    'event: done\ndata: {"status":"complete","text":"Photosynthesis","answer_tokens":4,"cost":86000}\n\n'
)
_EVENT = {
    "type": "object",
    "properties": {
        "event": {"enum": ["started", "delta", "done", "problem"]},
        "id": {"type": "string"},
        "data": {"type": "string"},
    },
    "required": ["event", "data"],
}
_STREAM: dict[str, Any] = {"text/event-stream": {"schema": _EVENT, "example": _EXAMPLE}}


@router.post(
    "/{conversation_id}/messages",
    summary="Ask",
    description="Waits for the whole answer, or with `stream` sends it as it comes:\n" + ABOUT_EVENTS,
    response_model=AnswerOut,
    responses={200: {"content": _STREAM}, **problems(402, 404, 409, 422)},
)
async def ask(
    request: Request, actor: Person, conversation_id: UUID, question: Question, key: OptionalIdempotencyKey = None
) -> AnswerOut | StreamingResponse:
    async with transaction(actor) as session:
        run = await runs.ask(session, actor, conversation_id, question.message, key)
        answer = await get_answer(session, actor, conversation_id, run.id)
    engine.launch(run)
    following = _Following(request, actor, answer)
    return following.streamed() if question.stream else answer_out(await following.end())


@router.get("/{conversation_id}/runs/{run_id}", summary="Get an answer", responses=problems(404, 422))
async def get_run(actor: Person, conversation_id: UUID, run_id: UUID) -> AnswerOut:
    """While it is being written, `status` is `running` and `text` empty."""
    async with transaction(actor) as session:
        return answer_out(await get_answer(session, actor, conversation_id, run_id))


@router.get(
    "/{conversation_id}/runs/{run_id}/events",
    summary="Follow an answer",
    description="From its beginning, or from where another stream broke off.\n" + ABOUT_EVENTS,
    response_class=StreamingResponse,
    responses={200: {"content": _STREAM}, **problems(404, 422)},
)
async def follow_run(
    request: Request, actor: Person, conversation_id: UUID, run_id: UUID, seen: Seen = 0
) -> StreamingResponse:
    async with transaction(actor) as session:
        answer = await get_answer(session, actor, conversation_id, run_id)
    return _Following(request, actor, answer).streamed(seen)


@router.post("/{conversation_id}/stop", status_code=204, summary="Stop the answer", responses=problems(404, 422))
async def stop(actor: Person, conversation_id: UUID) -> None:
    """What has come is kept and paid for. Without an answer being written nothing happens."""
    async with transaction(actor) as session:
        await runs.stop(session, actor, conversation_id)


class _Following:
    """One caller and the answer they follow, for as long as they may."""

    def __init__(self, request: Request, actor: Actor, answer: Answer) -> None:
        self._request, self._actor, self._answer = request, actor, answer

    async def end(self) -> Answer:
        """The finished answer."""
        async for step in follow(self._actor, self._answer, self._look):
            if isinstance(step, Answer):
                return step
        raise AssertionError("an answer ends")

    def streamed(self, seen: int = 0) -> StreamingResponse:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(seen), media_type="text/event-stream", headers=headers)

    async def _look(self) -> Answer:
        run = self._answer.run
        actor = await recognise(self._request, Permission.assistant_use)
        async with transaction(actor) as session:
            return await get_answer(session, actor, run.context_id, run.id)

    async def _events(self, seen: int) -> AsyncIterator[str]:
        if not seen:
            fields = {"run_id", "conversation_id", "id", "question_id"}
            yield _event("started", answer_out(self._answer).model_dump_json(include=fields))
        try:
            async for step in follow(self._actor, self._answer, self._look, seen):
                if isinstance(step, Answer):
                    yield _event("done", answer_out(step).model_dump_json())
                elif step.text:
                    yield _event("delta", Delta(text=step.text).model_dump_json(), step.end)
                else:
                    yield ": still here\n\n"
        except FaradayError as error:
            problem = Problem(title=error.title, status=int(error.status), detail=error.message)
            yield _event("problem", problem.model_dump_json(exclude_none=True))


class Delta(BaseModel):
    text: str


def _event(kind: str, data: str, id: int | None = None) -> str:
    """JSON has no line breaks of its own: one data line is enough."""
    return f"event: {kind}\n" + (f"id: {id}\n" if id is not None else "") + f"data: {data}\n\n"
