"""What John's client hears on its sockets."""

from datetime import timedelta
from typing import Any, TypedDict

from msgspec import Struct
from msgspec.structs import asdict

from app.apidocs.examples.around import export, mention, photo
from app.apidocs.examples.drawing import CHECKPOINT, draw
from app.apidocs.examples.story import NOON
from app.apidocs.examples.talking import first, hello, play, said, week
from app.apidocs.examples.together import pick, shared
from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas import events as chat
from app.domain.chat.schemas.reading import ReadFrame, Receipt
from app.domain.chat.schemas.sockets import ChatError, Retrieved
from app.domain.files.schemas import Attachment
from app.domain.game.schemas.plays import PlayResult
from app.domain.game.schemas.proofs import NextSeed, Proof
from app.domain.game.schemas.rounds import PickCount
from app.domain.game.schemas.standings import LeaderboardFrame, OwnPlaceFrame
from app.domain.live import schemas as live
from app.domain.lottery.schemas import CheckpointFrame, ClosingFrame, DrawFrame
from app.domain.mydata.schemas import ExportFrame
from app.domain.notices.schemas import NotificationFrame, NotificationsRead
from app.domain.presence.schemas import Presence, Seen, SomeoneTypes
from app.domain.social import schemas as social
from app.inbox.accept import Throttled
from app.problems import ErrorFrame

LATER = NOON + timedelta(minutes=1)
HASH, OTHER_HASH = "9f" * 32, "5d" * 32

jane = social.Friend(2, "janedoe", "Jane", "Doe", NOON)


class Change(TypedDict):
    conversation_id: int
    message_id: int
    actor_id: int
    timestamp: Any


by_jane: Change = {"conversation_id": 1, "message_id": 1, "actor_id": 2, "timestamp": LATER}
by_john: Change = {**by_jane, "actor_id": 1}

thrown = PlayResult(
    id=8,
    game="dice",
    move={"side": "over", "chance": 50, "epoch": 1, "nonce": HASH},
    outcome={"roll": 54},
    result="win",
    prize=2.0,
    played_at=NOON,
    idempotency_key="throw-1",
    proof=Proof(1, 1, OTHER_HASH, HASH, HASH, "player", OTHER_HASH, NextSeed(1, 2, HASH)),
)

EXAMPLES: tuple[Struct, ...] = (
    live.Ready(1, "johndoe", NOON + timedelta(minutes=15)),
    said,
    chat.MessageFrame(
        32,
        "@johndoe your move",
        2,
        "janedoe",
        LATER,
        4,
        "7d41aa02",
        reply_to=31,
        mentions=[1],
        reactions={"👍": [1, 3]},
        attachments=[Attachment(photo.id, photo.name, photo.media_type, photo.size, photo.width, photo.height)],
        edited_at=LATER,
    ),
    chat.MessageFrame(33, "", 2, "janedoe", LATER, 4, "91fd3b60", deleted=True),
    chat.MessageFrame(34, "Endgames", 1, "johndoe", LATER, 4, "group 34", kind="renamed"),
    chat.MessageFrame(35, "", 2, "janedoe", LATER, 4, "group 35", kind="added", subject_id=3),
    chat.MessageFrame(3, "Look!", 1, "johndoe", LATER, 2, "look-7", card=shared),
    chat.Edited(seq=2, **by_john, client_id="5e90c7d3", message="Hello again, Jane!"),
    chat.Reacted(seq=3, **by_jane, client_id="c8a5e214", emoji="👍"),
    chat.Unreacted(seq=4, **by_jane, client_id="2b7706f9", emoji="👍"),
    chat.Deleted(seq=5, **by_john, client_id="91fd3b60"),
    chat.Withheld(6, 1),
    live.Subscribed(1, 6),
    live.Unsubscribed(1),
    chat.ConversationAdded(4, 35),
    chat.ConversationRemoved(4, 36, "left"),
    live.Stored("0b2f6c1e", 1, 1, 1, NOON),
    ReadFrame(1, 2, messages=1, mentions=0),
    Receipt(1, 2, 1, LATER),
    play,
    thrown,
    pick,
    PickCount(2, 1, 1),
    LeaderboardFrame(week, [first]),
    OwnPlaceFrame(week, 2, first),
    CheckpointFrame(CHECKPOINT),
    ClosingFrame(lottery="daily", number=7, period="2026-11-20", closes_at=draw.closes_at, ballots=1),
    DrawFrame(**asdict(draw)),
    NotificationFrame(**asdict(mention)),
    NotificationsRead(up_to_id=12, ids=[], unread=0),
    SomeoneTypes(1, 2, "janedoe", typing=True, expires_in=6),
    SomeoneTypes(1, 2, "janedoe", typing=False, expires_in=0),
    Seen([Presence(2, "away"), Presence(3, "offline", NOON)]),
    social.FriendRequested(jane, by_me=False),
    social.FriendAccepted(jane, by_me=True),
    social.FriendRequestDropped(jane, by_me=False),
    social.FriendRemoved(jane, by_me=False),
    social.Blocked(social.BlockedPerson(3, "mallory", "", "", NOON)),
    social.Unblocked(3),
    ExportFrame(**asdict(export)),
    live.Pong(),
    Retrieved([hello]),
    ErrorFrame(Throttled.code, Throttled.detail, client_id="0b2f6c1e", conversation_id=1, retry_after=1),
    ErrorFrame(NotAMember.code, NotAMember.detail, conversation_id=99),
    ChatError(Throttled.detail, client_id="0b2f6c1e"),
)
