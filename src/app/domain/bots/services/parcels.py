"""What an outgoing webhook sends, as https://www.standardwebhooks.com describes it: body, headers and signatures."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
from standardwebhooks import Webhook

from app.domain.bots.models import OutgoingWebhook
from app.domain.bots.rules import EVENTS
from app.domain.bots.schemas import Payload, PingData

PING = "ping"
encode = msgspec.json.Encoder().encode


class Head(msgspec.Struct):
    """What every frame of a conversation's sequence begins with, whatever else it has."""

    type: str
    timestamp: datetime


decode_head = msgspec.json.Decoder(Head).decode


@dataclass(frozen=True)
class Parcel:
    id: str
    """The same each time that the same event is sent to the same webhook: receivers know a repetition by it."""
    event: str
    body: str


def parcel_of(webhook: OutgoingWebhook, number: int, frame: str) -> Parcel | None:
    """An event as sockets get it, to be delivered; None if this webhook did not ask for its kind."""
    head = decode_head(frame)
    event = EVENTS.get(head.type)
    if event is None or event not in webhook.events:
        return None
    body = encode(Payload(type=event, timestamp=head.timestamp, data=msgspec.Raw(frame.encode())))
    return Parcel(f"msg_{webhook.id}_{number}", event, body.decode())


def ping_of(webhook: OutgoingWebhook) -> Parcel:
    now = datetime.now(UTC)
    data = encode(PingData(conversation_id=webhook.conversation_id, webhook_id=webhook.id))
    body = encode(Payload(type=PING, timestamp=now, data=msgspec.Raw(data)))
    return Parcel(f"ping_{webhook.id}_{int(now.timestamp() * 1000)}", PING, body.decode())


def signed(webhook: OutgoingWebhook, parcel: Parcel, now: datetime) -> dict[str, str]:
    """The headers of an attempt made now. Signed by the old secret as well, while that is still good."""
    secrets = [webhook.secret]
    if webhook.previous_secret and webhook.previous_secret_until and webhook.previous_secret_until > now:
        secrets.append(webhook.previous_secret)
    return {
        "webhook-id": parcel.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(parcel.id, now, parcel.body) for secret in secrets),
    }
