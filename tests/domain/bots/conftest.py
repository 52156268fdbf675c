"""A group with its owner on the running server, programs that come with a key, and a receiver of webhooks."""

import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook
from tests.clients import Player
from tests.conftest import Register

NO_CONTENT = 204


@dataclass
class Group:
    id: int
    owner: Player

    @property
    def path(self) -> str:
        return f"/api/chat/conversations/{self.id}"

    async def say(self, text: str) -> int:
        answer = await self.owner.http.post(f"{self.path}/messages", json={"message": text})
        answer.raise_for_status()
        return int(answer.json()["id"])


@pytest.fixture
async def group(player: Register) -> Group:
    owner = await player("owner")
    answer = await owner.http.post("/api/chat/groups", json={"name": "Clockmakers"})
    return Group(answer.json()["id"], owner)


@dataclass
class Bot:
    id: int
    username: str
    key: str
    key_id: str
    http: httpx.AsyncClient


MakeBot = Callable[..., Awaitable[Bot]]


@pytest.fixture
async def bot_of(base_url: str) -> AsyncIterator[MakeBot]:
    """Makes somebody a bot, with a key of the given scopes, in their group if one is given."""
    async with AsyncExitStack() as stack:

        async def make(owner: Player, *scopes: str, group: Group | None = None) -> Bot:
            username = f"bot-{owner.username[-10:]}"
            made = (await owner.http.post("/api/bots", json={"username": username, "name": "A bot"})).json()
            issued = await owner.http.post(f"/api/bots/{made['id']}/keys", json={"name": "test", "scopes": scopes})
            assert issued.status_code == 201, issued.text
            if group:
                put = await owner.http.put(f"/api/bots/{made['id']}/conversations/{group.id}")
                assert put.status_code == 204, put.text
            key = issued.json()["key"]
            http = httpx.AsyncClient(base_url=base_url, timeout=10, headers={"Authorization": f"Bearer {key}"})
            return Bot(made["id"], username, key, issued.json()["id"], await stack.enter_async_context(http))

        yield make


@dataclass
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = json.loads(self.body)
        return payload

    def is_signed_by(self, secret: str) -> bool:
        Webhook(secret).verify(self.body, self.headers)
        return True


@dataclass
class Receiver:
    """A real HTTP server in a thread. It answers 204, unless told otherwise for the next requests."""

    url: str
    got: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """The statuses of the next answers, in order; 0 hangs up without one."""
    location: str = ""
    struck: Callable[[Received], None] = lambda _: None
    """Called with each request before it is answered."""

    @property
    def messages(self) -> list[str]:
        return [str(one.payload["data"].get("message", "")) for one in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # http.server's name
            body = self.rfile.read(int(self.headers["content-length"]))
            received = Received({name.lower(): value for name, value in self.headers.items()}, body)
            receiver.got.append(received)
            receiver.struck(received)
            status = receiver.answers.pop(0) if receiver.answers else NO_CONTENT
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            if receiver.location:
                self.send_header("location", receiver.location)
            if status != NO_CONTENT:
                self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/in"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
