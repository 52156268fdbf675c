"""What John's client says on its sockets."""

from msgspec import Raw, Struct

from app.apidocs.examples.around import PHOTO
from app.apidocs.examples.talking import ACCESS
from app.domain.chat.schemas.sockets import ChatFrame
from app.domain.game.schemas.plays import SocketMove
from app.domain.game.schemas.standings import WatchedBoard, WatchLeaderboards
from app.domain.live import schemas as live
from app.domain.presence.schemas import Turn, Typing, Watch

EXAMPLES: tuple[Struct, ...] = (
    live.Authenticate(token=ACCESS),
    live.Subscribe(conversation_id=1, after=0),
    live.Unsubscribe(conversation_id=1),
    live.Resume(positions={1: 1, 7: 230}),
    live.Send(conversation_id=1, message="Hello, Jane!", client_id="0b2f6c1e"),
    live.Send(conversation_id=2, message="Here is the board", client_id="7d41aa02", reply_to=31, files=[PHOTO]),
    live.EditMessage(conversation_id=1, message_id=1, message="Hello again, Jane!", client_id="5e90c7d3"),
    live.DeleteMessage(conversation_id=1, message_id=1, client_id="91fd3b60"),
    live.React(conversation_id=1, message_id=2, emoji="👍", client_id="c8a5e214"),
    live.React(conversation_id=1, message_id=2, emoji="👍", client_id="2b7706f9", on=False),
    live.Read(conversation_id=1, message_id=2),
    live.Play(number=842, idempotency_key="spin-7"),
    live.Play(game="dice", move=Raw(b'{"side":"over","chance":50}'), idempotency_key="throw-1"),
    live.Pick(round_id=1, move=Raw(b'{"side":"under","chance":80}'), idempotency_key="my-pick"),
    live.Share(conversation_id=2, play="spin-7", client_id="look-7", message="Look!"),
    Typing(conversation_id=1),
    Typing(conversation_id=1, typing=False),
    Turn(state="away"),
    Watch(users=[2, 3]),
    WatchLeaderboards(boards=[WatchedBoard(period="day"), WatchedBoard(period="all", game="number")]),
    live.Ping(),
    ChatFrame(message="Hello, Jane!"),
    ChatFrame(action="send_message", message="Hello, Jane!", client_id="0b2f6c1e"),
    ChatFrame(action="retrieve_message", number=2),
    SocketMove(number=842, idempotency_key="spin-7"),
)
