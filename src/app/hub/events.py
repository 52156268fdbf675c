"""What travels from workers to hubs: a batch of events for one channel, each encoded once."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import msgspec
from redis.asyncio.client import Pipeline

EPHEMERAL = 0
"""The number of an event outside any sequence, which is never made good."""

TO_OTHERS = -1
"""The same, for an event that the author's own sockets do not get."""

NOBODY = 0
"""The author of what is the server's own word."""


class Event(NamedTuple):
    """A sequence number, the frame that sockets get, and who is behind it: not everyone hears everybody."""

    number: int
    frame: str
    author: int = NOBODY


EVERYONE = "everyone"
"""The channel that every open socket is on."""

DEPARTURES = "departures"
"""The channel on which hubs are told who may no longer listen where, as soon as it is so."""

Departure: TypeAlias = tuple[str, int | None]
"""A channel, and the id of a person; None when it is everybody."""

BLOCKS = "blocks"
"""The channel on which hubs are told that two people have a block between them, or one less: MessagePack, both ids."""

BOARDS = "boards"
"""The channel on which it is told in which games leaderboards have changed: MessagePack, their names."""

encode_batch = msgspec.msgpack.Encoder().encode
decode_batch = msgspec.msgpack.Decoder(list[Event]).decode
decode_people = msgspec.msgpack.Decoder(list[int]).decode

encode_names = msgspec.msgpack.Encoder().encode
decode_names = msgspec.msgpack.Decoder(list[str]).decode

encode_departure = msgspec.msgpack.Encoder().encode
decode_departure = msgspec.msgpack.Decoder(Departure).decode


def conversation(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"


def user(user_id: int) -> str:
    """The channel of one person's own events, on all their devices."""
    return f"user:{user_id}"


def player(user_id: int) -> str:
    """The channel of one person's results alone, for the sockets of clients that expect nothing else."""
    return f"player:{user_id}"


def publish(pipeline: "Pipeline", channel: str, events: Sequence[Event]) -> None:
    """Queue a batch onto a pipeline that is sent after the commit, never before."""
    pipeline.publish(channel, encode_batch(events))


def put_off(pipeline: "Pipeline", channel: str, user_id: int | None = None) -> None:
    """Queue that somebody may no longer listen, or nobody."""
    pipeline.publish(DEPARTURES, encode_departure((channel, user_id)))
