import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from structlog.testing import capture_logs

from app.domain.chat.rules import CACHED_MESSAGES
from app.domain.chat.services import history
from app.domain.chat.services.announcing import announce_at_once
from app.domain.chat.services.messages import Messages
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB = 1, 2


async def test_what_is_announced_beside_the_inbox_is_gone_from_the_cache_too(
    conversation: int, sessions: Sessions, redis: "Redis"
) -> None:
    async with sessions.begin() as session:
        await session.execute(
            text(
                "INSERT INTO messages (conversation_id, seq, sender_id, client_id, fingerprint, content, sent_at) "
                "VALUES (:id, 1, 1, 'a', '', 'spam', now())"
            ),
            {"id": conversation},
        )
        await session.execute(text("UPDATE conversations SET last_seq = 1"))
    for source in ("database", "redis"):
        page = await history.latest(sessions, redis, conversation, ALICE, CACHED_MESSAGES)
        assert (page.source, page.messages[0].message) == (source, "spam")
    async with sessions.begin() as session:
        removed = await Messages(session=session).remove(conversation, 1, BOB)
    assert removed
    with capture_logs() as logs:
        await announce_at_once(Redis.from_url("unix:///nowhere.sock"), removed)
    assert [entry["log_level"] for entry in logs] == ["warning"], "Without Redis the act stands, and that is all"
    for _ in range(2):
        page = await history.latest(sessions, redis, conversation, ALICE, CACHED_MESSAGES)
        assert page.messages[0].deleted
        await announce_at_once(redis, removed)
