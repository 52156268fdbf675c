"""One story in real answers: John registers, logs in, plays, talks to Jane, and takes part in the draw.

Written as the structs themselves, so that an example that no longer fits its schema does not even pass the type check.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict

from app.domain.accounts import schemas as accounts
from app.domain.accounts.scopes import Scope
from app.domain.bots import schemas as bots
from app.domain.chat.roles import Role
from app.domain.chat.schemas import conversations as talks
from app.domain.chat.schemas import events as chat
from app.domain.chat.schemas import groups
from app.domain.chat.schemas import messages as writing
from app.domain.chat.schemas.reading import Unread
from app.domain.files import schemas as files
from app.domain.game import schemas as game
from app.domain.lottery import schemas as lottery
from app.domain.moderation import rules
from app.domain.moderation import schemas as moderation
from app.domain.mydata import schemas as mydata
from app.domain.notices import schemas as notices
from app.domain.presence import schemas as presence
from app.domain.social import schemas as social

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 20), datetime(2026, 11, 21, tzinfo=UTC)
OPENED = datetime(2026, 11, 13, tzinfo=UTC)
BALLOT = UUID("019aa0f2-4c00-7b3e-9d5a-6f1c2e8b7a40")
PHOTO = UUID("019aa0f2-4c00-7c11-8a02-2f6d90b1c7e5")
ACCESS, REFRESH = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9…", "ndoH6v0MHvJLsPXSBWa1pT5Yqv9cQ0u3x2m7r4k8z1E"
P256_KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
INVITE = "dGhlIHBhcmxvdXIgaXMgb3BlbiB0bw"
PASSWORD = "trombone-otter-41"  # noqa: S105  nobody's

john = accounts.Person(id=1, username="johndoe", email="john@example.com", first_name="John", last_name="Doe")
play = game.PlayResult(7, 842, "win", 421.0, NOON, "spin-7")
hello = chat.MessageOut(1, 1, "johndoe", "Hello, Jane!", NOON, "0b2f6c1e")
talk = talks.ConversationOut(
    id=1,
    kind="direct",
    name=None,
    topic=None,
    joinable=False,
    members_may_invite=True,
    retention_days=None,
    role=Role.MEMBER,
    muted_until=None,
    participants=[
        talks.Participant(1, "johndoe", "john@example.com", "John", "Doe"),
        talks.Participant(2, "janedoe", None, "Jane", "Doe"),
    ],
    member_count=2,
    messages=[hello],
    created_at=NOON,
    last_message_id=1,
    unread=Unread(1, 0, 0),
    websocket_url="ws://localhost:8000/ws/chat/1/",
)
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
quiet = notices.DoNotDisturb(begins="22:00", ends="07:00")
draw = lottery.DrawView(
    lottery="daily",
    number=7,
    period="2026-11-20",
    date=TODAY,
    state="open",
    opens_at=OPENED,
    closes_at=TOMORROW,
    drawn_at=None,
    ballots=1,
    prizes=1,
    winners=[],
)

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

EXAMPLES: tuple[Struct, ...] = (
    accounts.Registration(
        username="johndoe", email="john@example.com", password=PASSWORD, first_name="John", last_name="Doe"
    ),
    john,
    accounts.Login(username="johndoe", password=PASSWORD),
    accounts.Login(email="john@example.com", password=PASSWORD),
    accounts.LoggedIn(refresh=REFRESH, access=ACCESS, user=john),
    accounts.Renewal(refresh=REFRESH),
    accounts.Renewed(access=ACCESS, refresh=REFRESH),
    game.Move(number=842),
    play,
    game.PendingPlay("pending", "spin-7", "/api/game/plays/spin-7"),
    game.Statistics(
        total_games=4,
        wins=2,
        losses=2,
        win_rate=50.0,
        total_prize=451.0,
        average_prize=112.75,
        best_prize=421.0,
        last_played=NOON,
    ),
    talks.NewConversation(participants=[2]),
    talks.NewConversation(participants=[2, 3], name="Friday night"),
    talk,
    writing.NewMessage(message="Hello, Jane!", client_id="0b2f6c1e"),
    hello,
    writing.ConversationMessages(1, [hello], "redis"),
    groups.NewGroup(name="Chess", topic="Openings, endings, and what lies between"),
    groups.GroupChange(topic="Endings only", joinable=False),
    groups.GroupSummary(2, "Chess", "Endings only", 2, NOON, joined=True),
    groups.MemberOut(2, "janedoe", "Jane", "Doe", Role.MEMBER, NOON, None),
    groups.RoleChange(role="admin"),
    groups.Transfer(user_id=2),
    groups.Mute(seconds=3600),
    groups.Mute(until=TOMORROW),
    groups.BanOut(3, "mallory", 1, NOON),
    groups.NewInvite(expires_in_seconds=86400, max_uses=10),
    groups.InviteOut(1, 1, NOON, TOMORROW, 10, 0),
    groups.InviteLink(1, 1, NOON, TOMORROW, 10, 0, INVITE, f"http://localhost:8000/invite/{INVITE}"),
    talks.SocketAddress(1, "ws://localhost:8000/ws/chat/1/"),
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
    bots.IssuedOutgoingWebhook(secret="whsec_…", **asdict(receiver)),  # noqa: S106  nobody's
    bots.RotatedSecret(secret="whsec_…", previous_until=NOON),  # noqa: S106  nobody's
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
    social.FriendRequest(username="janedoe"),
    social.Friend(2, "janedoe", "Jane", "Doe", NOON),
    social.BlockedPerson(3, "mallory", "", "", NOON),
    social.PublicProfile(2, "janedoe", "Jane", "Doe", "friend"),
    social.PrivacySetting(),
    social.PrivacyChange(direct_chats="friends", receipts=False),
    mydata.ExportView(
        state="ready",
        progress=100,
        requested_at=NOON,
        ready_at=NOON,
        expires_at=NOON + timedelta(days=7),
        size=20480,
        download="/api/users/me/export/download",
    ),
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
    notices.ConversationMutes(mutes=[notices.ConversationMute(conversation_id=4, until=TOMORROW)]),
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
    moderation.AuditEntryView(
        id=9,
        at=NOON,
        actor=moderation.Named(4, "mo"),
        address="192.0.2.1",
        action="suspend_user",
        subject="user:3",
        details={"until": None, "reason": "Spam."},
    ),
    photo,
    files.OwnFiles([photo], bytes_used=486_529, bytes_allowed=2**30),
    files.AvatarChoice(file_id=PHOTO),
    files.AvatarOut(1, PHOTO, "/api/users/1/avatar"),
    lottery.SubmitBallots(draw_date=TODAY, count=1),
    lottery.SubmittedBallots(
        draw=draw, ballots=[lottery.BallotView(id=BALLOT, seq=0, draw_date=TODAY, submitted_at=NOON)]
    ),
    draw,
    lottery.WinningBallot(
        draw_date=TODAY,
        ballot=lottery.WinningBallotView(id=BALLOT, seq=0, draw_date=TODAY, submitted_at=NOON, username="johndoe"),
    ),
)
