"""Games, draws, and checking them, as players meet them."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from tests.browser.conftest import Register, Visit

pytestmark = pytest.mark.anyio

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
A_MINUTE_MS = 90_000


async def faults(page: Page) -> list[str]:
    """What axe has to say against a page."""
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate("axe.run()")
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


async def test_a_number_is_played_on_its_keys(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    page = await visit("/play", who=ada, size="phone")
    for digit in "842":
        await page.get_by_role("button", name=f"Digit {digit}").click()
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_text("You win 421.00")).to_be_visible()

    await page.get_by_role("link", name="My plays").click()
    await expect(page.locator(".play-row")).to_have_count(1)
    await expect(page.locator(".play-row-prize")).to_have_text("421.00")
    await page.get_by_role("link", name="Leaders").click()
    await expect(page.locator(".board tr[data-own=true]")).to_contain_text(ada.username)


async def test_a_play_whose_answer_was_lost_is_played_once(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    page = await visit("/play/number", who=ada)
    lost = 0

    async def lose(route) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  playwright's Route
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/api/game/games/number/plays", lose)
    await page.get_by_label("A whole number").fill("842")
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_text("You win 421.00")).to_be_visible()
    assert lost == 2
    assert len((await ada.http.get("/api/game/history")).json()) == 1


async def test_dice_are_rolled_and_the_roll_is_checked(register: Register, visit: Visit) -> None:
    page = await visit("/play/dice", who=await register("ada"))
    await page.get_by_role("radio", name="Over").check(force=True)
    await page.get_by_role("button", name="Roll").click()
    await expect(page.locator(".outcome-detail")).to_contain_text("Rolled")
    await page.get_by_role("link", name="Check this play").click()
    await expect(page.get_by_text("All of this holds")).to_be_visible()


async def test_a_draw_happens_and_is_checked_in_the_browser(register: Register, visit: Visit, tmp_path: Path) -> None:
    ada = await register("ada")
    page = await visit("/draws/minute", who=ada)
    await page.get_by_label("How many ballots?").fill("2")
    await page.get_by_role("button", name="Take part").click()
    await expect(page.get_by_text("Your 2 ballots are in")).to_be_visible()

    await expect(page.get_by_text("One of your ballots has won!")).to_be_visible(timeout=A_MINUTE_MS)
    await page.get_by_role("switch", name="Show my name as a winner").click()
    await expect(page.get_by_role("switch", name="Show my name as a winner")).to_be_checked()
    assert not await faults(page)
    [won] = [one for one in (await ada.http.get("/api/lottery/ballots")).json()["ballots"] if one["won"]]
    address = f"/draws/minute/{won['number']}"
    await page.goto(address)
    await expect(page.locator(".winner-who")).to_have_text("You")
    assert not await faults(page)
    await page.get_by_role("link", name="Check it yourself").click()
    await expect(page.get_by_text("All of this holds")).to_be_visible()
    await expect(page.get_by_text("It is in the transcript, and has won").first).to_be_visible()
    await expect(page.get_by_text("1 checkpoint", exact=True)).to_be_visible()
    assert not await faults(page)

    await page.get_by_role("button", name="Check the whole log against them").click()
    await expect(page.get_by_text("All of this holds")).to_be_visible()
    await expect(page.get_by_text("The log still begins with these")).to_be_visible()

    transcript = (await ada.http.get(f"/api/lottery{address}/transcript")).json()
    transcript["result"]["winners"] = [1 - transcript["result"]["winners"][0]]
    tampered = tmp_path / "tampered.json"
    tampered.write_text(json.dumps(transcript))
    await page.get_by_label("Choose files").set_input_files(tampered)
    await expect(page.get_by_text("This does not hold")).to_be_visible()
    await expect(page.get_by_text("tampered.json: other ballots have won")).to_be_visible()
    assert not await faults(page)


@pytest.mark.parametrize(
    "path", ["/draws", "/draws/daily", "/check", "/play/number", "/play/dice", "/play/mine", "/play/leaders"]
)
async def test_everybody_can_use_these_pages(register: Register, visit: Visit, path: str) -> None:
    ada = await register("ada")
    await ada.http.post("/api/game/play", json={"number": 842})
    for dark in (False, True):
        page = await visit(path, who=ada, size="phone", dark=dark)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert not await faults(page)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
