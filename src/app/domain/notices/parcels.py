"""What a worker takes from the outbox of pushes and hands to its courier, and what it gets back."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from app.domain.notices.rules.push import Verdict
from app.domain.notices.schemas import NoticeBody

TOPIC_CHARACTERS = 32
"""RFC 8030, 5.4: no longer, and of base64url's alphabet."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One notification for one device."""

    notification_id: int
    subscription_id: int
    attempt: int
    """From 1."""
    endpoint: str
    p256dh: bytes
    auth: bytes
    kind: str
    conversation_id: int | None
    body: NoticeBody
    created_at: datetime

    @property
    def tag(self) -> str:
        """The device shows the last push of a tag only."""
        return f"notification-{self.notification_id}"

    @property
    def topic(self) -> str:
        """While the device is away, its push service keeps the last push of a topic only."""
        return urlsafe_b64encode(sha256(self.tag.encode()).digest()).decode()[:TOPIC_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Receipt:
    verdict: Verdict
    problem: str = ""
    asked_pause: timedelta = timedelta()
    """How long the service wants to be left alone."""
