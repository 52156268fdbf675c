"""A play shown to others."""

import msgspec
from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.domain.accounts.guards import ActorRequest
from app.domain.chat.roles import MutedHere
from app.domain.chat.rules import EmptyMessage, MessageTooLong, NotAMember, NotReachable, UnstorableText
from app.domain.chat.schemas.events import MessageFrame, MessageOut
from app.domain.game.controllers.plays import KeyInPath
from app.domain.game.rules import NoSuchPlay
from app.domain.game.schemas.plays import ShareRequest
from app.domain.game.services.sharing import share
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox, InboxFull, Throttled, Unconfirmed
from app.inbox.batches import NotStorable
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

decode = msgspec.json.Decoder(MessageFrame).decode


class SharingController(Controller):
    path = "/api/game/plays"
    tags = ("Game",)

    @post(
        "/{key:str}/share",
        opt=refuses(
            NoSuchPlay,
            NotAMember,
            NotReachable,
            MutedHere,
            EmptyMessage,
            MessageTooLong,
            UnstorableText,
            IdempotencyConflict,
            NotStorable,
            Throttled,
            InboxFull,
            Unconfirmed,
        ),
    )
    async def share_play(
        self,
        key: KeyInPath,
        data: JSONBody[ShareRequest],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        inbox: NamedDependency[Inbox],
    ) -> MessageOut:
        """Show a play of yours in a conversation, as a card on a message of yours.

        The card is what the server has stored of the play. The message is one like any other: `client_id` names it, and
        sent again under the same name it is stored once.
        """
        future = await share(sessions, inbox, request.user.id, key, data, settings.throttle_ms)
        return decode(await future).as_answer()
