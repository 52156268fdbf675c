"""What the screen shows, without a screen: conversations, what was heard of them, and what is on its way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from uuid import UUID

from parlour_client.answers import Conversation
from parlour_client.fold import fold
from parlour_client.frames import Read, SomeoneTypes
from parlour_client.happenings import Happening, Message, Withheld, author_of
from parlour_client.live import new_name

State = Literal["sending", "stored", "failed"]
PAGE = 50


@dataclass
class Echo:
    """What somebody here has written, until it is heard: `stored` when the server has said so."""

    text: str
    file: Path | None = None
    client_id: str = field(default_factory=new_name)
    """The upload's as well."""
    uploaded: list[UUID] = field(default_factory=list)
    state: State = "sending"
    why: str = ""


@dataclass
class Room:
    id: int
    title: str
    people: list[int]
    """The others, in a conversation of two."""
    unread: int
    last: int
    """The number of the newest event."""
    messages: dict[int, Message] = field(default_factory=dict)
    """A stretch without holes, once it `was_read`: as far back as somebody has scrolled."""
    echoes: list[Echo] = field(default_factory=list)
    draft: str = ""
    was_read: bool = False
    from_start: bool = False
    _typing: dict[int, tuple[str, float]] = field(default_factory=dict)
    _meanwhile: list[Happening] | None = None
    """Heard while a page is on its way, which may be older."""

    @classmethod
    def of(cls, conversation: Conversation, me: int) -> "Room":
        others = [one for one in conversation.participants if one.id != me]
        title = conversation.name or ", ".join(one.username for one in others) or f"conversation {conversation.id}"
        people = [one.id for one in others] if conversation.kind == "direct" else []
        return cls(conversation.id, title, people, conversation.unread.messages, conversation.last_message_id)

    def hear(self, event: Happening, me: int) -> None:
        self.last = event.seq
        fold(self.messages, event)
        if self._meanwhile is not None:
            self._meanwhile.append(event)
        if isinstance(event, Withheld):
            return
        author = author_of(event)
        self._typing.pop(author, None)
        if author == me:
            self.echoes = [echo for echo in self.echoes if echo.client_id != event.client_id]
        elif isinstance(event, Message):
            self.unread += 1

    def begin_reading(self) -> None:
        """A page of its history is asked for."""
        self._meanwhile = []

    def join(self, page: Iterable[Message], *, whole: bool) -> None:
        """Earlier messages; `whole` when nothing came before them."""
        found = {message.message_id: message for message in page}
        for event in self._meanwhile or ():
            fold(found, event)
        self._meanwhile = None
        self.messages = dict(sorted({**self.messages, **found}.items()))
        self.was_read, self.from_start = True, whole

    @property
    def first(self) -> int | None:
        return min(self.messages, default=None)

    def says(self, text: str, file: Path | None = None) -> Echo:
        echo = Echo(text, file)
        self.echoes.append(echo)
        return echo

    def take_position(self, read: Read) -> None:
        self.unread = read.messages

    def learn_who_types(self, frame: SomeoneTypes, now: float) -> None:
        if frame.typing:
            self._typing[frame.user_id] = frame.username, now + frame.expires_in
        else:
            self._typing.pop(frame.user_id, None)

    def who_types(self, now: float) -> list[str]:
        return [name for name, until in self._typing.values() if until > now]
