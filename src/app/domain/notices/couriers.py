"""Who carries a push: encrypted for its device (RFC 8291), signed by us (RFC 8292), to a push service (RFC 8030)."""

from datetime import datetime

import http_ece
import httpcore
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.notices.parcels import Parcel, Receipt
from app.domain.notices.rules.disturbing import PRESSING
from app.domain.notices.rules.push import LIFETIME, Verdict, asked_pause, verdict_on
from app.domain.notices.schemas import PushMessage
from app.domain.notices.vapid import CURVE, Vapid
from app.domain.notices.words import words_for
from app.outbound.posting import NoPublicAddress, Outbound


class Courier:
    """One per worker process."""

    def __init__(self, outbound: Outbound, vapid: Vapid) -> None:
        self._outbound = outbound
        self._vapid = vapid

    async def carry(self, parcel: Parcel, now: datetime) -> Receipt:
        """Never raises for what a push service or a device does."""
        left = parcel.created_at + LIFETIME - now
        headers = {
            "Authorization": self._vapid.authorization(parcel.endpoint, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int(left.total_seconds()))),
            "Topic": parcel.topic,
            "Urgency": "high" if parcel.kind in PRESSING else "normal",
        }
        try:
            content = seal(message_of(parcel), p256dh=parcel.p256dh, auth=parcel.auth)
            answer = await self._outbound.post(parcel.endpoint, headers=headers, content=content)
        except NoPublicAddress as error:
            return Receipt(Verdict.REFUSED, str(error))
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            return Receipt(Verdict.AGAIN, repr(error))
        verdict = verdict_on(answer.status)
        problem = "" if verdict is Verdict.SENT else f"status {answer.status}"
        return Receipt(verdict, problem, asked_pause(answer.retry_after, now))


def message_of(parcel: Parcel) -> bytes:
    words = words_for(parcel.kind, parcel.body)
    return msgspec.json.encode(
        PushMessage(
            id=parcel.notification_id,
            tag=parcel.tag,
            kind=parcel.kind,
            title=words.title,
            text=words.text,
            conversation_id=parcel.conversation_id,
            body=parcel.body,
            created_at=parcel.created_at,
        )
    )


def seal(message: bytes, *, p256dh: bytes, auth: bytes) -> bytes:
    """Encrypt for the device alone, with a key pair made for this message: RFC 8291 over RFC 8188's `aes128gcm`."""
    sealed: bytes = http_ece.encrypt(
        message, private_key=ec.generate_private_key(CURVE), dh=p256dh, auth_secret=auth, version="aes128gcm"
    )
    return sealed
