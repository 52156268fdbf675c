"""The shapes of notifications, over HTTP, on sockets and in a push. Times are UTC unless they say otherwise."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from app.domain.notices.rules.digests import Digest
from app.domain.notices.rules.disturbing import PushMessages
from app.domain.notices.rules.kinds import IDS_AT_ONCE, Kind
from app.domain.notices.rules.push import ENDPOINT_CHARACTERS

RowId = Annotated[int, Meta(ge=1, le=2**63 - 1)]
ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", examples=["22:00"])]
Zone = Annotated[
    str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+\Z", description="IANA name.", examples=["Europe/Kyiv"])
]
KindName = Annotated[
    str, Meta(description=f"{', '.join(f'`{kind}`' for kind in Kind)}. More may be added.", examples=["mention"])
]
Base64Url = Annotated[str, Meta(max_length=128, pattern=r"^[A-Za-z0-9_-]+={0,2}\Z")]
Endpoint = Annotated[
    str,
    Meta(
        max_length=ENDPOINT_CHARACTERS,
        pattern=r"^https?://[\x21-\x7e]+\Z",
        description="The push service's address for this device.",
        examples=["https://push.example.net/send/d1f0c7"],
    ),
]


class NoticeBody(Struct, kw_only=True, omit_defaults=True, frozen=True):
    """What a notification is about. Which fields there are depends on its kind."""

    user_id: int | None = None
    """Who caused it, with their `username`."""
    username: str | None = None
    conversation: str | None = None
    """The name of the group, where it has one."""
    message_id: int | None = None
    excerpt: str | None = None
    """How the message begins."""
    lottery: str | None = None
    number: int | None = None
    """The draw's number in its lottery."""
    period: str | None = None
    prize: int | None = None
    """Which prize was won, from 0."""
    reason: str | None = None
    """Why the draw needs an operator: `failed`, `dealer_missing`, `beacon_missing`, `secret_mismatch`."""
    url: str | None = None
    """Where the webhook went."""
    achievement: str | None = None
    """Its name, with its `title`."""
    title: str | None = None


class NotificationOut(Struct, kw_only=True):
    id: int
    kind: KindName
    conversation_id: int | None
    body: NoticeBody
    created_at: datetime
    read_at: datetime | None


class NotificationPage(Struct, kw_only=True):
    notifications: list[NotificationOut]
    """Newest first."""
    before: int | None
    """Give it as `before` to read on; none on the last page."""
    unread: int


class UnreadCount(Struct, kw_only=True):
    unread: int


class NotificationsToMark(Struct, kw_only=True, forbid_unknown_fields=True):
    """Either all up to and with one, or these."""

    up_to_id: RowId | None = None
    ids: Annotated[list[RowId], Meta(min_length=1, max_length=IDS_AT_ONCE)] | None = None

    def __post_init__(self) -> None:
        if (self.up_to_id is None) == (self.ids is None):
            raise ValueError("Give either up_to_id or ids")


class NotificationFrame(NotificationOut, tag="notification", kw_only=True):
    """A new notification, on every open socket of its reader."""


class NotificationsRead(Struct, tag="notifications_read", kw_only=True):
    """Read or deleted on some device: all up to and with `up_to_id`, or these. `unread` is what remains."""

    up_to_id: int | None
    ids: list[int]
    unread: int


class PushKey(Struct, kw_only=True):
    public_key: str
    """For `applicationServerKey` of `pushManager.subscribe()`."""


class PushKeys(Struct, kw_only=True, forbid_unknown_fields=True):
    p256dh: Base64Url
    auth: Base64Url


class NewPushDevice(Struct, kw_only=True, forbid_unknown_fields=True):
    """What `subscription.toJSON()` gives in a browser, as it is."""

    endpoint: Endpoint
    keys: PushKeys
    expiration_time: Annotated[float, Meta(ge=0)] | None = field(default=None, name="expirationTime")
    """Not needed: the push service tells when it is over."""


class PushDevice(Struct, kw_only=True):
    id: int
    service: str
    """The host of the push service. The whole address is shown to nobody: it is a secret."""
    created_at: datetime
    current: bool
    """Was it subscribed by the login that asks?"""


class PushDevices(Struct, kw_only=True):
    devices: list[PushDevice]


class PushMessage(Struct, kw_only=True):
    """What a device decrypts. `tag` is the same for every attempt: show it with that tag, and it is shown once."""

    id: int
    tag: str
    kind: KindName
    title: str
    text: str
    conversation_id: int | None
    body: NoticeBody
    created_at: datetime


class NewConversationMute(Struct, kw_only=True, forbid_unknown_fields=True):
    until: datetime | None = None
    """For good when left out."""

    def __post_init__(self) -> None:
        if self.until is None:
            return
        if self.until.tzinfo is None:
            raise ValueError("A time needs its offset from UTC")
        try:
            self.until = self.until.astimezone(UTC)
        except OverflowError as error:
            raise ValueError("The time lies outside all calendars") from error


class ConversationMute(Struct, kw_only=True):
    conversation_id: int
    until: datetime | None


class ConversationMutes(Struct, kw_only=True):
    mutes: list[ConversationMute]


class DoNotDisturb(Struct, kw_only=True, forbid_unknown_fields=True, rename={"begins": "from", "ends": "to"}):
    """Hours without pushes, by the clock in `zone`. They may span midnight."""

    begins: ClockTime
    ends: ClockTime

    def __post_init__(self) -> None:
        if self.begins == self.ends:
            raise ValueError("The hours begin and end at the same time")


class NotificationSetting(Struct, kw_only=True):
    push: bool
    push_messages: PushMessages
    do_not_disturb: DoNotDisturb | None
    zone: str
    digest: Digest
    """Mailed at 8:00 of `zone`, on Mondays if weekly, to a verified address."""


class NotificationSettingChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    push: bool | UnsetType = UNSET
    push_messages: PushMessages | UnsetType = UNSET
    do_not_disturb: DoNotDisturb | UnsetType | None = UNSET
    zone: Zone | UnsetType = UNSET
    digest: Digest | UnsetType = UNSET


class DigestOff(Struct, kw_only=True):
    digest: Digest
