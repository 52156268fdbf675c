"""A Parlour in the terminal."""

from textual.app import App

from parlour_client.answers import Person
from parlour_client.client import Client
from parlour_client.terminal.entry import EntryScreen
from parlour_client.terminal.talk import TalkScreen


class ParlourChat(App[None]):
    """Everything that it shows came over the one client, which ends with it."""

    TITLE = "Parlour"
    CSS_PATH = "terminal.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, url: str) -> None:
        super().__init__()
        self.animation_level = "none"  # What is still on its way up cannot keep its place.
        self._url = url
        self._client = Client(url)

    def on_mount(self) -> None:
        self.push_screen(EntryScreen(self._client, self._url), self._welcome)

    async def on_unmount(self) -> None:
        await self._client.close()

    def _welcome(self, person: Person | None) -> None:
        if person:
            self.push_screen(TalkScreen(self._client, person, self._url))
