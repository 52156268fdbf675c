"""Two people talk, each in a browser of their own."""

import pytest
from playwright.async_api import Page, expect
from tests.browser.conftest import Recount, Register, Visit

pytestmark = pytest.mark.anyio


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.get_by_role("button", name="Send").click()


async def said(page: Page) -> list[str]:
    return await page.locator(".messages .text").all_inner_texts()


async def test_what_one_says_the_other_reads_at_once(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    of_ada, of_ben = await visit(f"/c/{chat}", who=ada), await visit(f"/c/{chat}", who=ben, size="phone", dark=True)

    await say(of_ada, "Are you there?")
    await expect(of_ben.locator(".messages").get_by_text("Are you there?")).to_be_visible()
    await say(of_ben, "Here I am")

    await expect(of_ada.locator(".messages").get_by_text("Here I am")).to_be_visible()
    assert await said(of_ada) == await said(of_ben) == ["Are you there?", "Here I am"]
    await expect(of_ada.get_by_role("img", name="Seen")).to_have_count(1)


async def test_what_comes_is_read_out_and_what_was_there_before_is_not(
    register: Register, visit: Visit, recount: Recount
) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    await recount(chat, ada, ["long ago"])
    of_ada, of_ben = await visit(f"/c/{chat}", who=ada), await visit(f"/c/{chat}", who=ben)
    await expect(of_ben.locator(".messages").get_by_text("long ago")).to_be_visible()

    await say(of_ada, "just now")

    await expect(of_ben.get_by_role("log")).to_have_text(f"{ada.username}: just now")
    await expect(of_ada.get_by_role("log")).to_have_text("")


async def test_messages_in_a_row_all_arrive_in_their_order(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    page = await visit(f"/c/{chat}", who=ada)
    wanted = [f"number {n}" for n in range(3)]

    for text in wanted:
        await say(page, text)

    await expect(page.get_by_role("img", name="Stored")).to_have_count(3)
    answer = await ben.http.get(f"/api/chat/conversations/{chat}/messages")
    assert [message["content"] for message in answer.json()["messages"]] == wanted == await said(page)


async def test_a_conversation_that_is_not_open_counts_what_is_unread(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    page = await visit("/", who=ben)
    await expect(page.locator(".room-link")).to_have_count(1)

    await ada.http.post(f"/api/chat/conversations/{chat}/messages", json={"message": f"Hello @{ben.username}"})

    await expect(page.get_by_role("img", name="1 unread message")).to_be_visible()
    await expect(page.get_by_role("img", name="You were mentioned")).to_be_visible()
    await page.locator(".room-link").click()
    await expect(page.get_by_role("img", name="1 unread message")).to_be_hidden()
    await page.reload()
    await expect(page.locator(".room-link")).to_have_count(1)
    await expect(page.get_by_role("img", name="1 unread message")).to_be_hidden()


async def test_a_long_history_grows_upwards_without_a_jump(register: Register, visit: Visit, recount: Recount) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    await recount(chat, ben, [f"number {n}" for n in range(120)])
    page = await visit(f"/c/{chat}", who=ada)
    await expect(page.get_by_text("number 119", exact=True).last).to_be_visible()
    first = page.locator(".row").first
    await expect(first).to_contain_text("number 70")

    # Up to its top, and there it is when twenty more and fifty more stand above it.
    await page.locator(".scroll").evaluate("box => box.scrollTop = 0")
    held = page.get_by_text("number 70", exact=True)
    await expect(page.locator(".row").first).to_contain_text("number 20")

    await expect(held).to_be_in_viewport()
