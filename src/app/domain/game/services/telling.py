"""What a group hears of a round: a card on a message of its own, and how many have picked so far."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from redis.asyncio.client import Pipeline

from app.domain.chat.schemas.cards import Placing, RoundCard
from app.domain.game.models import Round
from app.domain.game.schemas.rounds import PickCount
from app.domain.game.services.registry import title_of
from app.hub import events
from app.hub.events import EPHEMERAL, Event

encode = msgspec.json.Encoder().encode


def card_of(held: Round, state: Literal["open", "drawn", "cancelled"], top: Sequence[Placing] = ()) -> RoundCard:
    """Converted, so that what a reader could not decode is not stored."""
    facts = {
        "kind": "round",
        "round_id": held.id,
        "game": held.game,
        "title": title_of(held.game),
        "state": state,
        "closes_at": held.closes_at,
        "commitment": held.commitment.hex(),
        "picks": held.picks,
        "root": held.root and held.root.hex(),
        "seed": held.seed and held.seed.hex(),
        "outcome": held.outcome,
        "top": msgspec.to_builtins(top),
    }
    return msgspec.convert(facts, RoundCard)


def announce_counts(pipeline: "Pipeline", counts: Iterable[PickCount]) -> None:
    """To who listens to the group now: the newest of each round."""
    newest = {one.round_id: one for one in counts}
    for one in newest.values():
        frame = Event(EPHEMERAL, encode(one).decode())
        events.publish(pipeline, events.conversation(one.conversation_id), [frame])
