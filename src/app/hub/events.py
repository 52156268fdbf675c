"""What travels from workers to hubs: a batch of events for one channel, each encoded once."""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec
from redis.asyncio.client import Pipeline

Event: TypeAlias = tuple[int, str]
"""A sequence number and the frame that sockets get. 0 for an event outside any sequence, which is never made good."""

EPHEMERAL = 0

EVERYONE = "everyone"
"""The channel that every open socket is on."""

DEPARTURES = "departures"
"""The channel on which hubs are told who may no longer listen where, as soon as it is so."""

Departure: TypeAlias = tuple[str, int | None]
"""A channel, and the id of a person; None when it is everybody."""

encode_batch = msgspec.msgpack.Encoder().encode
decode_batch = msgspec.msgpack.Decoder(list[Event]).decode

encode_departure = msgspec.msgpack.Encoder().encode
decode_departure = msgspec.msgpack.Decoder(Departure).decode


def conversation(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"


def user(user_id: int) -> str:
    """The channel of one person's own events, on all their devices."""
    return f"user:{user_id}"


def publish(pipeline: "Pipeline", channel: str, events: Sequence[Event]) -> None:
    """Queue a batch onto a pipeline that is sent after the commit, never before."""
    pipeline.publish(channel, encode_batch(events))


def put_off(pipeline: "Pipeline", channel: str, user_id: int | None = None) -> None:
    """Queue that somebody may no longer listen, or nobody."""
    pipeline.publish(DEPARTURES, encode_departure((channel, user_id)))
