"""Reading what a provider sends, piece by piece, with a clock in hand."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from faraday_app.gateway.errors import Fault, ProviderFailure
from faraday_app.gateway.service import upstream
from faraday_app.gateway.service.receipts import Attempt, Receipt
from faraday_app.gateway.service.standing import Standing
from faraday_app.gateway.service.texts import Text
from faraday_app.gateway.service.tokens import Usage

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer. ``delta`` is the chunk's own, with calls of tools; ``switched``: somebody else goes on.

    ``logprobs`` of the text, where they were asked for.
    """

    text: str = ""
    delta: Json | None = None
    finish: str = ""
    switched: bool = False
    logprobs: Json | None = None


class Asking(Protocol):
    """What a listener needs to know of a call."""

    receipt: Receipt
    began: float
    standing: Standing


class Listener:
    """One attempt, from the request to its last chunk. What it learns goes into the receipt and the measures."""

    def __init__(self, call: Asking, attempt: Attempt, usage: Usage, text: Text) -> None:
        self._receipt, self._attempt, self._asked_at = call.receipt, attempt, call.began
        self._measures = call.standing.measures
        self._usage, self._text = usage, text
        self._began, self._first, self._finish = time.perf_counter(), 0.0, ""
        self._measures.began(attempt.deployment.id)
        if len(self._receipt.attempts) == 1:
            self._receipt.added_ms = (self._began - self._asked_at) * 1000

    def hear(self, chunk: Json) -> Iterator[Piece]:
        """What of a chunk can be passed on. ProviderFailure when it is an error in disguise."""
        if error := chunk.get("error"):
            raise upstream.failure_of_body(error)
        self._usage.read(chunk)
        choices = chunk.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            piece = _piece(choice)
            if piece.text or piece.delta:
                self._note_first()
            self._finish = self._finish or piece.finish
            self._usage.hear(piece.text or (str(piece.delta) if piece.delta else ""))
            text = self._text.feed(piece.text) if piece.text else ""
            if text or piece.delta:
                yield Piece(text, self._text.delta(piece.delta), logprobs=piece.logprobs)

    def hear_all(self, chunks: list[Json]) -> Iterator[Piece]:
        """Of chunks that came together: texts that follow each other are one piece, also before a failure."""
        text = ""
        try:
            for chunk in chunks:
                for piece in self.hear(chunk):
                    if piece.delta is None and piece.logprobs is None:
                        text += piece.text
                        continue
                    if text:
                        yield Piece(text)
                        text = ""
                    yield piece
        except ProviderFailure:
            if text:
                yield Piece(text)
            raise
        if text:
            yield Piece(text)

    def finish(self) -> Iterator[Piece]:
        """The end of the stream. ProviderFailure when it was none: whoever stops without saying so broke off."""
        if rest := self._text.rest():
            yield Piece(rest)
        if calls := self._text.rest_of_calls():
            yield Piece(delta=calls)
        if not self._finish:
            raise ProviderFailure(Fault.broken, "It stopped in the middle.")
        if self._finish == "content_filter" and not self._usage.heard:
            raise ProviderFailure(Fault.content_policy)
        yield Piece(finish=self._finish)

    def end(self, *, failed: bool) -> None:
        """However it ended: what it took and what it costs."""
        at, attempt = time.perf_counter(), self._attempt
        attempt.took_ms = (at - self._began) * 1000
        attempt.prompt_tokens, attempt.cached_tokens, attempt.answer_tokens = self._usage.counted(bool(self._first))
        seconds = at - self._first if self._first else 0.0
        self._measures.ended(attempt.deployment.id, failed=failed, tokens=attempt.answer_tokens, seconds=seconds)

    def _note_first(self) -> None:
        if self._first:
            return
        self._first = time.perf_counter()
        self._attempt.first_token_ms = (self._first - self._began) * 1000
        if self._receipt.first_token_ms is None:
            self._receipt.first_token_ms = (self._first - self._asked_at) * 1000
        self._measures.first_token(self._attempt.deployment.id, self._first - self._began)


class WholeListener(Listener):
    """For what comes in one piece."""

    def hear(self, chunk: Json) -> Iterator[Piece]:
        self._usage.read(chunk)
        self._note_first()
        yield Piece(delta=chunk)

    def finish(self) -> Iterator[Piece]:
        return iter(())


def _piece(choice: Any) -> Piece:
    delta = choice.get("delta") or {} if isinstance(choice, dict) else None
    if not isinstance(delta, dict):
        raise ProviderFailure(Fault.broken, "It sent something that is no chunk.")
    text = delta.get("content") or ""
    if not isinstance(text, str):
        raise ProviderFailure(Fault.broken, "It sent something that is no chunk.")
    others = {name: value for name, value in delta.items() if name not in ("content", "role") and value}
    logprobs = choice.get("logprobs")
    finish = str(choice.get("finish_reason") or "")
    return Piece(text, others or None, finish, logprobs=logprobs if isinstance(logprobs, dict) else None)
