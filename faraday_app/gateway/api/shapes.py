"""Answers in OpenAI's shapes: one message, or chunks."""

import json
import time
from typing import Any
from uuid import UUID

from faraday_app.gateway import service as gateway

Json = dict[str, Any]


class Message:
    """The pieces of an answer, put together to one message."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._tools: dict[int, Json] = {}
        self._others: Json = {}
        self._logprobs: list[Any] = []
        self.finish = ""

    def add(self, piece: gateway.Piece) -> None:
        if piece.text:
            self._texts.append(piece.text)
        if piece.logprobs:
            self._logprobs += piece.logprobs.get("content") or []
        for name, value in (piece.delta or {}).items():
            if name == "tool_calls" and isinstance(value, list):
                self._add_tools(value)
            else:
                self._others[name] = _merged(self._others.get(name), value)
        self.finish = self.finish or piece.finish

    def choice(self) -> Json:
        text = "".join(self._texts)
        message: Json = {"role": "assistant", "content": text or (None if self._tools else ""), "refusal": None}
        message |= self._others
        if self._tools:
            message["tool_calls"] = [self._tools[place] for place in sorted(self._tools)]
        logprobs = {"content": self._logprobs, "refusal": None} if self._logprobs else None
        return {"index": 0, "message": message, "logprobs": logprobs, "finish_reason": self.finish or "stop"}

    def _add_tools(self, calls: list[Any]) -> None:
        """Each call comes in parts that name their place; its arguments are one text."""
        for part in (each for each in calls if isinstance(each, dict)):
            place = part.get("index")
            place = place if isinstance(place, int) else len(self._tools)
            known = self._tools.setdefault(place, {"id": "", "type": "function", "function": {}})
            known["id"] = known["id"] or part.get("id") or ""
            told = part.get("function")
            for name, value in told.items() if isinstance(told, dict) else ():
                known["function"][name] = _merged(known["function"].get(name), value)


class Chunks:
    """The lines of a stream. What stays the same in each is made once."""

    def __init__(self, id: UUID, *, tells_usage: bool) -> None:
        self._id, self._created, self.tells_usage = completion_id(id), int(time.time()), tells_usage
        self._model, self._head, self._tail = "", "", ""

    def by(self, model: str) -> None:
        """Who answers from here on."""
        if model != self._model:
            self._model = model
            head = {
                "id": self._id,
                "object": "chat.completion.chunk",
                "created": self._created,
                "model": model,
                "system_fingerprint": None,
            }
            self._head = f"data: {json.dumps(head)[:-1]}, " + '"choices": [{"index": 0, "delta": '
            self._tail = ', "usage": null}\n\n' if self.tells_usage else "}\n\n"

    def first(self) -> bytes:
        return self._line('{"role": "assistant", "content": "", "refusal": null}')

    def of(self, piece: gateway.Piece) -> bytes:
        if piece.finish:
            return self._line("{}", json.dumps(piece.finish))
        if piece.delta is None and piece.logprobs is None:
            return self._line(f'{{"content": {json.dumps(piece.text)}}}')
        delta = {**({"content": piece.text} if piece.text else {}), **(piece.delta or {})}
        return self._line(json.dumps(delta), logprobs=json.dumps(piece.logprobs))

    def usage(self, receipt: gateway.Receipt) -> bytes:
        whole = {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._model,
            "choices": [],
            "usage": usage(receipt),
        }
        return f"data: {json.dumps(whole)}\n\n".encode()

    def _line(self, delta: str, finish: str = "null", logprobs: str = "null") -> bytes:
        choice = f'{delta}, "logprobs": {logprobs}, "finish_reason": {finish}}}]'
        return f"{self._head}{choice}{self._tail}".encode()


def completion(id: UUID, receipt: gateway.Receipt, message: Message) -> Json:
    return {
        "id": completion_id(id),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": answering(receipt),
        "choices": [message.choice()],
        "usage": usage(receipt),
        "system_fingerprint": None,
    }


def usage(receipt: gateway.Receipt) -> Json:
    """Of all who had a part in the answer."""
    prompt, answer = receipt.prompt_tokens, receipt.answer_tokens
    cached = sum(attempt.cached_tokens for attempt in receipt.attempts)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
        "prompt_tokens_details": {"cached_tokens": min(cached, prompt)},
    }


def answering(receipt: gateway.Receipt) -> str:
    """The model that answers, or answered last."""
    return receipt.last.model if receipt.last else receipt.asked.name


def completion_id(id: UUID) -> str:
    return f"chatcmpl-{id.hex}"


def _merged(known: Any, more: Any) -> Any:
    """Texts and lists grow; of anything else the last stands."""
    if isinstance(known, str) and isinstance(more, str):
        return known + more
    if isinstance(known, list) and isinstance(more, list):
        return known + more
    return known if more is None else more
