"""What people have typed is text, wherever it stands: in names, names of groups, topics and messages."""

import pytest
from playwright.async_api import Page, expect
from tests.browser.conftest import Register, Visit

pytestmark = pytest.mark.anyio

CORPUS = (
    "<script>window.harmed = 1</script>",
    "<img src=x onerror=window.harmed=1>",
    '"><svg onload=window.harmed=1>',
    "'><body onload=window.harmed=1>",
    "</title><script>window.harmed=1</script>",
    "<iframe srcdoc='<script>parent.harmed=1</script>'>",
    "<a href=javascript:window.harmed=1>click</a>",
    "javascript:window.harmed=1",
    "<style>*{display:none}</style>",
    "&lt;b&gt;bold&lt;/b&gt; &amp;amp;",
    "{{constructor.constructor('window.harmed=1')()}}",
    "${window.harmed=1}",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.harmed=1>",
    "<form action=//evil.example><input name=a>",
)


async def unharmed(page: Page) -> None:
    assert await page.evaluate("window.harmed") is None
    assert await page.evaluate("[...document.scripts].every(one => new URL(one.src).origin === location.origin)")
    ours = "a:not([href^='/']):not([href^='#']), iframe, object, embed, form[action], [onerror], [onload]"
    assert await page.locator(ours).count() == 0


async def test_names_of_people_are_text(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    for typed in CORPUS:
        ben = await register("ben")
        answer = await ben.http.patch("/api/users/profile", json={"first_name": typed})
        assert answer.status_code == 200
        await ben.http.post("/api/friends/requests", json={"username": ada.username})
    page = await visit("/people/requests", who=ada)
    for typed in CORPUS:
        await expect(page.locator(".person-name").get_by_text(typed, exact=True)).to_be_visible()
    await unharmed(page)
    await page.goto(f"/people/{ben.id}")
    await expect(page.locator("h1").get_by_text(CORPUS[-1], exact=True)).to_be_visible()
    assert CORPUS[-1] in await page.title()
    await unharmed(page)


async def test_names_and_topics_of_groups_and_messages_are_text(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    made = [
        (await ada.http.post("/api/chat/groups", json={"name": typed, "topic": typed})).json()["id"] for typed in CORPUS
    ]
    page = await visit("/groups", who=ada)
    for typed in CORPUS:
        await expect(page.locator(".group-card h2").get_by_text(typed, exact=True)).to_be_visible()
        await expect(page.locator(".group-card p").get_by_text(typed, exact=True)).to_be_visible()
        await expect(page.locator(".room-title").get_by_text(typed, exact=True)).to_be_visible()
    await unharmed(page)
    for group, typed in zip(made[:4], CORPUS, strict=False):
        await ada.http.post(f"/api/chat/conversations/{group}/messages", json={"message": typed})
        await page.goto(f"/c/{group}")
        await expect(page.locator(".messages .text").get_by_text(typed, exact=True)).to_be_visible()
        await unharmed(page)
        await page.goto(f"/c/{group}/about")
        await expect(page.get_by_label("Topic")).to_have_value(typed)
        await unharmed(page)
