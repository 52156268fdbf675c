"""Every frame of every socket: who sends it, and what answers it.

The AsyncAPI document, the browser client's types, and tests are made from it.
"""

from collections.abc import Mapping
from typing import NamedTuple, get_args

from msgspec import Struct

from app.domain.chat.schemas.events import (
    ConversationAdded,
    ConversationRemoved,
    Deleted,
    Edited,
    MessageFrame,
    Reacted,
    Unreacted,
    Withheld,
)
from app.domain.chat.schemas.reading import ReadFrame, Receipt
from app.domain.chat.schemas.sockets import ChatError, ChatFrame, Retrieved
from app.domain.game.schemas.plays import PlayResult, SocketMove
from app.domain.game.schemas.rounds import PickCount, PickOut
from app.domain.game.schemas.standings import LeaderboardFrame, OwnPlaceFrame, WatchLeaderboards
from app.domain.live import schemas as live
from app.domain.lottery.schemas import CheckpointFrame, ClosingFrame, DrawFrame
from app.domain.mydata.schemas import ExportFrame
from app.domain.notices.schemas import NotificationFrame, NotificationsRead
from app.domain.presence.schemas import Seen, SomeoneTypes, Turn, Typing, Watch
from app.domain.social import schemas as social
from app.problems import ErrorFrame

Frames = tuple[type[Struct], ...]

TOLD: Frames = get_args(live.ClientFrame)
"""What a client may send on `/ws`."""

HEARD: Frames = (
    live.Ready,
    MessageFrame,
    Edited,
    Deleted,
    Reacted,
    Unreacted,
    Withheld,
    live.Subscribed,
    live.Unsubscribed,
    ConversationAdded,
    ConversationRemoved,
    live.Stored,
    ReadFrame,
    Receipt,
    PlayResult,
    PickOut,
    PickCount,
    LeaderboardFrame,
    OwnPlaceFrame,
    CheckpointFrame,
    ClosingFrame,
    DrawFrame,
    NotificationFrame,
    NotificationsRead,
    SomeoneTypes,
    Seen,
    social.FriendRequested,
    social.FriendAccepted,
    social.FriendRequestDropped,
    social.FriendRemoved,
    social.Blocked,
    social.Unblocked,
    ExportFrame,
    live.Pong,
)
"""What it may hear there, besides errors."""

STORED: Frames = (live.Stored,)

ANSWERS: Mapping[type[Struct], Frames] = {
    live.Authenticate: (live.Ready,),
    live.Subscribe: (live.Subscribed,),
    live.Unsubscribe: (live.Unsubscribed,),
    live.Resume: (live.Subscribed,),
    live.Send: STORED,
    live.EditMessage: STORED,
    live.DeleteMessage: STORED,
    live.React: STORED,
    live.Read: (ReadFrame,),
    live.Play: (PlayResult,),
    live.Pick: (PickOut,),
    live.Share: STORED,
    Typing: (),
    Turn: (),
    Watch: (Seen,),
    WatchLeaderboards: (LeaderboardFrame, OwnPlaceFrame),
    live.Ping: (live.Pong,),
    ChatFrame: (MessageFrame, Retrieved),
    SocketMove: (PlayResult,),
}
"""What tells a client that a frame of its own was taken, where nothing was wrong with it."""


class Socket(NamedTuple):
    told: Frames
    heard: Frames
    error: type[Struct]
    """What is heard when a frame is refused. It closes nothing."""


SOCKETS: Mapping[str, Socket] = {
    "/ws": Socket(TOLD, HEARD, ErrorFrame),
    "/ws/chat/{conversation_id}/": Socket(
        (ChatFrame,),
        (MessageFrame, Edited, Deleted, Reacted, Unreacted, Withheld, PickCount, SomeoneTypes, Retrieved),
        ChatError,
    ),
    "/ws/game/": Socket((SocketMove,), (PlayResult,), ErrorFrame),
}
"""By their addresses."""


def name_of(frame: type[Struct]) -> str:
    """As its `type` says it; those of the older sockets that have none, by their struct."""
    return str(frame.__struct_config__.tag or frame.__name__)
