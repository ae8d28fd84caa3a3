"""A provider that answers at once: both gateways are measured in front of it. As a program, on the port it is given.

A name like ``paced-50`` has it send 50 tokens a second instead, each with the time at which it was sent.
"""

import asyncio
import json
import re
import sys
import time

WORDS = [f"word{number} " for number in range(16)]
USAGE = {"prompt_tokens": 12, "completion_tokens": len(WORDS), "total_tokens": 12 + len(WORDS)}
_STREAMS = re.compile(rb'"stream":\s*true')
_PACED = re.compile(rb'"model":\s*"paced-(\d+)-(\d+)"')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


def _chunk(delta: dict[str, str], finish: str | None = None, **more: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    whole = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "stub", "choices": [choice]}
    return f"data: {json.dumps({**whole, **more})}\n\n".encode()


def _whole() -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": "".join(WORDS)}, "finish_reason": "stop"}
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "stub"}
    return json.dumps({**answer, "choices": [choice], "usage": USAGE}).encode()


def _end(usage: dict[str, int]) -> bytes:
    return _chunk({}, "stop") + _chunk({}, None, choices=[], usage=usage) + b"data: [DONE]\n\n"


def _response(kind: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


WHOLE = _response("application/json", _whole())
STREAM = _response("text/event-stream", b"".join(_chunk({"content": word}) for word in WORDS) + _end(USAGE))


class Stub(asyncio.Protocol):
    def __init__(self) -> None:
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (at := self._read.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._read, 0, at)
            end = at + 4 + (int(found[1]) if found else 0)
            if len(self._read) < end:
                return
            body, self._read = self._read[at + 4 : end], self._read[end:]
            if paced := _PACED.search(body):
                self._pacing = asyncio.create_task(self._pace(int(paced[1]), int(paced[2])))
            else:
                self._transport.write(STREAM if _STREAMS.search(body) else WHOLE)

    async def _pace(self, rate: int, count: int) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        self._transport.write(head)
        begun = time.monotonic()
        for number in range(count):
            await asyncio.sleep(max(begun + number / rate - time.monotonic(), 0))
            self._send(_chunk({"content": f"{number}@{time.monotonic():.4f} "}))
        self._send(_end({"prompt_tokens": 12, "completion_tokens": count, "total_tokens": 12 + count}))
        self._transport.write(b"0\r\n\r\n")

    def _send(self, data: bytes) -> None:
        self._transport.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
