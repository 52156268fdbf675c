"""Games, draws, and checking them, as players meet them."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import expect
from tests.browser.axe import violations
from tests.browser.conftest import PassUntil, Register, Visit

pytestmark = pytest.mark.anyio

SHORTEST_ROUND_SECONDS = 10


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
    own = page.locator(".board tr[data-own=true]")
    await expect(own).to_contain_text(ada.username)

    await page.get_by_role("button", name="The week before").press("Enter")
    await expect(page.get_by_text("Nobody played then.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Nobody played then.")).to_be_visible()
    await page.get_by_role("button", name="The week after").press("Enter")
    await expect(page.get_by_text("This week", exact=True)).to_be_visible()
    await expect(own).to_contain_text(ada.username)
    await page.go_back()
    await expect(page.get_by_text("Nobody played then.")).to_be_visible()


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
    roll = page.get_by_role("button", name="Roll")
    await expect(roll).to_be_enabled()
    await roll.press("Enter")
    await expect(page.get_by_role("status").filter(has_text="Rolled")).to_be_visible()
    await expect(roll).to_be_focused()
    await page.get_by_role("link", name="Check this play").click()
    await expect(page.get_by_text("All of this holds")).to_be_visible()


async def test_a_draw_happens_and_is_checked_in_the_browser(
    register: Register, visit: Visit, pass_until: PassUntil, tmp_path: Path
) -> None:
    ada = await register("ada")
    page = await visit("/draws/minute", who=ada)
    await page.get_by_label("How many ballots?").fill("2")
    await page.get_by_role("button", name="Take part").click()
    await expect(page.get_by_text("Your 2 ballots are in")).to_be_visible()
    [ballot, _] = (await ada.http.get("/api/lottery/ballots")).json()["ballots"]
    draw = (await ada.http.get(f"/api/lottery/draws/minute/{ballot['number']}")).json()

    await pass_until(datetime.fromisoformat(draw["closes_at"]))

    await expect(page.get_by_text("One of your ballots has won!")).to_be_visible()
    await page.get_by_role("switch", name="Show my name as a winner").click()
    await expect(page.get_by_role("switch", name="Show my name as a winner")).to_be_checked()
    assert not await violations(page)
    [won] = [one for one in (await ada.http.get("/api/lottery/ballots")).json()["ballots"] if one["won"]]
    address = f"/draws/minute/{won['number']}"
    await page.goto(address)
    await expect(page.locator(".winner-who")).to_have_text("You")
    assert not await violations(page)
    await page.get_by_role("link", name="Check it yourself").click()
    await expect(page.get_by_text("All of this holds")).to_be_visible()
    await expect(page.get_by_text("It is in the transcript, and has won").first).to_be_visible()
    await expect(page.get_by_text("1 checkpoint", exact=True)).to_be_visible()
    assert not await violations(page)

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
    assert not await violations(page)


async def test_earlier_ballots_are_read_until_there_are_no_more(register: Register, visit: Visit) -> None:
    ada = await register("ada")
    for count in (100, 3):
        await ada.http.post("/api/lottery/ballots", json={"lottery": "minute", "count": count})
    page = await visit("/draws/minute", who=ada)
    ballots, more = page.locator(".ballot"), page.get_by_role("button", name="Earlier ballots")
    for count in (*range(10, 110, 10), 103):
        await expect(ballots).to_have_count(count)
        if count < 103:
            await more.click()
    await expect(more).to_have_count(0)


@pytest.mark.slow
async def test_rounds_are_begun_picked_in_called_off_and_drawn(register: Register, visit: Visit) -> None:
    ada, ben = await register("ada"), await register("ben")
    group = (await ada.http.post("/api/chat/groups", json={"name": "Dice", "participants": [ben.id]})).json()["id"]
    short = {"conversation_id": group, "game": "dice", "closes_in": SHORTEST_ROUND_SECONDS}
    round_id = (await ada.http.post("/api/game/rounds", json=short)).json()["id"]
    await ben.http.put(f"/api/game/rounds/{round_id}/pick", json={"side": "under", "chance": 80})
    of_ada, of_ben = await visit(f"/c/{group}", who=ada), await visit(f"/c/{group}", who=ben, size="phone")
    await expect(of_ben.get_by_role("button", name="Begin a round")).to_have_count(0)
    await of_ada.get_by_role("button", name="Begin a round").click()
    dialog = of_ada.get_by_role("dialog")
    await dialog.get_by_label("Closes in").select_option("1 hour")
    assert not await violations(of_ada)
    await dialog.get_by_role("button", name="Begin a round").click()
    await expect(dialog).to_have_count(0)

    card, of_hers = of_ben.locator(".play-card").nth(1), of_ada.locator(".play-card").nth(1)
    await card.get_by_role("radio", name="Under").check()
    await card.get_by_label("Chance").select_option("50")
    await card.get_by_role("button", name="Pick").click()
    await expect(card.get_by_text("Your pick")).to_be_visible()
    await expect(card.get_by_text("1 pick", exact=True)).to_be_visible()
    assert not await violations(of_ben)

    await expect(of_hers.get_by_text("1 pick", exact=True)).to_be_visible()
    await of_hers.get_by_role("button", name="Call it off").click()
    await dialog.get_by_role("button", name="Call it off").click()
    await expect(card.get_by_text("The round was called off")).to_be_visible()

    await of_ben.get_by_role("button", name="All places").click()
    await expect(of_ben.get_by_role("dialog").get_by_text("Under · 80 %")).to_be_visible()
    await of_ben.keyboard.press("Escape")
    await of_ben.get_by_role("link", name="Check it").click()
    await expect(of_ben.get_by_text("All of this holds")).to_be_visible()
