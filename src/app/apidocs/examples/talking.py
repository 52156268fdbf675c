"""John registers, logs in, plays, talks to Jane, and takes part in the draw."""

from datetime import UTC, date, datetime
from uuid import UUID

from msgspec import Struct

from app.apidocs.examples.story import NOON, PASSWORD, TODAY, TOMORROW
from app.domain.accounts import schemas as accounts
from app.domain.chat.roles import Role
from app.domain.chat.schemas import conversations as talks
from app.domain.chat.schemas import events as chat
from app.domain.chat.schemas import groups
from app.domain.chat.schemas import messages as writing
from app.domain.chat.schemas.reading import Unread
from app.domain.game import schemas as game
from app.domain.game.games.number import NumberMove
from app.domain.lottery import schemas as lottery
from app.domain.search import schemas as search
from app.domain.social import schemas as social

OPENED = datetime(2026, 11, 13, tzinfo=UTC)

BALLOT = UUID("019aa0f2-4c00-7b3e-9d5a-6f1c2e8b7a40")

ACCESS, REFRESH = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9…", "ndoH6v0MHvJLsPXSBWa1pT5Yqv9cQ0u3x2m7r4k8z1E"

PICTURE = UUID("019aa0f2-4c00-7c11-8a02-2f6d90b1c7e6")

INVITE = "dGhlIHBhcmxvdXIgaXMgb3BlbiB0bw"


john = accounts.Person(id=1, username="johndoe", email="john@example.com", first_name="John", last_name="Doe")

play = game.PlayResult(
    id=7,
    game="number",
    number=842,
    move={"number": 842},
    outcome={"percent": 50},
    result="win",
    prize=421.0,
    played_at=NOON,
    idempotency_key="spin-7",
)

first = game.Place(1, 1, "johndoe", 451.0, 4, 2, NOON)

week = game.BoardView(None, "week", date(2026, 11, 16), datetime(2026, 11, 23, tzinfo=UTC))

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
    NumberMove(number=842),
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
        win_streak=2,
        best_win_streak=2,
        day_streak=1,
        best_day_streak=3,
    ),
    first,
    week,
    game.LeaderboardView(week, 2, first, [first, game.Place(2, 2, "janedoe", 210.5, 9, 4, NOON)]),
    game.AchievementView("first_win", "First win", "Win for the first time.", NOON),
    talks.NewConversation(participants=[2]),
    talks.NewConversation(participants=[2, 3], name="Friday night"),
    talk,
    writing.NewMessage(message="Hello, Jane!", client_id="0b2f6c1e"),
    hello,
    writing.ConversationMessages(1, [hello], "redis"),
    groups.NewGroup(name="Chess", topic="Openings, endings, and what lies between"),
    groups.GroupPicture(file_id=PICTURE),
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
    search.SearchResults([search.SearchHit(1, hello, [(0, 5)])], None),
    talks.SocketAddress(1, "ws://localhost:8000/ws/chat/1/"),
    social.FriendRequest(username="janedoe"),
    social.Friend(2, "janedoe", "Jane", "Doe", NOON),
    social.BlockedPerson(3, "mallory", "", "", NOON),
    social.PublicProfile(2, "janedoe", "Jane", "Doe", "friend"),
    social.PrivacySetting(),
    social.PrivacyChange(direct_chats="friends", receipts=False),
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
