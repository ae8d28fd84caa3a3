"""Calls of a chat, made with as little of this machine as can be: plain sockets that are kept open."""

import asyncio
import json
import time
from dataclasses import dataclass

from benchmarks.people import own_address


@dataclass(frozen=True)
class Caller:
    """One connection from an address of its own, with a key."""

    port: int
    key: str
    model: str
    number: int

    def request(self, **more: object) -> bytes:
        messages = [{"role": "user", "content": "Explain photosynthesis to a class of twelve-year-olds, in short."}]
        body = json.dumps({"model": self.model, "messages": messages, **more}).encode()
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\nauthorization: Bearer {self.key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=own_address(self.number))

    async def ask(self, until: float, every: float = 0.0, late: float = 0.0) -> list[float]:
        """Seconds of each call until the clock says so: one after another, or one ``every`` so many seconds."""
        reader, writer = await self.connect()
        request, samples, at = self.request(), [], time.perf_counter() + late
        try:
            while time.perf_counter() < until:
                if every:
                    await asyncio.sleep(max(at - time.perf_counter(), 0))
                    at += every
                begun = time.perf_counter()
                writer.write(request)
                await _answered(reader)
                samples.append(time.perf_counter() - begun)
        finally:
            writer.close()
        return samples

    async def follow(self) -> list[tuple[str, float]]:
        """The texts of a stream and when each came, by the clock that the stub goes by too. RuntimeError: refused."""
        reader, writer = await self.connect()
        writer.write(self.request(stream=True))
        found = []
        try:
            await _accepted(reader)
            while line := await reader.readline():
                if line.startswith(b"data: {"):
                    choices = json.loads(line[6:]).get("choices")
                    text = choices[0]["delta"].get("content") if choices else ""
                    if text:
                        found.append((text, time.monotonic()))
                elif line.startswith(b"data: [DONE]"):
                    break
        finally:
            writer.close()
        return found


async def _accepted(reader: asyncio.StreamReader) -> bytes:
    """The head of an answer that is one."""
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"Answered {head[:200]!r} {await reader.read(500)!r}")
    return head


async def _answered(reader: asyncio.StreamReader) -> None:
    lines = (await _accepted(reader)).lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
    if length is not None:
        await reader.readexactly(length)
        return
    while size := int((await reader.readline()).split(b";")[0], 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def load(callers: list[Caller], seconds: float) -> tuple[float, list[float]]:
    """All of them at once, each asking again as soon as it is answered: calls a second, and the seconds of each."""
    begun = time.perf_counter()
    found = await asyncio.gather(*(caller.ask(begun + seconds) for caller in callers))
    samples = [each for samples in found for each in samples]
    return len(samples) / (time.perf_counter() - begun), samples


async def paced(callers: list[Caller], seconds: float, per_second: float) -> list[float]:
    """So many calls a second, spread over the callers."""
    until, every = time.perf_counter() + seconds, len(callers) / per_second
    waits = (number * every / len(callers) for number in range(len(callers)))
    found = await asyncio.gather(*(caller.ask(until, every, late) for caller, late in zip(callers, waits, strict=True)))
    return [each for samples in found for each in samples]
