"""What surrounds it: files, presence, notifications, bots and webhooks, moderation."""

from datetime import timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict

from app.apidocs.examples.story import NOON, PASSWORD, TOMORROW
from app.domain.accounts.scopes import Scope
from app.domain.bots import schemas as bots
from app.domain.files import schemas as files
from app.domain.moderation import rules
from app.domain.moderation import schemas as moderation
from app.domain.mydata import schemas as mydata
from app.domain.notices import schemas as notices
from app.domain.presence import schemas as presence

PHOTO = UUID("019aa0f2-4c00-7c11-8a02-2f6d90b1c7e5")

P256_KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"

mention = notices.NotificationOut(
    id=12,
    kind="mention",
    conversation_id=4,
    body=notices.NoticeBody(
        user_id=2, username="janedoe", conversation="Chess", message_id=31, excerpt="@johndoe your move"
    ),
    created_at=NOON,
    read_at=None,
)

phone = notices.PushDevice(id=3, service="push.example.net", created_at=NOON, current=True)

muted = notices.ConversationMute(conversation_id=4, until=TOMORROW)

quiet = notices.DoNotDisturb(begins="22:00", ends="07:00")

photo = files.OwnFile(
    id=PHOTO, name="board.jpg", media_type="image/jpeg", size=452_831, width=1200, height=1600, created_at=NOON
)

KEY = UUID("019aa0f2-4c00-7d11-8a3b-2f9e6c4d7b10")

SAYS = [Scope.MESSAGES_READ, Scope.MESSAGES_WRITE]

clock = bots.BotOut(id=3, username="clock", name="Speaking clock", created_at=NOON)

key = bots.KeyOut(
    id=KEY, name="laptop", prefix="plk_h0vXZk", scopes=SAYS, created_at=NOON, expires_at=None, last_used_at=None
)

builds = bots.IncomingWebhookOut(id=1, name="Builds", bot_id=4, username="builds-5f0c2a9e", owner_id=1, created_at=NOON)

receiver = bots.OutgoingWebhookOut(
    id=1,
    conversation_id=1,
    owner_id=1,
    url="https://bot.example.com/parlour",
    events=["message.created", "message.deleted"],
    state="active",
    position=7,
    created_at=NOON,
    failing_since=None,
    next_attempt_at=None,
    disabled_because=None,
)

reported = moderation.ReportView(
    id=3,
    kind=rules.Kind.MESSAGE,
    reported=moderation.Named(3, "mallory"),
    reporter=moderation.Named(2, "janedoe"),
    conversation_id=1,
    message_id=2,
    reason=rules.Reason.HARASSMENT,
    comment="It is not the first time.",
    created_at=NOON,
    resolution=None,
)

export = mydata.ExportView(
    state="ready",
    progress=100,
    requested_at=NOON,
    ready_at=NOON,
    expires_at=NOON + timedelta(days=7),
    size=20480,
    download="/api/users/me/export/download",
)

suspended = moderation.AuditEntryView(
    id=9,
    at=NOON,
    actor=moderation.Named(4, "mo"),
    address="192.0.2.1",
    action="suspend_user",
    subject="user:3",
    details={"until": None, "reason": "Spam."},
)

EXAMPLES: tuple[Struct, ...] = (
    bots.NewBot(username="clock", name="Speaking clock"),
    bots.BotChange(name="Talking clock"),
    clock,
    bots.OwnBot(id=3, username="clock", scopes=SAYS, expires_at=None),
    bots.NewKey(name="laptop", scopes=SAYS),
    key,
    bots.IssuedKey(key="plk_h0vXZk…", **asdict(key)),
    bots.NewIncomingWebhook(name="Builds"),
    builds,
    bots.IssuedIncomingWebhook(url="http://localhost:8000/api/hooks/plh_…", **asdict(builds)),
    bots.IncomingText(text="Build 7 is green", client_id="build-7"),
    bots.SaidText(conversation_id=1, message_id=8, timestamp=NOON, client_id="build-7"),
    bots.NewOutgoingWebhook(url="https://bot.example.com/parlour", events=["message.created", "message.deleted"]),
    bots.OutgoingWebhookChange(events=["message.created"]),
    bots.Resumption(begin="now"),
    receiver,
    bots.IssuedOutgoingWebhook(secret="whsec_…", **asdict(receiver)),  # noqa: S106  nobody's,
    bots.RotatedSecret(secret="whsec_…", previous_until=NOON),  # noqa: S106  nobody's,
    bots.DeliveryOut(
        attempt=3,
        webhook_id="msg_1_8",
        event="message.created",
        attempted_at=NOON,
        delivered=True,
        status=204,
        problem=None,
        milliseconds=12,
    ),
    export,
    mydata.AccountErasure(password=PASSWORD, messages="delete"),
    notices.NotificationPage(notifications=[mention], before=None, unread=1),
    mention,
    notices.NotificationsToMark(up_to_id=12),
    notices.NotificationsToMark(ids=[9, 12]),
    notices.UnreadCount(unread=0),
    notices.PushKey(public_key=P256_KEY),
    notices.NewPushDevice(
        endpoint="https://push.example.net/send/d1f0c7",
        keys=notices.PushKeys(p256dh=P256_KEY, auth="kZ9wq3mKqY2J5t8Vx1bB0g"),
    ),
    notices.PushDevices(devices=[phone]),
    phone,
    notices.NewConversationMute(until=TOMORROW),
    notices.ConversationMutes(mutes=[muted]),
    muted,
    notices.DigestOff(digest="off"),
    notices.NotificationSetting(
        push=True, push_messages="mentions", do_not_disturb=quiet, zone="Europe/Kyiv", digest="weekly"
    ),
    notices.NotificationSettingChange(
        push_messages="mentions", do_not_disturb=quiet, zone="Europe/Kyiv", digest="weekly"
    ),
    presence.Presence(2, "away"),
    presence.ConversationPresence(1, 2, [presence.Presence(1, "online"), presence.Presence(2, "away")]),
    moderation.MessageReport(
        conversation_id=1, message_id=2, reason=rules.Reason.HARASSMENT, comment="It is not the first time."
    ),
    moderation.UserReport(user_id=3, reason=rules.Reason.SPAM),
    moderation.OwnReport(
        id=3,
        kind=rules.Kind.MESSAGE,
        user_id=None,
        conversation_id=1,
        message_id=2,
        reason=rules.Reason.HARASSMENT,
        comment="It is not the first time.",
        created_at=NOON,
        outcome="open",
    ),
    reported,
    moderation.Decision(action=rules.Action.SUSPEND, note="Insults, after a warning.", until=TOMORROW),
    moderation.Decision(action=rules.Action.DISMISS),
    moderation.SuspensionOrder(until=None, reason="Spam."),
    moderation.Appointment(role="moderator"),
    suspended,
    photo,
    files.OwnFiles([photo], bytes_used=486_529, bytes_allowed=2**30),
    files.AvatarChoice(file_id=PHOTO),
    files.AvatarOut(1, PHOTO, "/api/users/1/avatar"),
)
