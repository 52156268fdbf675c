"""Real people in a real browser: the built client, on a whole Parlour of its own, in the system's Chromium."""

import json
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Page,
    StorageState,
    StorageStateCookie,
    async_playwright,
    expect,
)
from tests.clients import Player
from tests.people import PASSWORD, Registry

from app import migrating
from app.browser import INDEX, PLACES
from app.domain.accounts.controllers.cookies import REFRESH_COOKIE, REFRESH_PATH
from app.domain.accounts.guards import ACCESS_COOKIE
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.services.messages import Messages
from app.domain.lottery.tasks import reconcile_draws
from app.embedded.stack import Stack, keys_in
from app.embedded.temporary import temporary_places
from app.resources import Resources, open_resources
from app.settings import Settings, environment_with, variables

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = any((place / INDEX).exists() for place in PLACES)
HERE = Path(__file__).parent

QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
"""As root Chromium has no sandbox; and it shall ask nobody on the internet for anything."""

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
PATIENCE_MS = 20_000
"""A busy machine is no defect."""
THROTTLE_MS = 200
"""Short, but there: two messages in a row are refused at times, and have to arrive all the same."""

LEASE_SECONDS = 6
"""Who has gone is offline after a third of it."""

Size = Literal["desk", "phone"]
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = None if CHROMIUM else "there is no Chromium on this machine"
    reason = reason or (None if BUILT else "the browser client was not built: `make web`")
    for item in items:
        if reason and item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def parlour() -> Iterator[Stack]:
    """Whose port outlives its processes, so that clients find the next one where the last one was."""
    with temporary_places() as places, socket.create_server(("127.0.0.1", 0)) as listener:
        chosen = keys_in(places.state) | {
            "public_url": f"http://127.0.0.1:{listener.getsockname()[1]}",
            "throttle_ms": str(THROTTLE_MS),
            "requests_per_minute": "0",
            "attempts_per_minute": "0",
            "minute_lottery": "true",
            "presence_lease_seconds": str(LEASE_SECONDS),
        }
        stack = Stack(
            places=places,
            migrate=migrating.upgrade_now,
            environment=environment_with(**variables(chosen)),
            listener=listener,
            directory=places.state,
            durable=False,
        )
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


Register = Callable[[str], Awaitable[Player]]
Recount = Callable[[int, Player, Sequence[str]], Awaitable[None]]
Visit = Callable[..., Awaitable[Page]]
PassUntil = Callable[[datetime], Awaitable[None]]


@pytest.fixture(scope="session")
async def resources_of_parlour(parlour: Stack) -> AsyncIterator[Resources]:
    """Ours, on its servers."""
    given: dict[str, Any] = {
        name.removeprefix("PARLOUR_").lower(): value
        for name, value in parlour.environment.items()
        if name == "SECRET_KEY" or name.startswith("PARLOUR_")
    }
    async with open_resources(Settings(_env_file=None, **(given | parlour.addresses))) as resources:
        yield resources


@pytest.fixture(scope="session")
async def registry(resources_of_parlour: Resources) -> Registry:
    return await Registry.open(resources_of_parlour)


@pytest.fixture
async def register(parlour: Stack, registry: Registry) -> AsyncIterator[Register]:
    async with AsyncExitStack() as stack:

        async def make(name: str) -> Player:
            player = Player.let_in(parlour.base_url, await registry.enter(name))
            stack.push_async_callback(player.http.aclose)
            return player

        yield make


@pytest.fixture
async def recount(resources_of_parlour: Resources) -> Recount:
    """Puts what somebody has said long ago straight into the database, where no throttle applies."""

    async def record(conversation_id: int, who: Player, texts: Sequence[str]) -> None:
        drafts = [Draft(conversation_id, who.id, f"recounted-{n}", text) for n, text in enumerate(texts)]
        async with resources_of_parlour.sessions.begin() as session:
            await Messages(session=session).record([msgspec.msgpack.encode(draft) for draft in drafts])

    return record


@pytest.fixture
async def pass_until(resources_of_parlour: Resources) -> PassUntil:
    """Draws are held as they would be at that time; nobody has to wait for it."""

    async def reconcile(now: datetime) -> None:
        await reconcile_draws(resources_of_parlour, now)

    return reconcile


@pytest.fixture
async def visit(parlour: Stack, chromium: Browser) -> AsyncIterator[Visit]:
    """Opens a browser of their own for somebody, at a path; logged in, where it is given who they are.

    Fails a test whose pages break their policy or raise an error. Without `keeping` nothing is kept for times without
    a network, which would be fetched anew by every browser.
    """
    complaints: list[str] = []
    seen: set[int] = set()
    async with AsyncExitStack() as stack:

        async def open_page(
            path: str = "/",
            *,
            who: Player | None = None,
            size: Size = "desk",
            dark: bool = False,
            language: str = "en",
            keeping: bool = False,
        ) -> Page:
            if who and who.id in seen:
                who = await logged_in_again(who)
            context = await chromium.new_context(
                base_url=parlour.base_url,
                viewport=SIZES[size],  # type: ignore[arg-type]  # a TypedDict of the same shape
                is_mobile=size == "phone",
                has_touch=size == "phone",
                color_scheme="dark" if dark else "light",
                locale=language,
                reduced_motion="reduce",
                service_workers="allow" if keeping else "block",
                storage_state=session_of(who, parlour.base_url) if who else None,
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = await context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.extend(breaches(message)))
            await page.goto(path)
            if who:
                seen.add(who.id)
                await page.locator("nav.bar").wait_for(state="attached")
            return page

        yield open_page
    assert not complaints


def session_of(who: Player, base_url: str) -> StorageState:
    """What a browser keeps of a login."""
    remembered = json.dumps({"id": who.id, "username": who.username, "first_name": "", "last_name": ""})
    return {
        "cookies": [
            cookie(ACCESS_COOKIE, who.access, "/"),
            cookie(REFRESH_COOKIE, who.refresh, REFRESH_PATH),
        ],
        "origins": [{"origin": base_url, "localStorage": [{"name": "parlour.me", "value": remembered}]}],
    }


def cookie(name: str, value: str, path: str) -> StorageStateCookie:
    return {
        "name": name,
        "value": value,
        "domain": "127.0.0.1",
        "path": path,
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }


async def logged_in_again(who: Player) -> Player:
    """On another device, so in another session."""
    answer = await who.http.post("/api/users/login", json={"username": who.username, "password": PASSWORD})
    who.http.cookies.clear()
    return Player(who.id, who.username, who.http, answer.json()["access"], answer.json()["refresh"])


def breaches(message: ConsoleMessage) -> list[str]:
    """What a page says of its own mistakes; that a request has failed is none."""
    if message.type == "error" and not message.text.startswith(("Failed to load resource", "WebSocket connection")):
        return [message.text]
    return []
