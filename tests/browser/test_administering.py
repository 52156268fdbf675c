"""The panel in a real browser: under its own policy, on a desk and a phone, and with what a page's script does."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Page, expect
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from tests.browser import axe
from tests.browser.axe import violations
from tests.browser.conftest import Register, Visit
from tests.clients import Player
from tests.conftest import settings_for
from tests.people import PASSWORD

from app.domain.accounts.standing import StaffRole, Standing
from app.domain.audit.services import OPERATOR
from app.embedded.stack import Stack

pytestmark = pytest.mark.anyio

UNLIKE = ("", "users/list")
"""Pages that have all that is on the others."""

Appoint = Callable[[Player, StaffRole], Awaitable[None]]


@pytest.fixture
async def appoint(parlour: Stack) -> AsyncIterator[Appoint]:
    settings = settings_for(parlour.database_url, parlour.redis_url)
    engine = create_async_engine(settings.database_url)

    async def give(who: Player, role: StaffRole) -> None:
        async with async_sessionmaker(engine).begin() as session:
            await Standing(session, settings).appoint(OPERATOR, who.id, role)

    yield give
    await engine.dispose()


async def test_staff_log_in_suspend_somebody_and_log_out(register: Register, visit: Visit, appoint: Appoint) -> None:
    sue, ben = await register("sue"), await register("ben")
    await appoint(sue, StaffRole.STAFF)
    page = await visit("/admin/users/list")
    await enter_wrongly(page, sue)
    await enter_to_users(page, sue)

    await page.get_by_role("searchbox").fill(ben.username)
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("row", name=ben.username).press("Enter")
    await page.get_by_role("button", name="Suspend").click()
    await page.get_by_label("Reason, which they are told").fill("Advertising")
    await page.get_by_label("Until, in UTC").fill("2030-01-01T00:00")
    await page.get_by_role("dialog").get_by_role("button", name="Suspend").click()

    await page.get_by_text(f"{ben.username} is suspended.").wait_for()
    await page.get_by_role("cell", name="until 2030-01-01 00:00:00: Advertising").wait_for()
    assert (await ben.http.get("/api/users/profile")).status_code == 401
    await page.get_by_label("Open user menu").last.click()
    await page.get_by_role("button", name="Logout").last.click()
    await page.get_by_label("Password").wait_for()


async def enter_wrongly(page: Page, who: Player) -> None:
    await page.get_by_label("Username or email").fill(who.username)
    await page.get_by_label("Password").fill("not the password")
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")


async def enter_to_users(page: Page, who: Player) -> None:
    """The login leads on to what was asked for."""
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("heading", name="Users").wait_for()


async def test_whoever_is_logged_in_in_the_browser_client_is_in(
    register: Register, visit: Visit, appoint: Appoint
) -> None:
    """Also when their access cookie has expired: the page renews it without a question."""
    mia = await register("mia")
    await appoint(mia, StaffRole.MODERATOR)
    page = await visit("/", who=mia)
    await page.context.clear_cookies(name="access")
    await page.goto("/admin/")
    await page.get_by_role("heading", name="Overview").wait_for()


async def test_a_member_reads_that_it_is_not_for_them(register: Register, visit: Visit) -> None:
    page = await visit("/", who=await register("ada"))
    await page.goto("/admin/")
    await expect(page.get_by_role("alert")).to_have_text("This is for moderators.")


@axe.installed
@pytest.mark.parametrize(("size", "dark"), [("desk", False), ("phone", True)])
async def test_every_page_fits_and_asks_nobody_else(
    register: Register, visit: Visit, appoint: Appoint, parlour: Stack, size: str, dark: bool
) -> None:
    sue = await register("sue")
    await appoint(sue, StaffRole.STAFF)
    page = await visit("/settings", who=sue, size=size, dark=dark)
    elsewhere: list[str] = []
    page.on("request", lambda request: elsewhere.append(request.url))
    found: list[str] = []
    lists = ("users", "reports", "decided", "conversations", "plays", "lotteries", "draws", "audit")
    for name in ("", *(f"{name}/list" for name in lists), f"users/detail?pk={sue.id}"):
        await page.goto(f"/admin/{name}")
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is too wide"
        if name in UNLIKE or "detail" in name:
            found += [f"{name}: {one}" for one in await violations(page, "dark" if dark else "light")]
    assert found == []
    assert not [url for url in elsewhere if not url.startswith((parlour.base_url, "data:"))]
    background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) < 200) == dark


async def test_the_size_of_a_page_can_be_changed(register: Register, visit: Visit, appoint: Appoint) -> None:
    """By our script, in place of starlette-admin's attribute, which the policy does not run."""
    sue = await register("sue")
    await appoint(sue, StaffRole.STAFF)
    page = await visit("/", who=sue)
    await page.goto("/admin/users/list")
    await page.get_by_label("Page size").select_option("100")
    await page.wait_for_url("**/admin/users/list?page_size=100")
