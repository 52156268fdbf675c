"""Incoming webhooks: looked after by a group's stewards, spoken through by whoever has the URL."""

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from redis.asyncio import Redis

from app.domain.accounts.guards import ActorRequest
from app.domain.bots import schemas
from app.domain.bots.controllers.bots import Id
from app.domain.bots.rules import NameInUse, NoSuchWebhook, TooManyBots, TooManyWebhooks
from app.domain.bots.services.incoming import IncomingWebhooks
from app.domain.chat.roles import Act, NotAllowedHere
from app.domain.chat.rules import (
    EmptyMessage,
    GroupFull,
    MessageTooLong,
    NotAGroup,
    NotAMember,
    UnstorableText,
)
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services import sending
from app.domain.chat.services.acts import permit
from app.domain.chat.services.announcing import announce_act
from app.errors import IdempotencyConflict
from app.inbox.accept import Inbox, InboxFull, Throttled, Unconfirmed
from app.inbox.batches import NotStorable
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

STEWARDS_ONLY = (NotAMember, NotAGroup, NotAllowedHere)
decode_message = msgspec.json.Decoder(MessageFrame).decode


class IncomingWebhookController(Controller):
    path = "/api/chat/conversations/{conversation_id:int}/webhooks/incoming"
    tags = ("Webhooks",)

    @get(opt=refuses(*STEWARDS_ONLY))
    async def list_incoming_webhooks(
        self, conversation_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> list[schemas.IncomingWebhookOut]:
        """The URLs that speak in this group, the oldest first; without their secrets."""
        async with sessions() as session:
            await permit(session, conversation_id, request.user.id, Act.AUTOMATE)
            found = await IncomingWebhooks(session=session).of_group(conversation_id)
        return [schemas.IncomingWebhookOut(**row._asdict()) for row in found]

    @post(opt=refuses(*STEWARDS_ONLY, GroupFull, TooManyWebhooks, TooManyBots, NameInUse))
    async def create_incoming_webhook(
        self,
        conversation_id: Id,
        data: JSONBody[schemas.NewIncomingWebhook],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        redis: NamedDependency[Redis],
    ) -> schemas.IssuedIncomingWebhook:
        """Make a URL that speaks in this group. `url` is shown in this answer and never again.

        What it says is said by a bot of its own, which becomes a member. It works for as long as the bot and you are
        both in the group.
        """
        async with sessions.begin() as session:
            webhooks = IncomingWebhooks(session=session)
            opened = await webhooks.open(request.user.id, conversation_id, data.name)
            row = next(one for one in await webhooks.of_group(conversation_id) if one.id == opened.id)
        await announce_act(redis, opened.act)
        url = f"{settings.public_url.rstrip('/')}/api/hooks/{opened.secret}"
        return schemas.IssuedIncomingWebhook(url=url, **row._asdict())

    @delete("/{webhook_id:int}", opt=refuses(*STEWARDS_ONLY, NoSuchWebhook))
    async def delete_incoming_webhook(
        self,
        conversation_id: Id,
        webhook_id: Id,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        redis: NamedDependency[Redis],
    ) -> None:
        """End a URL, and its bot with it. What it said stays."""
        async with sessions.begin() as session:
            await permit(session, conversation_id, request.user.id, Act.AUTOMATE)
            ending = await IncomingWebhooks(session=session).delete_from(conversation_id, webhook_id)
        for act in ending.left:
            await announce_act(redis, act)


class HookController(Controller):
    path = "/api/hooks"
    tags = ("Webhooks",)
    opt = {"exclude_from_auth": True}  # noqa: RUF012  Litestar reads it from the class

    @post(
        "/{secret:str}",
        opt=refuses(
            NoSuchWebhook,
            EmptyMessage,
            MessageTooLong,
            UnstorableText,
            NotAMember,
            IdempotencyConflict,
            NotStorable,
            Throttled,
            InboxFull,
            Unconfirmed,
        ),
    )
    async def say_through_webhook(
        self,
        secret: FromPath[str],
        data: JSONBody[schemas.IncomingText],
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        inbox: NamedDependency[Inbox],
    ) -> schemas.SaidText:
        """Say something in the group that the URL was made for. The answer comes once PostgreSQL has stored it.

        Nobody has to log in: the URL is the secret. Named with a `client_id`, a text may be sent again after a time-out
        or a 503: it is stored once, and the answer is the same.
        """
        async with sessions() as session:
            mouth = await IncomingWebhooks(session=session).behind(secret)
        client_id = data.client_id or sending.new_client_id()
        draft = Draft(mouth.conversation_id, mouth.bot_id, client_id, data.text)
        stored = decode_message(await (await sending.send(inbox, draft, settings.throttle_ms)))
        return schemas.SaidText(
            conversation_id=stored.conversation_id,
            message_id=stored.message_id,
            timestamp=stored.timestamp,
            client_id=stored.client_id,
        )
