"""A play shown to others: a message with a card, whose truth is the stored play."""

import asyncio

import msgspec

from app.domain.chat.schemas.cards import PlayCard
from app.domain.chat.schemas.entries import Share
from app.domain.chat.services import sending
from app.domain.chat.services.conversations import Conversations
from app.domain.game.schemas.plays import PlayResult, ShareRequest
from app.domain.game.services.plays import Plays
from app.domain.game.services.registry import title_of
from app.domain.game.services.turns import bare
from app.inbox.accept import Inbox
from app.resources import Sessions


async def share(
    sessions: Sessions, inbox: Inbox, user_id: int, key: str, where: ShareRequest, throttle_ms: int
) -> "asyncio.Future[bytes]":
    """Send somebody's play of this key, as chat sends any message; the future becomes its frame in JSON.

    Raises NotAMember, NoSuchPlay, and what `sending.send` raises.
    """
    async with sessions() as session:
        await Conversations(session=session).of_member(where.conversation_id, user_id)
        card = card_of(await Plays(session=session).by_key(user_id, key))
    client_id = where.client_id or sending.new_client_id()
    return await sending.send(
        inbox, Share(where.conversation_id, user_id, client_id, where.message, card=card), throttle_ms
    )


def card_of(play: PlayResult) -> PlayCard:
    """Converted, so that what a reader could not decode is not stored."""
    facts = {
        "kind": "play",
        "play_id": play.id,
        "game": play.game,
        "title": title_of(play.game),
        "move": bare(play.move),
        "outcome": play.outcome,
        "result": play.result,
        "prize": play.prize,
        "played_at": play.played_at,
    }
    return msgspec.convert(facts, PlayCard)
