"""A socket's queue: in order, bounded, and never in anybody else's way."""

import asyncio

import pytest

from app.hub.outbox import CLOSE_NORMAL, CLOSE_TOO_SLOW, QUEUE_CHARACTERS, Outbox, SocketClosed

pytestmark = pytest.mark.anyio
FRAME = "x" * 1024


class Reader:
    """The far end of a socket. Reads until `stuck` is set; then it is as a client that has stopped reading."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.closed: tuple[int, str] | None = None
        self.reading = asyncio.Event()
        self.reading.set()
        self.outbox = Outbox(1, self._receive, self._close)

    async def _receive(self, frame: str) -> None:
        await self.reading.wait()
        self.frames.append(frame)

    async def _close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)


async def until(condition: object) -> None:
    async with asyncio.timeout(2):
        while not condition():  # type: ignore[operator]  # A lambda.
            await asyncio.sleep(0.001)


async def test_frames_leave_in_the_order_in_which_they_were_offered() -> None:
    reader = Reader()
    async with reader.outbox.sending():
        for n in range(1000):
            reader.outbox.offer(str(n))
        await until(lambda: len(reader.frames) == 1000)
    assert reader.frames == [str(n) for n in range(1000)]
    assert reader.closed == (CLOSE_NORMAL, "")


async def test_a_reader_that_falls_too_far_behind_is_closed_with_a_code_that_says_so() -> None:
    reader = Reader()
    reader.reading.clear()
    async with reader.outbox.sending():
        for _ in range(QUEUE_CHARACTERS // len(FRAME) + 2):
            reader.outbox.offer(FRAME)
        await until(lambda: reader.closed)
    assert reader.closed is not None
    assert reader.closed[0] == CLOSE_TOO_SLOW


async def test_history_waits_for_a_slow_reader_instead_of_closing_it() -> None:
    reader = Reader()
    reader.reading.clear()
    frames = 3 * QUEUE_CHARACTERS // len(FRAME)

    async def put_all() -> None:
        for _ in range(frames):
            await reader.outbox.put(FRAME)

    async with reader.outbox.sending():
        putting = asyncio.create_task(put_all())
        await asyncio.sleep(0.05)
        assert not putting.done()
        reader.reading.set()
        await putting
        await until(lambda: len(reader.frames) == frames)


async def test_nobody_waits_for_room_on_a_closed_socket() -> None:
    reader = Reader()
    reader.reading.clear()
    async with reader.outbox.sending():
        for _ in range(QUEUE_CHARACTERS // len(FRAME) // 2 + 1):
            reader.outbox.offer(FRAME)
        putting = asyncio.create_task(reader.outbox.put(FRAME))
        await asyncio.sleep(0.01)
        reader.outbox.close(4401, "ended")
        with pytest.raises(SocketClosed):
            await putting
    assert reader.closed == (4401, "ended")


async def test_what_a_gone_client_cannot_take_is_dropped() -> None:
    async def broken(_: str) -> None:
        raise ConnectionError

    async def close(_code: int, _reason: str) -> None:
        raise RuntimeError

    outbox = Outbox(1, broken, close)
    async with outbox.sending():
        outbox.offer("lost")
        await asyncio.sleep(0.01)
        with pytest.raises(SocketClosed):
            await outbox.put("lost as well")
