"""Who are you? Logged in, the conversations open."""

import asyncio

from textual.app import ComposeResult
from textual.containers import Center, Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Button, Input, Label, Static

from parlour_client.answers import Person
from parlour_client.client import Client
from parlour_client.errors import LoggedOut, ParlourError
from parlour_client.pauses import pause
from parlour_client.terminal.wording import printable


class EntryScreen(Screen[Person]):
    """Answers who has logged in."""

    def __init__(self, client: Client, url: str, why: str = "", *, goes_on: bool = False) -> None:
        super().__init__()
        self._client = client
        self._url = url
        self._why = why
        self._goes_on = goes_on
        """The client has a session from before."""

    def compose(self) -> ComposeResult:
        with Center(), Vertical(id="entry"):
            yield Label(f"Parlour at {self._url}", markup=False)
            yield Input(placeholder="Username or email", id="name")
            yield Input(placeholder="Password", password=True, id="password")
            with Horizontal():
                yield Button("Log in", variant="primary", id="log-in")
                yield Button("Register", id="register")
            yield Static(self._why, id="why", markup=False)

    def on_mount(self) -> None:
        if self._goes_on:
            self._say("Logging in as before …")
            self.run_worker(self._go_on(), exclusive=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "name":
            self.query_one("#password").focus()
        else:
            self._enter(registering=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self._enter(registering=event.button.id == "register")

    def _enter(self, *, registering: bool) -> None:
        name, password = (self.query_one(one, Input).value for one in ("#name", "#password"))
        self._say("…")
        self.run_worker(self._log_in(name, password, registering=registering), exclusive=True)

    async def _go_on(self) -> None:
        attempt = 0
        while True:
            try:
                person = await self._client.me()
            except LoggedOut as error:
                return self._say(str(error))
            except ParlourError as error:
                self._say(f"{error} Trying again …")
                await asyncio.sleep(pause(attempt))
                attempt += 1
            else:
                self.dismiss(person)
                return None

    async def _log_in(self, name: str, password: str, *, registering: bool) -> None:
        try:
            if registering:
                await self._client.register(name, password)
            person = await self._client.log_in(name, password)
        except ParlourError as error:
            self._say(str(error))
        else:
            self.dismiss(person)

    def _say(self, text: str) -> None:
        self.query_one("#why", Static).update(printable(text))
