"""Real people in a real browser: the built client, on a whole Parlour of its own, in the system's Chromium."""

import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from tests.clients import PASSWORD, Player

from app import migrating
from app.browser import INDEX, PLACES
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.services.messages import Messages
from app.embedded.stack import Stack, keys_in
from app.embedded.temporary import temporary_places
from app.settings import environment_with, variables, with_driver

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
        settings = {
            "PARLOUR_PUBLIC_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
            "PARLOUR_THROTTLE_MS": str(THROTTLE_MS),
            "PARLOUR_REQUESTS_PER_MINUTE": "0",
            "PARLOUR_ATTEMPTS_PER_MINUTE": "0",
            "PARLOUR_MINUTE_LOTTERY": "true",
        }
        stack = Stack(
            places=places,
            migrate=migrating.upgrade_now,
            environment=environment_with(**variables(keys_in(places.state)) | settings),
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


@pytest.fixture
async def register(parlour: Stack) -> AsyncIterator[Register]:
    async with AsyncExitStack() as stack:

        async def make(name: str) -> Player:
            player = await Player.register(parlour.base_url, name)
            stack.push_async_callback(player.http.aclose)
            return player

        yield make


@pytest.fixture
async def recount(parlour: Stack) -> AsyncIterator[Recount]:
    """Puts what somebody has said long ago straight into the database, where no throttle applies."""
    engine = create_async_engine(with_driver(parlour.database_url))

    async def record(conversation_id: int, who: Player, texts: Sequence[str]) -> None:
        drafts = [Draft(conversation_id, who.id, f"recounted-{n}", text) for n, text in enumerate(texts)]
        async with async_sessionmaker(engine).begin() as session:
            await Messages(session=session).record([msgspec.msgpack.encode(draft) for draft in drafts])

    yield record
    await engine.dispose()


@pytest.fixture
async def visit(parlour: Stack, chromium: Browser) -> AsyncIterator[Visit]:
    """Opens a browser of their own for somebody, at a path; logged in, where it is given who they are.

    Fails a test whose pages break their policy or raise an error.
    """
    complaints: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_page(
            path: str = "/", *, who: Player | None = None, size: Size = "desk", dark: bool = False, language: str = "en"
        ) -> Page:
            context = await chromium.new_context(
                base_url=parlour.base_url,
                viewport=SIZES[size],  # type: ignore[arg-type]  # a TypedDict of the same shape
                is_mobile=size == "phone",
                has_touch=size == "phone",
                color_scheme="dark" if dark else "light",
                locale=language,
                reduced_motion="reduce",
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = await context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.extend(breaches(message)))
            await page.goto(path)
            if who:
                await log_in(page, who)
            return page

        yield open_page
    assert not complaints


def breaches(message: ConsoleMessage) -> list[str]:
    """What a page says of its own mistakes; that a request has failed is none."""
    if message.type == "error" and not message.text.startswith(("Failed to load resource", "WebSocket connection")):
        return [message.text]
    return []


async def log_in(page: Page, who: Player) -> None:
    """In whatever language the page speaks."""
    await page.locator("[autocomplete=username]").fill(who.username)
    await page.locator("[autocomplete=current-password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("nav.bar").wait_for(state="attached")
