"""Workers struck at the worst moments, one by one: killed or frozen right before and right after their commit."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from tests.faults.struck_worker import OUTAGE, Moment

from app.domain.chat.schemas.entries import Draft
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services import sending
from app.inbox import streams
from app.inbox.accept import Inbox
from app.inbox.streams import Kind
from app.resources import STALLED_TRANSACTION_MS, Resources, Sessions, running
from app.settings import environment_with
from app.workers.drains import open_drains, sweep

pytestmark = pytest.mark.anyio
ALICE = 1
MESSAGES = 20


@asynccontextmanager
async def struck(
    resources: Resources, moment: Moment, blow: signal.Signals, key: int, kind: Kind = "chat"
) -> AsyncIterator[Process]:
    """A worker that has begun to drain the partition of a conversation, or of a player."""
    settings = resources.settings
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.struck_worker",
        moment,
        blow.name,
        kind,
        str(streams.partition_of(key)),
        env=environment_with(
            DATABASE_URL=settings.database_url,
            REDIS_URL=settings.redis_url,
            SECRET_KEY=settings.secret_key.get_secret_value(),
        ),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def send(inbox: Inbox, conversation: int) -> "list[asyncio.Future[bytes]]":
    drafts = [Draft(conversation, ALICE, f"id-{n}", f"message {n}") for n in range(1, MESSAGES + 1)]
    return [await sending.send(inbox, draft, throttle_ms=0) for draft in drafts]


async def stored(sessions: Sessions) -> Sequence[tuple[int, str]]:
    async with sessions() as session:
        rows = await session.execute(text("SELECT seq, client_id FROM messages ORDER BY seq"))
        return [(row.seq, row.client_id) for row in rows]


ALL_ONCE = [(n, f"id-{n}") for n in range(1, MESSAGES + 1)]


async def acknowledged(futures: "list[asyncio.Future[bytes]]") -> list[tuple[int, str]]:
    async with asyncio.timeout(10):
        frames = [msgspec.json.decode(await future, type=MessageFrame) for future in futures]
    return [(frame.message_id, frame.client_id) for frame in frames]


@pytest.mark.parametrize(("moment", "left_behind"), [("before its commit", []), ("after its commit", ALL_ONCE)])
async def test_a_worker_killed_around_its_commit_neither_loses_nor_doubles(
    inbox: Inbox,
    conversation: int,
    resources: Resources,
    redis: "Redis",
    moment: Moment,
    left_behind: list[tuple[int, str]],
) -> None:
    """Nothing is acknowledged when it dies. The next one stores what is missing, doubles nothing, acknowledges all."""
    futures = await send(inbox, conversation)
    async with struck(resources, moment, signal.SIGKILL, conversation) as worker:
        assert await worker.wait() == -signal.SIGKILL
    assert await stored(resources.sessions) == left_behind
    assert not any(future.done() for future in futures)
    async with running(sweep(open_drains(resources).values())):
        assert await acknowledged(futures) == ALL_ONCE
    assert await stored(resources.sessions) == ALL_ONCE
    assert await redis.xlen(streams.stream("chat", streams.partition_of(conversation))) == 0


async def test_a_worker_frozen_before_its_commit_is_taken_over_and_stores_nothing_when_it_wakes(
    inbox: Inbox, conversation: int, resources: Resources
) -> None:
    futures = await send(inbox, conversation)
    async with struck(resources, "before its commit", signal.SIGSTOP, conversation) as worker:
        await until_frozen(worker)
        async with running(sweep(open_drains(resources).values())):
            await asyncio.sleep(STALLED_TRANSACTION_MS / 1000 - 1)
            assert not any(future.done() for future in futures), "its lock was not respected"
            assert await acknowledged(futures) == ALL_ONCE
        worker.send_signal(signal.SIGCONT)
        assert await worker.wait() == OUTAGE
    assert await stored(resources.sessions) == ALL_ONCE


async def test_a_worker_frozen_after_its_commit_repeats_what_its_twin_has_announced_and_harms_nobody(
    inbox: Inbox, conversation: int, resources: Resources, redis: "Redis"
) -> None:
    futures = await send(inbox, conversation)
    async with struck(resources, "after its commit", signal.SIGSTOP, conversation) as worker:
        await until_frozen(worker)
        async with running(sweep(open_drains(resources).values())):
            assert await acknowledged(futures) == ALL_ONCE
            later = await sending.send(inbox, Draft(conversation, ALICE, "later", "later"), throttle_ms=0)
            assert await acknowledged([later]) == [(MESSAGES + 1, "later")]
        worker.send_signal(signal.SIGCONT)
        assert await worker.wait() == 0
    assert await stored(resources.sessions) == [*ALL_ONCE, (MESSAGES + 1, "later")]


def state_of(pid: int) -> str:
    """R, S, T for stopped, and others: the field after the name in /proc/PID/stat (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def until_frozen(worker: Process) -> None:
    async with asyncio.timeout(20):
        while state_of(worker.pid) != "T":
            await asyncio.sleep(0.02)
