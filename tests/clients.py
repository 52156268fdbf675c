"""Somebody with an account on a running server: real HTTP and real sockets, and every answer as it came.

For tests of what the server says, refusals and all. `parlour_client` is for those of what comes of it: it renews,
resumes, sends again, and drops what it has had.
"""

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import httpx
from tests.people import PASSWORD, Person
from websockets.asyncio.client import ClientConnection, connect

NO_TLS = ssl.create_default_context()
"""Made once: every client makes one of its own else, which takes longer than most requests."""


@dataclass
class Player:
    id: int
    username: str
    http: httpx.AsyncClient
    access: str
    refresh: str

    @classmethod
    async def register(cls, base_url: str, name: str) -> Self:
        """A newcomer whose username begins with `name`, logged in: by HTTP alone, a tenth of a second."""
        http = httpx.AsyncClient(base_url=base_url, timeout=10, verify=NO_TLS)
        username = f"{name}-{uuid4().hex[:10]}"
        person = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
        (await http.post("/api/users/register", json=person)).raise_for_status()
        answer = await http.post("/api/users/login", json={"username": username, "password": PASSWORD})
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {answer.json()['access']}"
        return cls(answer.json()["user"]["id"], username, http, answer.json()["access"], answer.json()["refresh"])

    @classmethod
    def let_in(cls, base_url: str, person: Person) -> Self:
        """Whom the registry has entered."""
        headers = {"Authorization": f"Bearer {person.access}"}
        http = httpx.AsyncClient(base_url=base_url, timeout=10, verify=NO_TLS, headers=headers)
        return cls(person.id, person.username, http, person.access, person.refresh)

    async def talk_to(self, *others: "Player") -> int:
        answer = await self.http.post("/api/chat/conversations", json={"participants": [one.id for one in others]})
        answer.raise_for_status()
        return int(answer.json()["id"])

    @asynccontextmanager
    async def socket(self, path: str) -> AsyncIterator["Socket"]:
        base = str(self.http.base_url).replace("http", "ws", 1).rstrip("/")
        joint = "&" if "?" in path else "?"
        async with connect(f"{base}{path}{joint}token={self.access}", compression=None) as connection:
            yield Socket(connection)


@dataclass
class Socket:
    connection: ClientConnection

    async def send(self, **frame: Any) -> None:  # noqa: ANN401  any JSON
        await self.connection.send(json.dumps(frame))

    async def receive(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await self.connection.recv())
        return frame

    async def until(self, kind: str) -> dict[str, Any]:
        """The next frame of a type; others before it are passed over."""
        while (frame := await self.receive()).get("type") != kind:
            pass
        return frame
