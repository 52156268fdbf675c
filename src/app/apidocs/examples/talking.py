"""John registers, logs in, plays, and talks to Jane."""

from datetime import UTC, date, datetime
from uuid import UUID

from msgspec import Struct

from app.apidocs.examples.story import NOON, PASSWORD, TOMORROW
from app.domain.accounts import schemas as accounts
from app.domain.chat.roles import Role
from app.domain.chat.schemas import conversations as talks
from app.domain.chat.schemas import events as chat
from app.domain.chat.schemas import groups, reading
from app.domain.chat.schemas import messages as writing
from app.domain.game.games.dice import DiceMove
from app.domain.game.games.number import NumberMove
from app.domain.game.games.number import game as number
from app.domain.game.schemas import plays as game
from app.domain.game.schemas import proofs
from app.domain.game.schemas import standings as boards
from app.domain.search import schemas as search
from app.domain.social import schemas as social

OPENED = datetime(2026, 11, 13, tzinfo=UTC)


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

first = boards.BoardPlace(1, 1, "johndoe", 451.0, 4, 2, NOON)

week = boards.BoardView(None, "week", date(2026, 11, 16), datetime(2026, 11, 23, tzinfo=UTC))
GENESIS = "46a39f290379cfd920cf8e2576772b247b3a144c8bb2e60fff4a020553313bc6"

NONCE = "0a78009591722cc84825ca95ee7ffa52428047ed12c9076044ebfe8665f9657f"

dice = proofs.ProvenPlay(
    n=1,
    seed="d195de8e2ece0f7aefe7ab12a1b25c29c9cc405cc4c2286e5be1765274836a3e",
    nonce=NONCE,
    nonce_by="player",
    move={"side": "over", "chance": 50},
    entropy="5c88f93a9a0b24c1ea62a11a4f919c71424457f8587a12ea589f733fc093c16b",
    outcome={"roll": 54},
    prize_cents=200,
)

said = chat.MessageFrame(1, "Hello, Jane!", 1, "johndoe", NOON, 1, "0b2f6c1e")

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
    unread=reading.Unread(1, 0, 0),
    websocket_url="ws://localhost:8000/ws/chat/1/",
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
    DiceMove(side="under", chance=8),
    DiceMove(side="over", chance=50, epoch=1, nonce=NONCE),
    proofs.EpochView("dice", 1, GENESIS, 250, 0, proofs.NextSeed(1, 1, GENESIS), NOON, None),
    proofs.PlaysFile("fairdraw-plays/1", "dice", 7, 1, GENESIS, [dice]),
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
    boards.LeaderboardView(week, 2, first, [first, boards.BoardPlace(2, 2, "janedoe", 210.5, 9, 4, NOON)]),
    boards.AchievementView("first_win", "First win", "Win for the first time.", NOON),
    talks.NewConversation(participants=[2]),
    talks.NewConversation(participants=[2, 3], name="Friday night"),
    talk,
    writing.NewMessage(message="Hello, Jane!", client_id="0b2f6c1e"),
    hello,
    writing.ConversationMessages(1, [hello], "redis"),
    writing.MessageEdit(message="Hello again, Jane!", client_id="5e90c7d3"),
    writing.ConversationEvents(1, [said], 1, 1),
    reading.ReadUpTo(message_id=1),
    reading.Receipts([reading.Receipt(1, 2, 1, NOON)]),
    reading.Totals(conversations=1, mentions=0),
    game.GameView.of(number),
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
)
