"""The connection goes in the middle of it; nothing is lost, and nothing is there twice."""

import re

import pytest
from playwright.async_api import Page, expect
from tests.browser.conftest import Register, Visit
from tests.browser.test_talking import said, say

from app.embedded.stack import Stack

pytestmark = pytest.mark.anyio
RECONNECTED_MS = 60_000


async def all_stored(page: Page, count: int) -> None:
    await expect(page.get_by_role("img", name=re.compile("Stored|Seen"))).to_have_count(count, timeout=RECONNECTED_MS)
    await expect(page.get_by_role("img", name="Sending")).to_have_count(0)


async def test_what_is_written_offline_is_sent_when_the_network_is_back(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    of_ada, of_ben = await visit(f"/c/{chat}", who=ada), await visit(f"/c/{chat}", who=ben)
    await say(of_ada, "before")
    await all_stored(of_ada, 1)

    await of_ada.context.set_offline(True)
    await say(of_ada, "meanwhile 1")
    await say(of_ada, "meanwhile 2")
    await say(of_ben, "said to somebody who is away")
    await all_stored(of_ben, 1)
    await of_ada.context.set_offline(False)

    await all_stored(of_ada, 3)
    await expect(of_ben.locator(".messages .text")).to_have_count(4)
    assert await said(of_ada) == await said(of_ben)
    assert sorted(await said(of_ben)) == sorted(
        ["before", "said to somebody who is away", "meanwhile 1", "meanwhile 2"]
    )


async def test_what_waits_survives_a_reload(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    page = await visit(f"/c/{chat}", who=ada)
    await expect(page.get_by_text("Nothing has been said here yet")).to_be_visible()
    await page.route("**/ws", lambda route: route.abort())
    await page.context.set_offline(True)
    await say(page, "kept on this device")
    await expect(page.get_by_role("img", name="Sending")).to_be_visible()

    await page.context.set_offline(False)
    await page.reload()

    await all_stored(page, 1)
    answer = await ben.http.get(f"/api/chat/conversations/{chat}/messages")
    assert [message["content"] for message in answer.json()["messages"]] == ["kept on this device"]


async def test_the_server_dies_in_the_middle_of_a_send(parlour: Stack, register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    page = await visit(f"/c/{chat}", who=ada)
    await say(page, "before")
    await all_stored(page, 1)

    await say(page, "under way")
    parlour.processes["web"].kill()
    await say(page, "into the dark")
    parlour.start_process("web")

    await all_stored(page, 3)
    await page.reload()
    await expect(page.locator(".messages .text")).to_have_count(3)
    assert await said(page) == ["before", "under way", "into the dark"]


async def test_a_page_that_cannot_be_had_says_so_and_comes_once_there_is_a_network(
    register: Register, visit: Visit
) -> None:
    page = await visit("/", who=await register("ada"))
    await page.context.set_offline(True)
    await page.get_by_role("link", name="Draws").click()
    await expect(page.get_by_text("The server cannot be reached")).to_be_visible()
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("The server cannot be reached")).to_be_visible()

    await page.context.set_offline(False)

    await expect(page.get_by_role("heading", name="Draws")).to_be_visible(timeout=RECONNECTED_MS)


@pytest.mark.parametrize("lost", ["**/assets/index-*.js", "**/assets/LoginPage-*.js"])
async def test_what_is_lost_on_the_way_is_asked_for_once_more(visit: Visit, lost: str) -> None:
    page = await visit("/register")
    await page.route(lost, lambda route: route.abort(), times=1)
    await page.goto("/login")
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()


async def test_a_slow_server_leaves_no_page_empty(register: Register, visit: Visit) -> None:
    page = await visit("/", who=await register("ada"))
    async with page.expect_request("**/api/users/profile"):
        await page.route("**/api/users/profile", lambda _: None)
        await page.reload()
    await expect(page.get_by_role("heading", name="Chats")).to_be_visible()
