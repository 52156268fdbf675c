"""Who of a conversation is here, looked up once for all who ask."""

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tests.domain.presence.conftest import OpenProcess

from app.domain.presence.services.crowds import Crowds
from app.domain.presence.services.roll import Roll
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def test_many_who_ask_at_once_get_one_look(
    conversation: int, roll: Roll, sessions: Sessions, process: OpenProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, crowds = process(), Crowds(roll, sessions)
    here.come("phone", 2)
    await here.report()
    answers = await asyncio.gather(*(crowds.of(conversation) for _ in range(20)))
    assert [(one.user_id, one.state) for one in answers[0]] == [(2, "online")]
    assert all(answer is answers[0] for answer in answers)
    here.come("phone", 1)
    await here.report()
    assert await crowds.of(conversation) is answers[0]
    monkeypatch.setattr("app.domain.presence.services.crowds.KEPT_SECONDS", 0)
    assert [one.user_id for one in await crowds.of(conversation)] == [1, 2]


async def test_a_look_that_failed_is_not_kept(
    conversation: int, roll: Roll, sessions: Sessions, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with Redis.from_url(f"unix://{tmp_path_factory.mktemp('nothing') / 'here.sock'}") as nowhere:
        crowds = Crowds(Roll(nowhere), sessions)
        for _ in range(2):
            with pytest.raises((RedisError, OSError)):
                await crowds.of(conversation)
