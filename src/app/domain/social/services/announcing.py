"""What both people's devices hear, and the hubs, after the commit. Best effort: who misses it reads the lists."""

import asyncio
from collections.abc import Iterable, Mapping

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.domain.social.models import Friendship
from app.domain.social.schemas import (
    Blocked,
    BlockedPerson,
    Friend,
    FriendAccepted,
    FriendFrame,
    FriendRemoved,
    FriendRequestDropped,
    FriendRequested,
    Unblocked,
)
from app.hub import events
from app.hub.events import EPHEMERAL, Event

PATIENCE_SECONDS = 1.0
"""How long a request that PostgreSQL has carried out waits for a Redis that does not answer."""

encode = msgspec.json.Encoder().encode
encode_pair = msgspec.msgpack.Encoder().encode
log = structlog.get_logger()

Frames = Iterable[tuple[int, msgspec.Struct]]
"""Each with the id of the person whose devices hear it."""


async def tell_of_friendship(
    redis: "Redis", friendship: Friendship, seen: Mapping[int, Friend], *, by: int, ended: bool = False
) -> None:
    """Both hear what one of them did. `seen` has the other one by the id of each."""
    await _send(redis, friendship_frames(friendship, seen, by=by, ended=ended))


async def tell_of_block(
    redis: "Redis",
    blocker_id: int,
    person: BlockedPerson,
    *,
    is_new: bool,
    ended: Friendship | None,
    seen: Mapping[int, Friend],
) -> None:
    """The blocker hears of the block. The other one hears that a friendship ended, if one did, and no more.

    The hubs are told of a block that stood already too: the process that made it may have died before it could.
    """
    frames = friendship_frames(ended, seen, by=blocker_id, ended=True) if ended else []
    if is_new:
        frames.append((blocker_id, Blocked(person)))
    await _send(redis, frames, between=(blocker_id, person.id))


async def tell_of_unblock(redis: "Redis", blocker_id: int, other_id: int, *, lifted: bool) -> None:
    await _send(redis, [(blocker_id, Unblocked(other_id))] if lifted else [], between=(blocker_id, other_id))


def friendship_frames(
    friendship: Friendship, seen: Mapping[int, Friend], *, by: int, ended: bool
) -> list[tuple[int, msgspec.Struct]]:
    kind = kind_of(friendship, ended=ended)
    return [(user_id, kind(other, by_me=user_id == by)) for user_id, other in seen.items()]


def kind_of(friendship: Friendship, *, ended: bool) -> type[FriendFrame]:
    if friendship.accepted_at:
        return FriendRemoved if ended else FriendAccepted
    return FriendRequestDropped if ended else FriendRequested


async def _send(redis: "Redis", frames: Frames, *, between: tuple[int, int] | None = None) -> None:
    """Frames to sockets, and to the hubs the two between whom a block was made or lifted."""
    pipeline = redis.pipeline(transaction=False)
    if between:
        pipeline.publish(events.BLOCKS, encode_pair(between))
    for user_id, frame in frames:
        events.publish(pipeline, events.user(user_id), [Event(EPHEMERAL, encode(frame).decode())])
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await pipeline.execute()
    except (RedisError, OSError) as error:
        log.warning("Nobody could be told about friends or blocks", error=repr(error))
