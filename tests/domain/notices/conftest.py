"""A push service on this machine, browsers that subscribe at it, and people who are notified."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import http_ece
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import CursorResult, text
from tests.conftest import Newcomer

from app.domain.accounts.login_sessions import Device as LoginDevice
from app.domain.accounts.login_sessions import LoginSessions
from app.domain.accounts.services import Accounts
from app.domain.notices.couriers import Courier
from app.domain.notices.schemas import NewPushDevice, PushKeys
from app.domain.notices.services.devices import Devices
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications, Notified
from app.domain.notices.vapid import CURVE, Vapid, new_private_key, point_of, unpadded
from app.outbound.posting import open_outbound
from app.resources import Resources, Sessions


@dataclass
class Arrival:
    """A request to the push service."""

    path: str
    headers: dict[str, str]
    content: bytes


@dataclass
class PushService:
    """Speaks HTTP/1.1 on the loopback. Keeps what arrives, and answers as it is told."""

    address: str = ""
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    """One for each connection there ever was."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").split("\r\n")[:-2]
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                content = await reader.readexactly(int(headers["content-length"]))
                self.arrivals.append(Arrival(first.split()[1], headers, content))
                answer = [f"HTTP/1.1 {self.status} Whatever", "Content-Length: 2"]
                answer += [f"{name}: {value}" for name, value in self.headers.items()]
                writer.write("\r\n".join([*answer, "", "ok"]).encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def push_service() -> AsyncIterator[PushService]:
    service = PushService()
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    service.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield service
    server.close()
    for writer in service.writers:
        writer.close()
    await server.wait_closed()


class Browser:
    """Has keys of its own, which nobody else can read its pushes without."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.auth = b"0123456789abcdef"
        self._key = ec.generate_private_key(CURVE)

    @property
    def subscription(self) -> NewPushDevice:
        keys = PushKeys(p256dh=unpadded(point_of(self._key.public_key())), auth=unpadded(self.auth))
        return NewPushDevice(endpoint=self.endpoint, keys=keys)

    def open(self, content: bytes) -> dict[str, Any]:
        """What a push says. Raises ECEException when it is not for this browser."""
        opened = http_ece.decrypt(content, private_key=self._key, auth_secret=self.auth, version="aes128gcm")
        return msgspec.json.decode(opened, type=dict[str, Any])


@dataclass
class Reader:
    """Somebody who is logged in, and whose notifications these are."""

    id: int
    session_id: UUID
    sessions: Sessions

    async def subscribe(self, browser: Browser) -> int:
        async with self.sessions.begin() as session:
            device = await Devices(session=session).subscribe(
                self.id, self.session_id, browser.subscription, inside=True
            )
            return device.id

    def notice(
        self,
        key: str,
        kind: Kind = Kind.MENTION,
        *,
        excerpt: str = "Well, @you",
        conversation_id: int = 7,
        listed: bool = True,
    ) -> Notice:
        body = NoticeBody(user_id=99, username="grace", excerpt=excerpt)
        return Notice(self.id, key, kind, body, conversation_id=conversation_id, listed=listed)

    async def hear(self, key: str, kind: Kind = Kind.MENTION, *, listed: bool = True) -> list[Notified]:
        return await notify(self.sessions, [self.notice(key, kind, listed=listed)])


async def notify(sessions: Sessions, notices: Sequence[Notice]) -> list[Notified]:
    async with sessions.begin() as session:
        return await Notifications(session=session).notify(notices)


NewReader = Callable[[str], Awaitable[Reader]]


@pytest.fixture
def new_reader(newcomer: Newcomer, resources: Resources) -> NewReader:
    async def register(name: str) -> Reader:
        user_id = await newcomer(name)
        async with resources.sessions.begin() as session:
            user = await Accounts(session=session).of_actor(user_id)
            opened = await LoginSessions(session, resources.settings).open(user, LoginDevice.named("a browser", ""))
        return Reader(user_id, opened.session_id, resources.sessions)

    return register


@pytest.fixture
async def ada(new_reader: NewReader) -> Reader:
    return await new_reader("ada")


@pytest.fixture
async def courier() -> AsyncIterator[Courier]:
    async with open_outbound(inside=True) as outbound:
        yield Courier(outbound, Vapid(new_private_key(), "mailto:post@parlour.example"))


@pytest.fixture
async def phone(ada: Reader, push_service: PushService) -> Browser:
    """Ada's, subscribed."""
    browser = Browser(f"{push_service.address}/send/phone")
    await ada.subscribe(browser)
    return browser


async def run(sessions: Sessions, statement: str, **values: object) -> list[Any]:
    async with sessions.begin() as session:
        result = cast("CursorResult[Any]", await session.execute(text(statement), values))
        return list(result.all()) if result.returns_rows else []


async def wait_out(sessions: Sessions, **duration: float) -> None:
    """As if so much time had passed since everything was written."""
    seconds = timedelta(**duration).total_seconds()
    for change in ("notifications SET created_at = created_at", "pushes SET next_attempt_at = next_attempt_at"):
        await run(sessions, f"UPDATE {change} - make_interval(secs => :seconds)", seconds=seconds)
