"""A network cable to a server, that can be pulled out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Self
from urllib.parse import urlsplit

CHUNK = 64 * 1024


class Cable:
    """Listens at `url`, and passes on what it hears."""

    def __init__(self, far: tuple[str, int]) -> None:
        self._far = far
        self._server: asyncio.Server | None = None
        self._port = 0
        self._strands: set[asyncio.Task[None]] = set()
        self._answers = asyncio.Event()
        self._answers.set()
        self.lines = 0
        """Connections, ever."""

    @classmethod
    @asynccontextmanager
    async def laid(cls, base_url: str) -> AsyncIterator[Self]:
        far = urlsplit(base_url)
        cable = cls((far.hostname or "", far.port or 0))
        await cable.mend()
        try:
            yield cable
        finally:
            await cable.cut()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def cut(self) -> None:
        """Every connection ends, without a word, and no other one is taken."""
        if self._server:
            self._server.close()
            self._server = None
        await self.break_lines()

    async def break_lines(self) -> None:
        """The same for the connections there are; another one may be made at once."""
        for strand in self._strands:
            strand.cancel()
        if self._strands:
            await asyncio.wait(self._strands)

    async def mend(self) -> None:
        self._answers.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._connect, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    def swallow_answers(self) -> None:
        """What the server says gets lost, until the cable is mended; what is said to it arrives."""
        self._answers.clear()

    async def _connect(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        strand = asyncio.current_task()
        assert strand
        self._strands.add(strand)
        self.lines += 1
        far, far_out = await asyncio.open_connection(*self._far)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(near, far_out))
                both.create_task(self._pass(far, near_out, self._answers))
        except* (OSError, asyncio.CancelledError):
            pass
        finally:
            self._strands.discard(strand)
            for end in (near_out, far_out):
                with suppress(OSError):
                    end.transport.abort()

    async def _pass(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, while_set: asyncio.Event | None = None
    ) -> None:
        while data := await source.read(CHUNK):
            if while_set is None or while_set.is_set():
                sink.write(data)
                await sink.drain()
        sink.close()
