"""How Parlour looks and speaks, where one is logged in, and what becomes of one's data."""

import json
from zipfile import ZipFile

import pytest
from playwright.async_api import expect
from tests.browser.conftest import Register, Visit
from tests.people import PASSWORD

pytestmark = pytest.mark.anyio


async def test_language_and_theme_stay_as_chosen(register: Register, visit: Visit) -> None:
    page = await visit("/settings/looks", who=await register("ada"))
    await page.get_by_role("radio", name="Dark").check()
    await page.get_by_role("radio", name="Українська").check()
    await expect(page.get_by_role("heading", name="Вигляд")).to_be_visible()

    await page.reload()

    await expect(page.get_by_role("heading", name="Вигляд")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(page.locator("html")).to_have_attribute("lang", "uk")
    assert await page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    await page.get_by_role("radio").first.check()
    await expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(("language", "words"), [("uk-UA", "Увійти"), ("ru", "Войти"), ("pt-BR", "Log in")])
async def test_a_newcomer_is_met_in_the_language_of_their_browser(visit: Visit, language: str, words: str) -> None:
    page = await visit("/login", language=language)
    await expect(page.get_by_role("button", name=words)).to_be_visible()


async def test_privacy_and_quiet_hours_are_kept(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    page = await visit("/settings/privacy", who=ada)
    await page.get_by_role("group", name="Who may begin a chat").get_by_role("radio", name="Nobody").check()
    await page.get_by_role("switch", name="Show when you type").click()
    await expect(page.get_by_role("switch", name="Show when you type")).not_to_be_checked()
    await page.goto("/settings/notices")
    await page.get_by_role("switch", name="Hours without pushes").click()
    await expect(page.get_by_label("From")).to_have_value("22:00")
    await expect(page.get_by_text("By the clock of")).to_be_visible()
    kept = (await ada.http.get("/api/users/privacy")).json()
    assert (kept["direct_chats"], kept["typing"]) == ("nobody", False)
    hours = (await ada.http.get("/api/notifications/settings")).json()["do_not_disturb"]
    assert hours == {"from": "22:00", "to": "07:00"}


async def test_logging_out_everywhere_ends_other_devices_too(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    page, other = await visit("/settings/devices", who=ada), await visit("/people", who=ada, size="phone")
    await expect(page.get_by_text("This device")).to_be_visible()
    await page.get_by_role("button", name="Log out everywhere").click()
    await page.get_by_role("dialog").get_by_role("button", name="Log out").click()
    await expect(page.get_by_role("button", name="Log in")).to_be_visible()
    await expect(other.get_by_role("button", name="Log in")).to_be_visible(timeout=20_000)


async def test_keys_go_on_in_the_page_when_the_row_they_were_at_is_gone(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    await visit("/people", who=ada, size="phone")
    page = await visit("/settings/devices", who=ada)
    await page.locator("#main").get_by_role("button", name="Log out", exact=True).focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="Log out").press("Enter")
    await expect(page.locator("#main .person")).to_have_count(1)
    await expect(page.locator("#main")).to_be_focused()


async def test_ones_data_are_taken_along_and_then_erased(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    page = await visit("/settings/data", who=ada)
    await page.get_by_role("button", name="Put it together").click()
    link = page.get_by_role("link", name="Download")
    await expect(link).to_be_visible(timeout=20_000)
    async with page.expect_download() as download:
        await link.click()
    with ZipFile(await (await download.value).path()) as archive:
        assert json.loads(archive.read("account.json"))["username"] == ada.username

    await page.get_by_role("button", name="End the account…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Your present password").fill("not this one")
    await dialog.get_by_role("button", name="End the account").click()
    await expect(dialog.get_by_text("The password is wrong.")).to_be_visible()
    await dialog.get_by_text("Delete them").click()
    await dialog.get_by_label("Your present password").fill(PASSWORD)
    await dialog.get_by_role("button", name="End the account").click()
    await expect(page.get_by_role("button", name="Log in")).to_be_visible()
    answer = await ada.http.post("/api/users/login", json={"username": ada.username, "password": PASSWORD})
    assert answer.status_code == 401
