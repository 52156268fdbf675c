"""A card goes wherever its message goes, and nowhere else."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import msgspec
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from tests.clients import Player
from tests.conftest import Newcomer, Register, settings_for
from tests.domain.chat.played import play_card

from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Entry, Share
from app.domain.chat.schemas.events import EventFrame, MessageFrame
from app.domain.chat.services import history, own, recent
from app.domain.chat.services.announcing import announce
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.ledger import fingerprint
from app.domain.chat.services.messages import Messages
from app.domain.chat.services.veil import veiled_messages
from app.domain.chat.tasks import forget_what_is_due
from app.errors import AppError, IdempotencyConflict
from app.resources import Resources, Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB = 1, 2
CARD = play_card()


@pytest.fixture
async def group(newcomer: Newcomer, sessions: Sessions) -> int:
    for name in ("alice", "bob"):
        await newcomer(name)
    async with sessions.begin() as session:
        return (await Conversations(session=session).open_group(ALICE, [BOB], "Chess", joinable=False)).id


async def record(sessions: Sessions, *entries: Entry) -> list[EventFrame | AppError]:
    async with sessions.begin() as session:
        outcomes = await Messages(session=session).record([msgspec.msgpack.encode(entry) for entry in entries])
    return [outcome.refusal or outcome.fact for outcome in outcomes]  # type: ignore[misc]  # One of the two is there.


def shared(group: int, client_id: str = "s", card_of: int = 7, title: str = "Even or odd") -> Share:
    return Share(group, ALICE, client_id, "Look!", card=play_card(card_of, title))


async def test_history_events_cache_and_export_show_the_card_of_a_message(
    group: int, sessions: Sessions, redis: "Redis"
) -> None:
    (stored,) = await record(sessions, shared(group))
    assert isinstance(stored, MessageFrame)
    assert stored.card == CARD
    pipeline = redis.pipeline()
    announce(pipeline, [stored])
    await pipeline.execute()
    assert await recent.recall(redis, group, 1, 10) == [stored]
    assert (await history.events(sessions, group, BOB, 0, 10)).events == [stored]
    for page in (
        await history.latest(sessions, redis, group, BOB, 10),
        await history.later(sessions, group, BOB, 0, 1),
    ):
        assert [one.as_answer().card for one in page.messages] == [CARD]
    async with sessions() as session:
        (exported,) = await own.messages(session, ALICE, group, 0, 10)
    assert exported.card == CARD


async def test_sent_again_it_is_the_same_message_also_when_its_game_is_called_something_else_by_then(
    group: int, sessions: Sessions
) -> None:
    once, twice = await record(sessions, shared(group), shared(group, title="Odd or even"))
    (later,) = await record(sessions, shared(group, title="The number game"))
    assert once == twice == later


async def test_under_the_same_name_another_card_or_none_is_a_conflict(group: int, sessions: Sessions) -> None:
    await record(sessions, shared(group))
    refused = await record(sessions, shared(group, card_of=8), Draft(group, ALICE, "s", "Look!"))
    assert [type(one) for one in refused] == [IdempotencyConflict] * 2


def test_the_fingerprint_of_a_message_without_a_card_is_that_of_the_first_versions() -> None:
    """Else a resend from before would be taken for another message."""
    before = msgspec.msgpack.encode(("send", 1, ALICE, "a", "hello", None, []))
    assert fingerprint(Draft(1, ALICE, "a", "hello")) == blake2b(before, digest_size=8).digest()


async def test_an_edit_changes_the_text_and_leaves_the_card(group: int, sessions: Sessions) -> None:
    await record(sessions, shared(group), Edit(group, ALICE, "e", 1, "Look at this!"))
    async with sessions() as session:
        (message,) = await Messages(session=session).after(group, 0, 10)
    assert (message.message, message.card) == ("Look at this!", CARD)


async def test_a_deletion_takes_the_card_with_it(group: int, sessions: Sessions) -> None:
    await record(sessions, shared(group), Deletion(group, ALICE, "d", 1))
    async with sessions() as session:
        (message,) = await Messages(session=session).after(group, 0, 10)
        row = await session.scalar(text("SELECT m::text FROM messages m"))
    assert (message.deleted, message.card) == (True, None)
    assert "421" not in (row or "")


async def test_what_is_past_the_retention_has_no_card(group: int, resources: Resources) -> None:
    await record(resources.sessions, shared(group))
    kept = settings_for("postgresql://-", "redis://-", retention_days=30)
    later = datetime.now(UTC) + timedelta(days=31)
    await forget_what_is_due(Resources(kept, resources.engine, resources.sessions, resources.redis), later)
    async with resources.sessions() as session:
        assert await session.scalar(text("SELECT card FROM messages")) is None


async def test_a_block_withholds_the_card_with_its_message(group: int, sessions: Sessions) -> None:
    (stored,) = await record(sessions, shared(group))
    assert isinstance(stored, MessageFrame)
    assert veiled_messages([stored], {ALICE})[0].card is None


async def talk(player: Register) -> tuple[Player, int]:
    alice, bob = await player("alice"), await player("bob")
    return alice, await alice.talk_to(bob)


async def test_no_client_can_write_a_card(player: Register) -> None:
    alice, conversation = await talk(player)
    card = msgspec.to_builtins(CARD)
    path = f"/api/chat/conversations/{conversation}/messages"
    answer = await alice.http.post(path, json={"message": "I won", "client_id": "a", "card": card})
    assert answer.status_code == 400
    async with alice.socket("/ws") as socket:
        await socket.send(type="send", conversation_id=conversation, message="I won", client_id="b", card=card)
        assert (await socket.until("error"))["code"] == "unreadable_frame"
    async with alice.socket(f"/ws/chat/{conversation}/") as socket:
        await socket.send(message="I won", client_id="c", card=card)
        assert "card" not in await socket.until("message")
