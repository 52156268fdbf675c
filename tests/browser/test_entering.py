"""Who comes for the first time, who comes back, and who comes without a network."""

import re
from uuid import uuid4

import pytest
from anyio import fail_after
from playwright.async_api import expect
from tests.browser.conftest import PATIENCE_MS, Register, Visit
from tests.people import PASSWORD

pytestmark = pytest.mark.anyio


async def test_somebody_registers_leaves_and_logs_in_again(visit: Visit) -> None:
    page = await visit("/people", size="phone")
    await page.get_by_role("link", name="Make an account").click()
    username = f"ada-{uuid4().hex[:10]}"
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password").fill(username)
    await page.get_by_role("button", name="Make the account").click()
    await expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_role("button", name="Log out").click()

    await page.get_by_label("Username or email").fill(username)
    await page.get_by_label("Password").fill("not this one")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_text("The name or the password is wrong.")).to_be_visible()
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("navigation", name="Places")).to_be_visible()


async def test_the_shell_opens_without_a_network_and_says_so(register: Register, visit: Visit) -> None:
    page = await visit("/play/number", who=await register("ada"), keeping=True)
    with fail_after(PATIENCE_MS / 1000):
        await page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    await page.context.set_offline(True)
    await page.goto("/play/leaders")

    await expect(page.get_by_role("heading", name="Play")).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_text(re.compile("You are offline|Connecting"))).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_keys_lead_everywhere(register: Register, visit: Visit) -> None:
    page = await visit("/draws", who=await register("ada"))
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("g")
    await page.keyboard.press("p")
    await expect(page.get_by_role("heading", name="Play")).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("searchbox", name="Find a conversation")).to_be_focused()
