"""A Parlour in the terminal."""

from textual.app import App

from parlour_client.answers import Person
from parlour_client.client import Client
from parlour_client.terminal.entry import EntryScreen
from parlour_client.terminal.keeping import KeptSession
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
        self._kept = KeptSession(url)
        self._client = Client(url)

    def on_mount(self) -> None:
        try:
            refresh, why = self._kept.claim(), ""
        except OSError as error:
            refresh, why = None, f"You will not stay logged in: {error}"
        else:
            if not self._kept.is_ours:
                why = "Another terminal stays logged in here. This one does for as long as it runs."
        self._enter(refresh, why)

    async def on_unmount(self) -> None:
        await self._client.close()
        self._kept.release()

    def _enter(self, refresh: str | None, why: str) -> None:
        self._client = Client(self._url, refresh=refresh, keep=self._keep)
        self.push_screen(EntryScreen(self._client, self._url, why, goes_on=refresh is not None), self._welcome)

    def _keep(self, refresh: str | None) -> None:
        try:
            self._kept.keep(refresh)
        except OSError as error:
            self.notify(f"You will not stay logged in: {error}", severity="warning", markup=False)

    def _welcome(self, person: Person | None) -> None:
        if person:
            self.push_screen(TalkScreen(self._client, person, self._url), self._leave)

    async def _leave(self, successor: Person | None) -> None:
        """Somebody else has logged in, or nobody is any more."""
        if successor:
            self._welcome(successor)
        else:
            await self._client.close()
            self._enter(None, "You are logged out.")
