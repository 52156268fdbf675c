"""Every page by axe-core: light on a desk, dark on a phone. Who adds a page adds its line to PAGES."""

from typing import NamedTuple

import pytest
from playwright.async_api import Page, expect
from tests.browser import axe
from tests.browser.axe import Scheme, violations
from tests.browser.conftest import Register, Size, Visit
from tests.browser.world import World, settle_in

pytestmark = [pytest.mark.anyio, axe.installed]


class Shown(NamedTuple):
    path: str
    """With the places of a World in it."""
    sign: str
    """What is read on it once it is there."""


EVERY_SIZE = [pytest.param("desk", marks=pytest.mark.slow), "phone"]

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
    Shown("/play/number", "What a win pays"),
    Shown("/play/dice", "Commitment, known before"),
    Shown("/play/mine", "Plays by day"),
    Shown("/play/leaders", "It changes as people play."),
    Shown("/draws", "The minute draw"),
    Shown("/draws/daily", "How many ballots?"),
    Shown("/draws/minute", "How many ballots?"),
    Shown("/check", "Choose files"),
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

GO = """path => { history.pushState(null, "", path); dispatchEvent(new PopStateEvent("popstate")); }"""
"""As a link of ours does: what the page before has left behind is there as well."""

SCHEMES: dict[Size, Scheme] = {"desk": "light", "phone": "dark"}
"""The colours are the same at every size."""

ELSEWHERE = "/docs/"
"""The server's own page, which the client does not show."""

TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


async def look_over(page: Page, pages: tuple[Shown, ...], world: World | None, scheme: Scheme) -> list[str]:
    found: list[str] = []
    for shown in pages:
        if ELSEWHERE in shown.path:
            await page.goto(shown.path)
        else:
            await page.evaluate(GO, shown.path.format(**world._asdict()) if world else shown.path)
        await expect(page.get_by_text(shown.sign).locator("visible=true").first).to_be_visible()
        if world:
            await expect(page.locator("#main > *")).not_to_have_count(0)
        await expect(page.locator(".ghosts, [aria-busy=true]")).to_have_count(0)
        found += [f"{shown.path} {one}" for one in await violations(page, scheme)]
        if (by := await page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{shown.path} is {by} pixels too wide")
    return found


@pytest.mark.parametrize("size", EVERY_SIZE)
async def test_pages_before_one_is_in_have_no_violations(visit: Visit, size: Size) -> None:
    assert await look_over(await visit("/login", size=size), STRANGERS_PAGES, None, SCHEMES[size]) == []


@pytest.mark.parametrize("size", EVERY_SIZE)
async def test_no_page_and_no_dialog_has_violations(register: Register, visit: Visit, size: Size) -> None:
    ada = await register("ada")
    world = await settle_in(ada, register)
    page = await visit("/", who=ada, size=size)
    assert await look_over(page, PAGES, world, SCHEMES[size]) == []
    for path, button in DIALOGS:
        await page.evaluate(GO, path.format(**world._asdict()))
        await page.get_by_role("button", name=button).first.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        assert await violations(page, SCHEMES[size]) == [], (path, button)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
