"""The conversations, and the one that is open."""

from pathlib import Path
from time import monotonic

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static

from parlour_client.answers import Person
from parlour_client.client import Client
from parlour_client.errors import LoggedOut, ParlourError, Unreachable
from parlour_client.frames import ConversationAdded, Disconnected, Event, Ready
from parlour_client.telling import Typing
from parlour_client.terminal.commands import LogOut, Save, SendFile
from parlour_client.terminal.entry import EntryScreen
from parlour_client.terminal.house import House
from parlour_client.terminal.playing import PlayScreen
from parlour_client.terminal.roomlist import RoomList
from parlour_client.terminal.rooms import Echo, Room
from parlour_client.terminal.saying import SayLine
from parlour_client.terminal.transcript import Transcript
from parlour_client.terminal.wording import printable, room_line, transcript_rows, typing_line


class TalkScreen(Screen[Person | None]):
    """Answers who has logged in after this one, or None: logged out."""

    BINDINGS = [  # noqa: RUF012  Textual reads it from the class
        Binding("ctrl+n", "next(1)", "Next", priority=True),
        Binding("ctrl+p", "next(-1)", "Previous", priority=True),
        Binding("pageup", "earlier", "Earlier", priority=True),
        Binding("pagedown", "later", "Later", show=False, priority=True),
        Binding("ctrl+r", "retry", "Try again"),
        Binding("ctrl+g", "play", "Play"),
        Binding("ctrl+q", "app.quit", "Quit", priority=True),
    ]

    def __init__(self, client: Client, me: Person, url: str) -> None:
        super().__init__()
        self._client = client
        self._url = url
        self._house = House(client, me)
        self._open: Room | None = None
        self._due = False

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield RoomList(id="rooms")
            with Vertical():
                yield Static(id="title", markup=False)
                yield Transcript(id="transcript")
                yield Static(id="typing", markup=False)
                yield SayLine(placeholder="Say something, or /file, /save, /logout", id="say", disabled=True)
        yield Static("Connecting…", id="link", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._listen()
        self.set_interval(1.0, self._changed)  # Typing ends by itself.

    # What happens

    def _listen(self) -> None:
        self.run_worker(self._hear_all(), group="listening", exclusive=True)

    async def _hear_all(self) -> None:
        try:
            async for event in self._client.events():
                if not self.display:
                    return  # It is being taken down.
                self._hear(event)
                self._changed()
        except Unreachable:
            return  # Closed, with the application.
        except LoggedOut as error:
            self.app.push_screen(EntryScreen(self._client, self._url, str(error)), self._come_back)

    def _hear(self, event: Event) -> None:
        match event:
            case Ready():
                self._say_of_link("Connected")
                self.run_worker(self._settle_in(), group="settling", exclusive=True)
            case Disconnected():
                self._say_of_link(f"Reconnecting in {event.retry_seconds:.1f} s: {event.reason or event.code}")
            case ConversationAdded():
                self.run_worker(self._move_in(event.conversation_id))
            case _:
                self._house.hear(event)

    def _come_back(self, person: Person | None) -> None:
        """Logged in again. What was not sent is still here, unless it is somebody else's."""
        if person and person.id == self._house.me.id:
            self._listen()
        elif person:
            self.dismiss(person)

    async def _settle_in(self) -> None:
        try:
            await self._house.settle_in()
        except ParlourError:
            return  # Which has ended the events as well.
        self._changed()
        if self._open is None and self._house.rooms and self.display:
            self._enter(next(iter(self._house.rooms.values())))

    async def _move_in(self, conversation_id: int) -> None:
        await self._house.move_in(conversation_id)
        self._changed()

    # What somebody does

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if room := self._house.rooms.get(int(event.option_id or 0)):
            self._enter(room)

    def action_next(self, step: int) -> None:
        rooms = list(self._house.rooms.values())
        if rooms:
            place = rooms.index(self._open) + step if self._open in rooms else 0
            self._enter(rooms[place % len(rooms)])

    def _enter(self, room: Room) -> None:
        say = self.query_one(SayLine)
        if self._open:
            self._open.draft = say.value
        self._open = room
        self.query_one(Transcript).restart()
        say.disabled = False
        say.take_up(room.draft)
        say.focus()
        self._read()
        self._changed()

    def on_transcript_top_reached(self) -> None:
        self._read()

    def action_earlier(self) -> None:
        self.query_one(Transcript).action_page_up()

    def action_later(self) -> None:
        self.query_one(Transcript).action_page_down()

    def _read(self) -> None:
        if self._open:
            self.run_worker(self._read_on(self._open), group="reading", exclusive=True)

    async def _read_on(self, room: Room) -> None:
        try:
            await self._house.read(room)
        except ParlourError as error:
            self._warn(error)
        self._changed()

    def on_say_line_typing(self, event: SayLine.Typing) -> None:
        if self._open:
            self.run_worker(self._client.tell(Typing(self._open.id, event.goes_on)), group="typing", exclusive=True)

    def on_say_line_entered(self, event: SayLine.Entered) -> None:
        match event.what:
            case LogOut():
                self.run_worker(self._log_out(), group="leaving", exclusive=True)
            case str() if self._open:
                self._say(self._open, self._open.says(event.what))
            case SendFile(file, caption) if self._open:
                self._say(self._open, self._open.says(caption, file))
            case Save(message_id, directory) if self._open:
                self.run_worker(self._save(self._open, message_id, directory), group="saving")

    def _say(self, room: Room, echo: Echo) -> None:
        self._deliver(room, echo)
        self.query_one(Transcript).follow()

    async def _save(self, room: Room, message_id: int, directory: Path) -> None:
        try:
            saved = await self._house.save(room, message_id, directory)
        except (ParlourError, OSError) as error:
            self._warn(error)
        else:
            told = [f"Saved as {file}." for file in saved] or [f"There is no file at {message_id}."]
            self.notify(printable("\n".join(told)), markup=False)

    async def _log_out(self) -> None:
        try:
            await self._client.log_out()
        except ParlourError as error:
            self._warn(error)
        else:
            self.dismiss(None)

    def _warn(self, error: Exception) -> None:
        self.notify(printable(str(error)), severity="warning", markup=False)

    def action_retry(self) -> None:
        for room in self._house.rooms.values():
            for echo in room.echoes:
                if echo.state == "failed":
                    self._deliver(room, echo)

    def _deliver(self, room: Room, echo: Echo) -> None:
        self.run_worker(self._see_through(room, echo), group="sending")

    async def _see_through(self, room: Room, echo: Echo) -> None:
        self._changed()
        await self._house.deliver(room, echo)
        self._changed()

    def action_play(self) -> None:
        self.app.push_screen(PlayScreen(self._client))

    # What is shown

    def _changed(self) -> None:
        """Show it soon: once, however much happens in the meantime."""
        if not self._due:
            self._due = True
            self.call_later(self._show)

    def _show(self) -> None:
        self._due = False
        if not (self.is_mounted and self.display):
            return
        room = self._open
        lines = [(str(one.id), room_line(one, self._presence_of(one))) for one in self._house.rooms.values()]
        self.query_one(RoomList).show(lines, str(room.id) if room else None)
        if room is None:
            return
        if room.id not in self._house.rooms:
            self.query_one(SayLine).disabled = True
        elif room.unread and room.was_read and self.query_one(Transcript).follows:
            self.run_worker(self._house.has_read(room), group=f"read {room.id}", exclusive=True)
        self.query_one("#title", Static).update(room_line(room, self._presence_of(room)))
        self.query_one("#typing", Static).update(typing_line(room.who_types(monotonic())))
        if room.was_read:
            self.query_one(Transcript).show(transcript_rows(room, self._house.me))

    def _presence_of(self, room: Room) -> str | None:
        return self._house.presence.get(room.people[0]) if room.people else None

    def _say_of_link(self, text: str) -> None:
        self.query_one("#link", Static).update(printable(text))
