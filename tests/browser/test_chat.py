"""What two people do inside a conversation, and what each sees of it at once."""

import struct
import zlib

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect
from tests.browser.axe import violations
from tests.browser.conftest import Recount, Register, Visit
from tests.browser.test_talking import said, say

pytestmark = pytest.mark.anyio

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    'https://example.org/"onmouseover="alert(1)',
    "`<svg onload=alert(1)>`",
    "</textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "{{constructor.constructor('alert(1)')()}}",
]


def picture(width: int, height: int) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x2a\x9d\x6e" * width) * height
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def row(page: Page, text: str) -> Locator:
    return page.locator(".row").filter(has_text=text)


async def choose(page: Page, text: str, item: str) -> None:
    await row(page, text).locator(".bubble").click(button="right")
    await page.get_by_role("menuitem", name=item, exact=True).click()


async def test_what_is_done_to_a_message_is_seen_by_the_other_at_once(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    of_ada, of_ben = await visit(f"/c/{chat}", who=ada), await visit(f"/c/{chat}", who=ben, dark=True)
    field = of_ada.get_by_role("textbox", name="Message")

    for page in (of_ada, of_ben):
        await expect(page.locator(".chat-head").get_by_text("online")).to_be_visible()

    await field.press_sequentially("Helo")
    await expect(of_ben.locator(".chat-head").get_by_text("typing…")).to_be_visible()
    await field.press("Enter")
    await expect(row(of_ben, "Helo")).to_be_visible()
    await expect(of_ben.locator(".chat-head").get_by_text("typing…")).to_be_hidden()

    await field.press("ArrowUp")
    await expect(field).to_have_value("Helo")
    await field.fill("Hello Ben")
    await field.press("Enter")
    await expect(row(of_ben, "Hello Ben")).to_contain_text("edited")

    await of_ben.bring_to_front()
    await row(of_ben, "Hello Ben").locator(".bubble").click(button="right")
    await of_ben.get_by_role("menuitemcheckbox", name="👍").click()
    reaction = row(of_ada, "Hello Ben").get_by_role("button", name=f"👍 1: {ben.username}")
    await expect(reaction).to_be_visible()
    await reaction.click()
    await expect(row(of_ben, "Hello Ben").get_by_role("button", name="👍 2")).to_be_visible()
    await expect(of_ada.get_by_role("img", name="Seen", exact=True)).to_be_visible()

    await choose(of_ben, "Hello Ben", "Reply")
    await say(of_ben, "And hello to you")
    await expect(row(of_ada, "And hello to you").locator(".quote")).to_contain_text("Hello Ben")

    await choose(of_ada, "And hello", "Copy a link")
    await of_ada.locator(".row").first.locator(".bubble").click(button="right")
    await of_ada.get_by_role("menuitem", name="Delete").click()
    await of_ada.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(of_ben.get_by_text("Message deleted").first).to_be_visible()


async def test_files_go_along_and_are_opened_by_the_other(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    of_ada, of_ben = await visit(f"/c/{chat}", who=ada), await visit(f"/c/{chat}", who=ben, size="phone")
    files: list[FilePayload] = [
        {"name": "felt.png", "mimeType": "image/png", "buffer": picture(800, 400)},
        {"name": "<b>rules.txt", "mimeType": "text/plain", "buffer": b"Be kind."},
    ]

    await of_ada.locator(".composer input[type=file]").set_input_files(files)
    await expect(of_ada.get_by_role("list", name="Files for the next message").get_by_role("listitem")).to_have_count(2)
    await say(of_ada, "Look")

    shown = of_ben.get_by_role("button", name="Open the picture felt.png")
    await expect(shown).to_be_visible()
    box = await shown.bounding_box()
    assert box
    assert abs(box["width"] - 2 * box["height"]) <= 2, "its place has its proportions"
    await shown.click()
    await expect(of_ben.get_by_role("dialog", name="felt.png")).to_be_visible()
    await of_ben.keyboard.press("Escape")
    await expect(of_ben.get_by_role("dialog")).to_be_hidden()
    async with of_ben.expect_download() as download:
        await of_ben.get_by_role("link", name="rules").click()
    path = await (await download.value).path()
    assert path.read_bytes() == b"Be kind."


async def test_an_upload_can_be_stopped(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    page = await visit(f"/c/{chat}", who=ada)
    await page.route("**/api/files?*", lambda _: None)  # It never answers.

    file: FilePayload = {"name": "felt.png", "mimeType": "image/png", "buffer": picture(80, 40)}
    await page.locator(".composer input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("button", name="Stop sending").click()

    await expect(page.locator(".row")).to_have_count(0)
    await say(page, "after it")
    await expect(page.get_by_role("img", name="Stored")).to_have_count(1)


async def test_somebody_is_named_and_sees_it(register: Register, visit: Visit) -> None:
    ada, ben, cid = await register("ada"), await register("ben"), await register("cid")
    chat = await ada.talk_to(ben, cid)
    of_ada, of_ben = await visit(f"/c/{chat}", who=ada), await visit(f"/c/{chat}", who=ben)
    field = of_ada.get_by_role("textbox", name="Message")

    await field.press_sequentially("Ask @ben")
    await expect(of_ada.get_by_role("option")).to_have_count(1)
    await field.press("Enter")
    await expect(field).to_have_value(f"Ask @{ben.username} ")
    await field.press("Enter")

    await expect(of_ben.locator(".mention-own")).to_have_text(f"@{ben.username}")


async def test_what_was_found_is_shown_in_its_place(register: Register, visit: Visit, recount: Recount) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    await recount(chat, ben, ["the needle of the compass", *[f"number {n}" for n in range(300)]])
    page = await visit(f"/c/{chat}", who=ada)
    await expect(page.locator(".row").first).to_be_visible()
    await page.get_by_role("button", name="Search this conversation").click()
    await page.get_by_role("searchbox", name="Search this conversation").fill("needle")
    await expect(page.locator(".hit mark")).to_have_text("needle")

    await page.locator(".hit").click()

    await expect(page.locator("#m-1")).to_be_in_viewport()
    await page.keyboard.press("Escape")
    await ben.http.post(f"/api/chat/conversations/{chat}/messages", json={"message": "and now"})
    await page.get_by_role("button", name="To the newest message").click()
    await expect(row(page, "and now")).to_be_in_viewport()


async def test_whatever_is_typed_stays_text(register: Register, visit: Visit, recount: Recount) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    await recount(chat, ben, HOSTILE)
    page = await visit(f"/c/{chat}", who=ada)

    await expect(page.locator(".messages .text")).to_have_count(len(HOSTILE))

    assert await said(page) == [one.replace("`", "") for one in HOSTILE]
    assert await page.locator(".messages :is(script, iframe, img, [onerror], [onload], [onmouseover])").count() == 0
    links = await page.locator(".messages .text a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(links) <= {"https:"}


async def test_everything_can_be_done_with_keys(register: Register, visit: Visit, recount: Recount) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    await recount(chat, ben, ["first", "second"])
    page = await visit(f"/c/{chat}", who=ada)
    await expect(row(page, "second")).to_be_visible()

    await page.get_by_role("textbox", name="Message").press("Shift+ArrowUp")
    await expect(row(page, "second")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menu")).to_be_visible()
    assert not await violations(page)
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("menuitem", name="Report")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("menuitemcheckbox").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(row(page, "first")).to_be_focused()
    await page.keyboard.press("+")
    await expect(page.get_by_role("button", name="👍")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(row(page, "first").get_by_role("button", name="❤️ 1: You")).to_be_visible()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert not await violations(page)


async def test_a_message_is_reported(register: Register, visit: Visit, recount: Recount) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    await recount(chat, ben, ["Buy cheap pills"])
    page = await visit(f"/c/{chat}", who=ada, language="uk")

    await choose(page, "Buy cheap", "Поскаржитися")
    await page.get_by_role("radio").nth(1).check()
    assert not await violations(page)
    await page.get_by_role("button", name="Поскаржитися").click()

    await expect(page.get_by_text("Дякуємо")).to_be_visible()
    reports = (await ada.http.get("/api/reports/mine")).json()
    assert [one["reason"] for one in reports] == ["harassment"]
