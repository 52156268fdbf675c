"""The line in which messages and commands are written."""

from dataclasses import dataclass
from time import monotonic

from textual.message import Message
from textual.widgets import Input

from parlour_client.terminal.commands import Command, NoCommand, command_in

TYPING_SECONDS = 3.0
"""How often it is said that somebody goes on typing; others show it for twice as long."""


class SayLine(Input):
    @dataclass
    class Entered(Message):
        what: Command | str

    @dataclass
    class Typing(Message):
        goes_on: bool

    _typed_at = 0.0

    def take_up(self, draft: str) -> None:
        """As it was left; nobody types that now."""
        self._typed_at = 0.0
        with self.prevent(Input.Changed):
            self.value = draft

    def on_input_changed(self) -> None:
        goes_on = bool(self.value)
        if not goes_on or monotonic() - self._typed_at > TYPING_SECONDS:
            self._typed_at = monotonic() if goes_on else 0.0
            self.post_message(self.Typing(goes_on))

    def on_input_submitted(self) -> None:
        if not self.value.strip():
            return
        try:
            entered = command_in(self.value)
        except NoCommand as error:
            self.notify(str(error), severity="warning", markup=False)
        else:
            self.take_up("")
            self.post_message(self.Entered(entered))
