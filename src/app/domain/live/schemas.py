"""The frames of `/ws`, each told apart by its `type`. Those of a message and of a result are their own slices'."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from app.domain.chat.schemas.entries import Deletion, Edit, Reaction
from app.domain.chat.schemas.fields import ClientId, Emoji, FileIds, Number, RowId, Text
from app.domain.game.games import number as the_number_game
from app.domain.game.schemas.plays import GameName, Key, ShareRequest
from app.domain.game.schemas.standings import WatchLeaderboards
from app.domain.live.rules import SUBSCRIPTIONS
from app.domain.presence.schemas import Turn, Typing, Watch

TOKEN_CHARACTERS = 4096
encode = msgspec.json.Encoder().encode


class Authenticate(Struct, tag="authenticate", forbid_unknown_fields=True):
    """The first frame of a socket without a credential; later, a fresh token before the old one expires."""

    token: Annotated[str, Meta(max_length=TOKEN_CHARACTERS)]


class Subscribe(Struct, tag="subscribe", forbid_unknown_fields=True):
    """Hear a conversation; with `after`, what came since that message first."""

    conversation_id: RowId
    after: Number | None = None


class Unsubscribe(Struct, tag="unsubscribe", forbid_unknown_fields=True):
    """Stop hearing a conversation."""

    conversation_id: RowId


class Resume(Struct, tag="resume", forbid_unknown_fields=True):
    """After a lost connection: the last message seen of each conversation. Subscribes to all of them."""

    positions: Annotated[dict[RowId, Number], Meta(max_length=SUBSCRIPTIONS)]


class Send(Struct, tag="send", forbid_unknown_fields=True):
    """A message, under a name of yours; with `reply_to`, an answer to another one."""

    conversation_id: RowId
    message: Text
    client_id: ClientId
    reply_to: RowId | None = None
    files: FileIds = []


class EditMessage(Struct, tag="edit", forbid_unknown_fields=True):
    """Another text for a message of yours."""

    conversation_id: RowId
    message_id: RowId
    message: Text
    client_id: ClientId

    def entry(self, sender_id: int) -> Edit:
        return Edit(self.conversation_id, sender_id, self.client_id, self.message_id, self.message)


class DeleteMessage(Struct, tag="delete", forbid_unknown_fields=True):
    """Delete a message for everyone: yours, or as an owner or admin of the group any."""

    conversation_id: RowId
    message_id: RowId
    client_id: ClientId

    def entry(self, sender_id: int) -> Deletion:
        return Deletion(self.conversation_id, sender_id, self.client_id, self.message_id)


class React(Struct, tag="react", forbid_unknown_fields=True):
    """Put an emoji to a message, or with `on` false take it off."""

    conversation_id: RowId
    message_id: RowId
    emoji: Emoji
    client_id: ClientId
    on: bool = True

    def entry(self, sender_id: int) -> Reaction:
        return Reaction(self.conversation_id, sender_id, self.client_id, self.message_id, self.emoji, self.on)


class Read(Struct, tag="read", forbid_unknown_fields=True):
    """You have read up to this message."""

    conversation_id: RowId
    message_id: Number


class Play(Struct, tag="play", forbid_unknown_fields=True):
    """A move in a game; or with `number` alone, in the number game."""

    number: the_number_game.Number | UnsetType = UNSET
    game: GameName = the_number_game.game.name
    move: Raw | UnsetType = UNSET
    idempotency_key: Key | None = None

    def __post_init__(self) -> None:
        if isinstance(self.number, UnsetType) == isinstance(self.move, UnsetType):
            raise ValueError("give a `number`, or a `game` and a `move`")

    @property
    def body(self) -> Raw | bytes:
        """The move in JSON, to be decoded as the game's."""
        return encode({"number": self.number}) if isinstance(self.move, UnsetType) else self.move


class Pick(Struct, tag="pick", forbid_unknown_fields=True):
    """A move in a round of a group. Under another key it replaces the pick before, until the round closes."""

    round_id: RowId
    move: Raw
    idempotency_key: Key | None = None


class Share(Struct, tag="share", forbid_unknown_fields=True):
    """Show a play of yours in a conversation. `play` is the key that it was played under."""

    conversation_id: RowId
    play: Key
    client_id: ClientId
    message: Text = ""

    @property
    def where(self) -> ShareRequest:
        return ShareRequest(conversation_id=self.conversation_id, client_id=self.client_id, message=self.message)


class Ping(Struct, tag="ping", forbid_unknown_fields=True):
    """Is anybody there?"""


ClientFrame = (
    Authenticate
    | Subscribe
    | Unsubscribe
    | Resume
    | Send
    | EditMessage
    | DeleteMessage
    | React
    | Read
    | Play
    | Pick
    | Share
    | Typing
    | Turn
    | Watch
    | WatchLeaderboards
    | Ping
)


class Ready(Struct, tag="ready"):
    """The socket is open for this account until the token expires; that of a bot's key may never."""

    user_id: int
    username: str
    expires_at: datetime | None


class Subscribed(Struct, tag="subscribed"):
    """Every message after `position` will come, once and in order; what was missed has come before this frame."""

    conversation_id: int
    position: int


class Unsubscribed(Struct, tag="unsubscribed"):
    """No further message of it will come. Unasked, it says that you are no longer in the conversation."""

    conversation_id: int


class Stored(Struct, tag="stored"):
    """The acknowledgement of a send, an edit, a deletion or a reaction: PostgreSQL has it.

    `seq` is the number of the event; for a send it is the message's id as well.
    """

    client_id: str
    conversation_id: int
    message_id: int
    seq: int
    timestamp: datetime


class Pong(Struct, tag="pong"):
    """Somebody is."""
