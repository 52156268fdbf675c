"""What staff see of the queues: what waits, since when, who is at work, what failed."""

import asyncio
from typing import Any

import httpx
import pytest
from litestar.testing import AsyncTestClient
from redis.asyncio import Redis
from sqlalchemy import text
from tests.conftest import Newcomer, Officer, Register

from app.asgi import create_app
from app.domain.accounts.standing import StaffRole
from app.inbox import streams
from app.inbox.accept import Inbox
from app.operation.inboxes import KINDS, read_inboxes
from app.operation.outboxes import Outbox, read_outboxes
from app.operation.queues import read_queues
from app.resources import Resources, Sessions
from app.workers.broker import open_broker
from app.workers.errands import FAILED_TASKS, LAST_FAILURES

pytestmark = pytest.mark.anyio


async def test_an_entry_that_waits_is_seen_in_its_partition_with_its_age(inbox: Inbox, redis: "Redis") -> None:
    waiting = await inbox.submit("chat", 3, b"an entry")
    await asyncio.sleep(0.05)

    seen = await read_inboxes(redis)

    waiting.cancel()
    (busy,) = [one for one in seen.partitions if one.waiting]
    assert (busy.kind, busy.partition, busy.waiting, busy.rung) == ("chat", streams.partition_of(3), 1, True)
    assert 0.04 < busy.oldest_seconds < 5
    assert len(seen.partitions) == len(KINDS) * streams.PARTITIONS


async def test_an_empty_redis_has_nothing_to_show(redis: "Redis", clean: None) -> None:
    seen = await read_inboxes(redis)
    assert not any(one.waiting or one.rung for one in seen.partitions)
    assert (seen.bells_waiting, seen.workers, seen.schedulers, seen.failures) == (0, [], [], [])
    assert seen.redis_bytes > 0


async def test_a_task_that_failed_is_told_with_its_last_error(resources: Resources, clean: None) -> None:
    broker = open_broker(resources.settings.redis_url)
    errands = broker.middlewares[0]
    message: Any = type("Message", (), {"task_name": "chat.forget", "labels": {}})
    result: Any = type("Result", (), {"is_err": True, "execution_time": 0.1, "error": ValueError("plk_0123456789")})
    for _ in range(2):
        errands.pre_execute(message)
        await errands.post_execute(message, result)  # type: ignore[misc]  # taskiq allows either kind
    await broker.shutdown()

    (failure,) = (await read_inboxes(resources.redis)).failures

    assert (failure.task, failure.times) == ("chat.forget", 2)
    assert failure.last_error == "ValueError('plk_…')"
    assert await resources.redis.hlen(FAILED_TASKS) == await resources.redis.hlen(LAST_FAILURES) == 1


async def test_what_waits_in_postgresql_is_counted_by_what_it_is(sessions: Sessions, newcomer: Newcomer) -> None:
    await newcomer("alice")
    mail = "INSERT INTO outgoing_mail (recipient, subject, body, attempts) VALUES ('a@example.org', 's', 'b', :tried)"
    async with sessions.begin() as session:
        for tried in (0, 0, 2):
            await session.execute(text(mail), {"tried": tried})
        found = {one.name: one for one in await read_outboxes(session)}

    assert found.keys() == {"mail", "push", "webhook", "export", "erasure", "draw"}
    assert (found["mail"].waiting, found["mail"].retried, found["mail"].given_up) == (3, 1, 0)
    assert found["mail"].oldest_at is not None
    assert found["push"] == Outbox("push", 0, 0, 0, None)


async def test_what_does_not_answer_is_left_out(resources: Resources, clean: None) -> None:
    away = Redis.from_url("unix:///nowhere.sock")
    seen = await read_queues(Resources(resources.settings, resources.engine, resources.sessions, away))
    await away.aclose()
    assert seen.inboxes is None
    assert seen.outboxes


async def test_staff_read_the_queues_of_a_running_server(officer: Officer) -> None:
    staff = await officer("stefan", StaffRole.STAFF)
    answer = await staff.http.get("/api/staff/queues")
    queues = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (len(queues["inboxes"]["workers"]), len(queues["inboxes"]["schedulers"])) == (1, 1)
    assert queues["inboxes"]["redis_limit_bytes"] == 256 * 1024 * 1024


async def test_the_page_is_for_staff_and_runs_no_script_but_its_own(officer: Officer, player: Register) -> None:
    staff, somebody = await officer("stella", StaffRole.STAFF), await player("someone")
    for path, media_type in (
        ("/staff/queues", "text/html"),
        ("/staff/queues.js", "text/javascript"),
        ("/staff/queues.css", "text/css"),
    ):
        page = await staff.http.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith(media_type)
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert (await somebody.http.get(path)).status_code == 403
    html = (await staff.http.get("/staff/queues")).text
    assert "<script>" not in html
    assert "://" not in html


async def test_nobody_sees_the_page_without_logging_in(resources: Resources) -> None:
    async with AsyncTestClient(create_app(resources.settings)) as client:
        answer: httpx.Response = await client.get("/staff/queues")
    assert answer.status_code == 401
