"""Pictures of the browser client for README and docs: `python -m web.screenshots docs/pictures`, or `make screenshots`.

On a Parlour of its own, which lasts as long as it takes. It wants Chromium, the built client, and fonts with emoji.
"""

import asyncio
import shutil
import socket
import sys
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, NamedTuple

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright
from web.yesterday import live_through_it

from app import migrating
from app.cli.seeds.community import PASSWORD
from app.embedded.stack import Stack, keys_in
from app.embedded.temporary import temporary_places
from app.settings import Settings, environment_with, variables

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"]
SIZES = {"desk": (1280, 800, 1), "tall desk": (1280, 900, 1), "phone": (390, 844, 2)}
"""Width and height, and how many pixels of the picture are one of these."""

LARGEST_BYTES = 150_000
COLOURS = 256
SETTLING_MS = 1200
"""For pictures to come, and for what moves to have moved."""

PATIENCE_MS = 10_000

Act = Callable[[Page], Awaitable[None]]


class Picture(NamedTuple):
    name: str
    path: str
    size: Literal["desk", "tall desk", "phone"]
    dark: bool
    act: Act | None = None
    who: str = "ada"
    language: str = "en"


async def open_the_parlour(page: Page) -> None:
    await page.get_by_role("link", name="The parlour").first.click()
    await page.get_by_label("Message", exact=True).wait_for()


async def play(page: Page) -> None:
    await page.get_by_label("A whole number from 1 to 9999").fill("842")
    await page.get_by_role("button", name="Play", exact=True).click()
    await page.get_by_text("421.00").first.wait_for()


async def check(page: Page) -> None:
    """The draw's own button leads to the page that checks it, which begins by itself."""
    await page.get_by_role("link", name="Check it").first.click()
    await page.locator("[data-outcome=holds]").wait_for()


async def show_the_lake(page: Page) -> None:
    await open_the_parlour(page)
    await page.get_by_role("img", name="lake").scroll_into_view_if_needed()


PICTURES = (
    Picture("chat-desk", "/", "desk", dark=False, act=open_the_parlour),
    Picture("chat-phone-dark", "/", "phone", dark=True, act=show_the_lake),
    Picture("chats-phone", "/", "phone", dark=False),
    Picture("play-desk", "/play", "tall desk", dark=False, act=play, who="mira"),
    Picture("leaders-phone-dark", "/play/leaders", "phone", dark=True),
    Picture("draws-desk-dark", "/draws/daily", "desk", dark=True),
    Picture("check-phone", "/draws/daily/4", "phone", dark=False, act=check),
)


async def take(picture: Picture, browser: Browser, base_url: str, directory: Path) -> None:
    width, height, scale = SIZES[picture.size]
    context = await browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        is_mobile=picture.size == "phone",
        has_touch=picture.size == "phone",
        color_scheme="dark" if picture.dark else "light",
        locale=picture.language,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto("/login")
    await page.get_by_label("Username or email").fill(picture.who)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("navigation", name="Places").wait_for()
    await page.goto(picture.path)
    if picture.act:
        await picture.act(page)
    await page.wait_for_timeout(SETTLING_MS)
    keep(await page.screenshot(), directory / f"{picture.name}.png")
    await context.close()


def keep(taken: bytes, file: Path) -> None:
    """With a palette, which halves it and more; k-means keeps what is small and bright, such as a red heart."""
    image = Image.open(BytesIO(taken)).convert("RGB").quantize(COLOURS, kmeans=1)
    image.save(file, optimize=True)
    if file.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{file} has {file.stat().st_size} bytes.")
    sys.stdout.write(f"{file}\n")


async def take_all(base_url: str, directory: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in PICTURES:
            await take(picture, browser, base_url, directory)
        await browser.close()


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with temporary_places() as places, socket.create_server(("127.0.0.1", 0)) as listener:
        chosen = {
            "public_url": f"http://127.0.0.1:{listener.getsockname()[1]}",
            "files_directory": str(places.state / "files"),
            "attempts_per_minute": "0",
            "requests_per_minute": "0",
        }
        given = places.state / ".env"  # Read by us, and by the processes that run there.
        lines = variables(keys_in(places.state) | chosen)
        given.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))

        def prepare(database_url: str) -> None:
            migrating.upgrade_now(database_url)
            addresses: dict[str, Any] = stack.addresses
            asyncio.run(live_through_it(Settings(_env_file=given, **addresses)))

        stack = Stack(
            places=places,
            migrate=prepare,
            environment=environment_with(),
            listener=listener,
            directory=places.state,
            durable=False,
        )
        try:
            stack.start()
            asyncio.run(take_all(stack.base_url, directory))
        finally:
            stack.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
