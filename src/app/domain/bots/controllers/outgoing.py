"""Outgoing webhooks, looked after by a group's stewards. Workers deliver them (`tasks.py`)."""

from typing import cast

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED
from msgspec import UNSET
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.guards import ActorRequest
from app.domain.bots import schemas
from app.domain.bots.controllers.bots import Id
from app.domain.bots.controllers.incoming import STEWARDS_ONLY
from app.domain.bots.models import OutgoingWebhook
from app.domain.bots.rules import NoSuchWebhook, TooManyWebhooks, UrlRefused, WebhookThere, check_url
from app.domain.bots.services.couriers import SUCCESS
from app.domain.bots.services.outgoing import OutgoingWebhooks, Watched
from app.domain.chat.roles import Act
from app.domain.chat.services.acts import Acting, permit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings


class OutgoingWebhookController(Controller):
    path = "/api/chat/conversations/{conversation_id:int}/webhooks/outgoing"
    tags = ("Webhooks",)

    @get(opt=refuses(*STEWARDS_ONLY))
    async def list_outgoing_webhooks(
        self, conversation_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> list[schemas.OutgoingWebhookOut]:
        """The receivers of this group's events, the oldest first."""
        async with sessions() as session:
            await permit(session, conversation_id, request.user.id, Act.AUTOMATE)
            return [shown(one) for one in await OutgoingWebhooks(session=session).of_group(conversation_id)]

    @post(opt=refuses(*STEWARDS_ONLY, UrlRefused, TooManyWebhooks, WebhookThere))
    async def create_outgoing_webhook(
        self,
        conversation_id: Id,
        data: JSONBody[schemas.NewOutgoingWebhook],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> schemas.IssuedOutgoingWebhook:
        """Have the events of this group sent to a URL, from now on. `secret` is shown in this answer and never again.

        Deliveries are signed as Standard Webhooks says, come in order, and are repeated until the receiver answers 2xx.
        It works for as long as you are in the group.
        """
        url = check_url(data.url, inside=settings.webhooks_stay_inside)
        async with sessions.begin() as session:
            acting = await Acting.of_member(session, conversation_id, request.user.id)
            acting.require(Act.AUTOMATE)
            webhook = await OutgoingWebhooks(session=session).subscribe(
                request.user.id, conversation_id, url, data.events
            )
        return schemas.IssuedOutgoingWebhook(
            secret=webhook.secret, **msgspec.structs.asdict(shown(Watched(webhook, rests=False)))
        )

    @patch("/{webhook_id:int}", opt=refuses(*STEWARDS_ONLY, NoSuchWebhook, UrlRefused, WebhookThere))
    async def change_outgoing_webhook(
        self,
        conversation_id: Id,
        webhook_id: Id,
        data: JSONBody[schemas.OutgoingWebhookChange],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> schemas.OutgoingWebhookOut:
        """Send to another URL, or other events. What is left out stays."""
        url = None if data.url is UNSET else check_url(data.url, inside=settings.webhooks_stay_inside)
        async with sessions.begin() as session:
            webhooks, webhook = await of_steward(session, request, conversation_id, webhook_id)
            await webhooks.change(webhook, url=url, events=None if data.events is UNSET else data.events)
            return shown(await webhooks.watched(webhook))

    @delete("/{webhook_id:int}", opt=refuses(*STEWARDS_ONLY, NoSuchWebhook))
    async def delete_outgoing_webhook(
        self, conversation_id: Id, webhook_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> None:
        """End it. A delivery that is under way may still arrive."""
        async with sessions.begin() as session:
            webhooks, webhook = await of_steward(session, request, conversation_id, webhook_id)
            await webhooks.unsubscribe(webhook)

    @post("/{webhook_id:int}/enable", status_code=HTTP_200_OK, opt=refuses(*STEWARDS_ONLY, NoSuchWebhook))
    async def enable_outgoing_webhook(
        self,
        conversation_id: Id,
        webhook_id: Id,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        data: JSONBody[schemas.Resumption | None] = None,
    ) -> schemas.OutgoingWebhookOut:
        """Go on at once, with the event after the last that was delivered, or with the next one that happens.

        You answer for it from now on: it works for as long as you are in the group.
        """
        async with sessions.begin() as session:
            webhooks, webhook = await of_steward(session, request, conversation_id, webhook_id)
            await webhooks.enable(webhook, request.user.id, from_now=data is not None and data.begin == "now")
            return shown(await webhooks.watched(webhook))

    @post("/{webhook_id:int}/disable", status_code=HTTP_200_OK, opt=refuses(*STEWARDS_ONLY, NoSuchWebhook))
    async def disable_outgoing_webhook(
        self, conversation_id: Id, webhook_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> schemas.OutgoingWebhookOut:
        """Deliver nothing until it is enabled again."""
        async with sessions.begin() as session:
            webhooks, webhook = await of_steward(session, request, conversation_id, webhook_id)
            await webhooks.disable(webhook)
            return shown(await webhooks.watched(webhook))

    @post("/{webhook_id:int}/test", status_code=HTTP_202_ACCEPTED, opt=refuses(*STEWARDS_ONLY, NoSuchWebhook))
    async def test_outgoing_webhook(
        self, conversation_id: Id, webhook_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> schemas.OutgoingWebhookOut:
        """Have a worker send a `ping` within a second, whatever its state. Its deliveries show what became of it."""
        async with sessions.begin() as session:
            webhooks, webhook = await of_steward(session, request, conversation_id, webhook_id)
            await webhooks.ask_for_ping(webhook)
            return shown(await webhooks.watched(webhook))

    @post("/{webhook_id:int}/secret", status_code=HTTP_200_OK, opt=refuses(*STEWARDS_ONLY, NoSuchWebhook))
    async def rotate_outgoing_webhook_secret(
        self, conversation_id: Id, webhook_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> schemas.RotatedSecret:
        """Make a new secret. For a day deliveries are signed with the old one as well."""
        async with sessions.begin() as session:
            webhooks, webhook = await of_steward(session, request, conversation_id, webhook_id)
            until = await webhooks.rotate_secret(webhook)
            return schemas.RotatedSecret(secret=webhook.secret, previous_until=until)

    @get("/{webhook_id:int}/deliveries", opt=refuses(*STEWARDS_ONLY, NoSuchWebhook))
    async def list_deliveries(
        self, conversation_id: Id, webhook_id: Id, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> list[schemas.DeliveryOut]:
        """The last attempts, at most 50, the newest first."""
        async with sessions() as session:
            webhooks, webhook = await of_steward(session, request, conversation_id, webhook_id)
            found = await webhooks.last_deliveries(webhook.id)
        return [
            schemas.DeliveryOut(
                attempt=one.attempt,
                webhook_id=one.message,
                event=one.event,
                attempted_at=one.attempted_at,
                delivered=one.status in SUCCESS,
                status=one.status,
                problem=one.problem,
                milliseconds=one.milliseconds,
            )
            for one in found
        ]


async def of_steward(
    session: AsyncSession, request: ActorRequest, conversation_id: int, webhook_id: int
) -> tuple[OutgoingWebhooks, OutgoingWebhook]:
    """The webhook, locked, for who looks after its group. Raises what `permit` of chat does, NoSuchWebhook."""
    await permit(session, conversation_id, request.user.id, Act.AUTOMATE)
    webhooks = OutgoingWebhooks(session=session)
    return webhooks, await webhooks.one(conversation_id, webhook_id)


def shown(watched: Watched) -> schemas.OutgoingWebhookOut:
    webhook, state = watched.webhook, state_of(watched)
    return schemas.OutgoingWebhookOut(
        id=webhook.id,
        conversation_id=webhook.conversation_id,
        owner_id=webhook.owner_id,
        url=webhook.url,
        events=webhook.events,
        state=state,
        position=webhook.position,
        created_at=webhook.created_at,
        failing_since=webhook.failing_since,
        next_attempt_at=webhook.next_attempt_at if state == "failing" else None,
        disabled_because=cast("schemas.Reason | None", webhook.disabled_because),
    )


def state_of(watched: Watched) -> schemas.State:
    if watched.webhook.disabled_at:
        return "disabled"
    if watched.rests:
        return "resting"
    return "failing" if watched.webhook.failing_since else "active"
