"""Every page by axe-core: light and dark, on a desk and on a phone. Who adds a page adds its line to PAGES."""

from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Page, expect
from tests.browser.conftest import SIZES, Register, Size, Visit
from tests.browser.world import World, settle_in

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(
        not (AXE := Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js").exists(),
        reason="axe-core is not installed: `make web`",
    ),
]


class Shown(NamedTuple):
    path: str
    """With the places of a World in it."""
    sign: str
    """What is read on it once it is there."""


STRANGERS_PAGES = (
    Shown("/login", "Forgotten your password?"),
    Shown("/register", "Long beats complicated."),
    Shown("/forgot-password", "We send a link"),
    Shown("/reset-password#token", "A new password"),
    Shown("/verify-email#token", "That did not work"),
    Shown("/unsubscribe#token", "That did not work"),
    Shown("/docs/ws", "What you hear"),
)

PAGES = (
    Shown("/", "Chess"),
    Shown("/c/{chat}", "Are you there?"),
    Shown("/c/{group}", "Shall we?"),
    Shown("/c/{group}/about", "Delete the group"),
    Shown("/new", "New group"),
    Shown("/groups", "Chess"),
    Shown("/invite/{invite}", "An invitation"),
    Shown("/people", "Friends"),
    Shown("/people/requests", "They want to be friends"),
    Shown("/people/{friend}", "End the friendship"),
    Shown("/people/{blocked}", "Unblock"),
    Shown("/notifications", "wants to be your friend"),
    Shown("/settings", "Log out"),
    Shown("/settings/profile", "Last name"),
    Shown("/settings/looks", "As the system"),
    Shown("/settings/notices", "Muted conversations"),
    Shown("/settings/privacy", "Appear on leaderboards"),
    Shown("/settings/devices", "This device"),
    Shown("/settings/blocked", "Since"),
    Shown("/settings/data", "Put it together"),
    Shown("/nowhere", "Nothing here"),
)

DIALOGS = (
    ("/people/{friend}", "Report"),
    ("/people/{friend}", "Block"),
    ("/settings/data", "End the account…"),
    ("/c/{group}/about", "Add people"),
    ("/c/{group}/about", "What to do about"),
)
"""Where they are, and what opens them."""

RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
    ({id, nodes}) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`))"""

PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


async def violations(page: Page) -> list[str]:
    """In light and in dark. The source is given to the page by the debugger: its policy would let no script tag in."""
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(AXE.read_text())
    found: list[str] = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.evaluate(PAINTED)
        found += [f"{scheme}: {one}" for one in await page.evaluate(RUN)]
    return found


async def look_over(page: Page, pages: tuple[Shown, ...], world: World | None) -> list[str]:
    found: list[str] = []
    for shown in pages:
        path = shown.path.format(**world._asdict()) if world else shown.path
        await page.goto(path)
        await expect(page.get_by_text(shown.sign).locator("visible=true").first).to_be_visible()
        await expect(page.locator(".ghosts")).to_have_count(0)
        found += [f"{shown.path} {one}" for one in await violations(page)]
    return found


@pytest.mark.parametrize("size", SIZES)
async def test_pages_before_one_is_in_have_no_violations(visit: Visit, size: Size) -> None:
    assert await look_over(await visit("/login", size=size), STRANGERS_PAGES, None) == []


@pytest.mark.parametrize("size", SIZES)
async def test_no_page_and_no_dialog_has_violations(register: Register, visit: Visit, size: Size) -> None:
    ada = await register("ada")
    world = await settle_in(ada, register)
    page = await visit("/", who=ada, size=size)
    assert await look_over(page, PAGES, world) == []
    for path, button in DIALOGS:
        await page.goto(path.format(**world._asdict()))
        await page.get_by_role("button", name=button).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await violations(page) == [], (path, button)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
