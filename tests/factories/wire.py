"""The network between a browser and Faraday, as a SOCKS proxy: it can be pulled out and put back."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_GREETING, _NAME, _IPV4 = b"\x05\x00", 3, 1
_CONNECTED = b"\x05\x00\x00\x01" + bytes(6)


@dataclass
class Wire:
    """``pull`` cuts every connection and refuses new ones; open sockets are no exception, as with a real cable."""

    loop: asyncio.AbstractEventLoop
    port: int = 0
    out: bool = False
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def proxy(self) -> dict[str, str]:
        return {"server": f"socks5://127.0.0.1:{self.port}"}

    def pull(self) -> None:
        self.out = True
        self.loop.call_soon_threadsafe(self._cut)

    def put_back(self) -> None:
        self.out = False

    def _cut(self) -> None:
        for writer in self.writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            if not self.out:
                await self._pass_on(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(_GREETING)
        *_, kind = await reader.readexactly(4)
        length = (await reader.readexactly(1))[0] if kind == _NAME else 4 if kind == _IPV4 else 16
        await reader.readexactly(length)  # whatever it is called: all of it is on loopback
        (port,) = struct.unpack("!H", await reader.readexactly(2))
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        self.writers.add(far_writer)
        writer.write(_CONNECTED)
        try:
            await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        finally:
            self.writers.discard(far_writer)
            far_writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while piece := await source.read(65_536):
        target.write(piece)
        await target.drain()
    with contextlib.suppress(OSError):
        target.write_eof()


@asynccontextmanager
async def open_wire() -> AsyncIterator[Wire]:
    wire = Wire(asyncio.get_running_loop())
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    try:
        yield wire
    finally:
        server.close()
        wire._cut()
