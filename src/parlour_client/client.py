"""Somebody at a Parlour: a person or a bot, with requests over HTTP and one socket for everything that happens."""

from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx
import msgspec

from parlour_client import files
from parlour_client.answers import Ballots, Conversation, Page, Person, message
from parlour_client.api import Api, Keep
from parlour_client.frames import Result
from parlour_client.happenings import Attachment, Message
from parlour_client.live import Live, new_name
from parlour_client.reading import read


class Client(Live):
    """`async with Client(url) as parlour`: nothing of it is left running after the block.

    With an API key as `token` it is a bot. With a `refresh` token it goes on with the session that has it; without
    either it logs in. `keep` is called with each refresh token as soon as there is one: it works once, so only the last
    is any good; and with None when the session is over. What it raises goes to who asked.

    Requests raise Refused when the server says no,
    LoggedOut (a Refused) when the credential is over, and Unreachable when no answer came. The socket opens with the
    first `send`, `subscribe` or `events`, and is dialled anew whenever it is lost, until LoggedOut.
    """

    def __init__(
        self, url: str, *, token: str | None = None, refresh: str | None = None, keep: Keep | None = None
    ) -> None:
        super().__init__(url, Api(url, token, refresh, keep))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """As the end of the block does."""
        await self.hang_up()
        await self._api.close()

    async def register(self, username: str, password: str, *, email: str | None = None) -> Person:
        """Make an account; log in as it next. After Unreachable it may have been made: then the name is taken."""
        body = {"username": username, "password": password, **({"email": email} if email else {})}
        return read(await self._api.send("POST", "/api/users/register", json=body), Person)

    async def log_in(self, name: str, password: str) -> Person:
        """By username or email. The session is renewed as long as this client lives, and after it for its own time."""
        return await self._api.log_in(name, password)

    async def log_out(self) -> None:
        """End the session, and within seconds its socket. That it has ended already is no error."""
        await self._api.log_out()

    async def me(self) -> Person:
        """Who is logged in: with a session that was kept, is it still good?"""
        return read(await self._api.ask("GET", "/api/users/profile"), Person)

    async def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401  any JSON
        return _json(await self._api.ask("GET", path, params=query))

    async def request(
        self,
        method: str,
        path: str,
        json: Any = None,  # noqa: ANN401  any JSON
        *,
        key: str | None = None,
    ) -> Any:  # noqa: ANN401  any JSON
        """Any request of the API page, once. With an idempotency `key`, where it takes one, it may be sent again."""
        return _json(await self._api.ask(method, path, json=json, key=key))

    async def conversations(self, *, limit: int = 50, offset: int = 0) -> list[Conversation]:
        """Those you are in, the one with the newest message first."""
        answer = await self._api.ask("GET", "/api/chat/conversations", params={"limit": limit, "offset": offset})
        return read(answer, list[Conversation])

    async def conversation(self, conversation_id: int) -> Conversation:
        return read(await self._api.ask("GET", f"/api/chat/conversations/{conversation_id}"), Conversation)

    async def talk_to(self, *people: int, name: str | None = None) -> Conversation:
        """The one-to-one chat with somebody; with a `name` or more people a new group, each time."""
        body = {"participants": people, "name": name}
        return read(await self._api.ask("POST", "/api/chat/conversations", json=body), Conversation)

    async def history(self, conversation_id: int, *, before: int | None = None, limit: int = 50) -> list[Message]:
        """The last messages, or those before a number, oldest first. A shorter page than asked for is the first."""
        query = {"limit": limit} if before is None else {"limit": limit, "before": before}
        answer = await self._api.ask("GET", f"/api/chat/conversations/{conversation_id}/messages", params=query)
        return [message(conversation_id, row) for row in read(answer, Page).messages]

    async def read_up_to(self, conversation_id: int, seq: int) -> None:
        """You have read everything up to this number. A lower one than before changes nothing."""
        await self._api.ask("PUT", f"/api/chat/conversations/{conversation_id}/read", json={"message_id": seq})

    async def upload(self, file: Path, *, name: str | None = None, client_id: str | None = None) -> Attachment:
        """A file from the disk, read as it is sent. Attach it within a day: `send(…, files=[uploaded.id])`.

        It is sent once. After Unreachable, the same `client_id` gives the same file, whether or not it had arrived.
        Raises OSError for what cannot be read.
        """
        return await files.upload(self._api, file, name, client_id or new_name())

    async def download(self, file_id: UUID, to: Path, *, conversation_id: int | None = None) -> None:
        """A file of a message in a conversation, or without one an upload of yours, written as it comes.

        Raises OSError, which is FileExistsError where there is something already. What breaks off leaves nothing there.
        """
        owner = "/api" if conversation_id is None else f"/api/chat/conversations/{conversation_id}"
        await files.download(self._api, f"{owner}/files/{file_id}", to)

    async def play(self, number: int, *, key: str | None = None) -> Result:
        """Play the number game. Repeated until the result is stored, or refused.

        Under a `key` of yours, calling it again gives the same play, for ever.
        """
        key = key or new_name()
        return read(await self._api.insist("POST", "/api/game/play", json={"number": number}, key=key), Result)

    async def submit_ballots(
        self, count: int = 1, *, day: date | None = None, lottery: str = "daily", key: str | None = None
    ) -> Ballots:
        """Take part in a draw: of a day, or the next one. Repeated like a play."""
        body = {"count": count, "lottery": lottery, **({"draw_date": day.isoformat()} if day else {})}
        key = key or new_name()
        return read(await self._api.insist("POST", "/api/lottery/ballots", json=body, key=key), Ballots)


def _json(answer: httpx.Response) -> Any:  # noqa: ANN401  any JSON
    return msgspec.json.decode(answer.content) if answer.content else None
