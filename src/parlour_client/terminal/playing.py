"""The number game: a number from 1 to 9999, even wins."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.validation import Integer
from textual.widgets import Input, Label, Static

from parlour_client.client import Client
from parlour_client.errors import ParlourError
from parlour_client.terminal.wording import printable, result_line

HIGHEST = 9999


class PlayScreen(ModalScreen[None]):
    BINDINGS = [Binding("escape", "dismiss", "Back")]  # noqa: RUF012  Textual reads it from the class

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client

    def compose(self) -> ComposeResult:
        with Vertical(id="play"):
            yield Label(f"A number from 1 to {HIGHEST}. Even wins.")
            yield Input(type="integer", validators=[Integer(1, HIGHEST)], validate_on=["submitted"], id="number")
            yield Static(id="result", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.validation_result and event.validation_result.is_valid:
            event.input.clear()
            self.run_worker(self._play(int(event.value)))
        else:
            self._say(f"It has to be a number from 1 to {HIGHEST}.")

    async def _play(self, number: int) -> None:
        self._say(f"{number} …")
        try:
            self._say(result_line(await self._client.play(number)))
        except ParlourError as error:
            self._say(str(error))

    def _say(self, text: str) -> None:
        self.query_one("#result", Static).update(printable(text))
