"""Friends, groups and their beginnings, and what one is told of."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import expect
from tests.browser.conftest import Register, Visit
from tests.browser.world import befriend

pytestmark = pytest.mark.anyio


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (300, 300), "teal").save(made, "PNG")
    return made.getvalue()


async def test_two_people_become_friends_and_see_each_other_come(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    of_ada, of_ben = await visit("/people", who=ada), await visit("/people", who=ben, size="phone")

    await of_ada.get_by_role("searchbox").fill(ben.username)
    await of_ada.get_by_role("link", name=ben.username).click()
    await of_ada.get_by_role("button", name="Add as a friend").click()
    await expect(of_ada.get_by_role("button", name="Take the request back")).to_be_visible()

    await expect(of_ben.locator(".bar-people .badge")).to_have_text("1")
    await of_ben.get_by_role("link", name="Requests").click()
    await of_ben.get_by_role("button", name="Accept").click()

    await expect(of_ada.get_by_role("button", name="End the friendship")).to_be_visible()
    await of_ada.get_by_role("searchbox").fill("")
    await expect(of_ada.locator(".person", has_text=ben.username).get_by_text("Online")).to_be_visible()
    await of_ben.context.close()
    await expect(of_ada.locator(".person", has_text=ben.username).get_by_text("Online")).to_be_hidden(timeout=15_000)


async def test_a_block_is_made_and_lifted(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    await befriend(ada, ben)
    page = await visit(f"/people/{ben.id}", who=ada)
    await page.get_by_role("button", name="Block").click()
    await page.get_by_role("dialog").get_by_role("button", name="Block").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert [one["id"] for one in (await ada.http.get("/api/blocks")).json()] == [ben.id]
    assert (await ada.http.get("/api/friends")).json() == []
    await page.goto("/settings/blocked")
    await page.get_by_role("button", name="Unblock").click()
    await expect(page.get_by_text("You have blocked nobody.")).to_be_visible()


async def test_a_group_is_made_and_somebody_comes_in_by_a_link(register: Register, visit: Visit) -> None:
    ada, ben, cid = await register("ada"), await register("ben"), await register("cid")
    await befriend(ada, ben)
    page = await visit("/new", who=ada)
    await page.get_by_role("button", name="New group").click()
    await page.get_by_role("textbox", name="Name").fill("Chess")
    await page.get_by_role("button", name=ben.username).click()
    await page.get_by_role("button", name="Make the group").click()
    await page.get_by_role("heading", name="Chess").get_by_role("link").click()
    await expect(page.get_by_role("heading", name="2 members")).to_be_visible()
    await page.get_by_role("button", name="Make a link").click()
    link = await page.get_by_label("Link into the group").input_value()

    of_cid = await visit(link[link.index("/invite/") :], who=cid, size="phone", dark=True)
    await of_cid.get_by_role("button", name="Join").click()
    await of_cid.wait_for_url(re.compile(r"/c/\d+$"))

    await expect(page.get_by_role("heading", name="3 members")).to_be_visible()
    row = page.locator(".person", has_text=cid.username)
    await row.get_by_role("button", name="What to do about").click()
    await page.get_by_role("dialog").get_by_role("button", name="Ban").click()
    await page.get_by_role("dialog").get_by_role("button", name="Ban").click()
    await expect(page.get_by_role("heading", name="Banned")).to_be_visible()
    await expect(page.get_by_role("heading", name="2 members")).to_be_visible()
    await expect(of_cid.locator(".room-link")).to_have_count(0)


async def test_who_has_left_is_still_called_by_their_name(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    made = await ada.http.post("/api/chat/groups", json={"name": "Chess", "participants": [ben.id]})
    await ada.http.delete(f"/api/chat/groups/{made.json()['id']}/members/{ben.id}")
    page = await visit(f"/c/{made.json()['id']}", who=ada)
    await expect(page.locator(".happening").last).to_have_text(f"You removed {ben.username}")


async def test_what_happens_is_told_at_once_and_read_once(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    chat = await ada.talk_to(ben)
    page = await visit("/notifications", who=ada)
    await expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()
    await ben.http.post(f"/api/chat/conversations/{chat}/messages", json={"message": f"@{ada.username} look"})

    await expect(page.locator(".bar-notifications .badge")).to_have_text("1")
    await expect(page.locator(".notice", has_text="mentioned you")).to_be_visible()
    await page.get_by_role("button", name="Mark all as read").click()
    await expect(page.locator(".bar-notifications .badge")).to_have_count(0)
    await expect(page.locator(".notice[data-new=true]")).to_have_count(0)
    await page.locator(".notice-main").click()
    await page.wait_for_url(re.compile(rf"/c/{chat}/\d+$"))


async def test_a_picture_is_seen_before_it_is_uploaded_and_by_others_after(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    await ada.talk_to(ben)
    page = await visit("/settings/profile", who=ada)
    await page.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
    )
    await expect(page.locator(".picture-choice img[src^='blob:']")).to_be_visible()
    await page.get_by_role("button", name="Use this one").click()
    await expect(page.get_by_role("button", name="Another picture")).to_be_visible()

    failed: list[str] = []
    of_ben = await visit("/", who=ben)
    of_ben.on("response", lambda answer: failed.append(answer.url) if answer.status == 404 else None)
    await of_ben.reload()
    await expect(of_ben.locator(f".room-link img[src^='/api/users/{ada.id}/avatar']")).to_be_visible()
    await page.get_by_role("button", name="Remove").click()
    await expect(page.locator(".picture-choice img")).to_have_count(0)
    await of_ben.reload()
    await expect(of_ben.locator(".room-link .avatar-letters")).to_be_visible()
    assert failed == []
