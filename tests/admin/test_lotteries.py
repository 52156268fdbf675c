"""Lotteries in the panel: created, changed and ended as over the API, by staff."""

import re
from html import unescape
from uuid import uuid4

import pytest
from tests.admin.conftest import Desk

from app.domain.lottery.rules import StandingLottery

pytestmark = pytest.mark.anyio


def new_name() -> str:
    return f"l-{uuid4().hex[:10]}"


async def row_of(desk: Desk, name: str) -> int:
    found = re.search(r'data-sa-pk="(\d+)"', (await desk.read(f"lotteries/list?q={name}")).text)
    assert found
    return int(found[1])


async def test_a_new_lottery_is_offered_once(sue: Desk) -> None:
    name = new_name()
    for _ in range(2):
        answer = await sue.act("lotteries", "create", name=name, cadence="weekly:friday", prizes="3", title="Friday")
        assert answer.status_code == 200
    lottery = (await sue.who.http.get(f"/api/lottery/lotteries/{name}")).json()
    assert (lottery["prizes"], lottery["title"], lottery["cadence"]) == (3, "Friday", "weekly:friday")
    log = (await sue.who.http.get("/api/moderation/audit", params={"actor": sue.who.id})).json()
    assert [entry["action"] for entry in log if entry["details"].get("lottery") == name] == ["create_lottery"]


async def test_the_forms_ask_for_what_may_be_given(sue: Desk) -> None:
    """Each waits in its button: what a lottery is for good is asked for once, what it has now stands in the other."""
    page = unescape((await sue.read("lotteries/list?q=daily")).text)
    new, change = re.findall(r'data-sa-form="(.*?</form>)', page, re.DOTALL)[:2]
    for name in ("title", "zone", "prizes", "ballots_per_user", "audience"):
        assert f'name="{name}"' in new
        assert f'name="{name}"' in change
    assert 'name="cadence" value="daily"' in new
    assert "cadence" not in change
    assert "object at 0x" not in page


async def test_changing_leaves_what_is_left_empty(sue: Desk) -> None:
    name = new_name()
    await sue.act("lotteries", "create", name=name, cadence="daily", prizes="3", zone="Europe/Kyiv")
    answer = await sue.act("lotteries", "change", await row_of(sue, name), prizes="5", zone="")
    assert answer.status_code == 200
    lottery = (await sue.who.http.get(f"/api/lottery/lotteries/{name}")).json()
    assert (lottery["prizes"], lottery["zone"]) == (5, "Europe/Kyiv")


async def test_an_ended_lottery_takes_no_ballots(sue: Desk) -> None:
    name = new_name()
    await sue.act("lotteries", "create", name=name, cadence="daily")
    row = await row_of(sue, name)
    for _ in range(2):
        assert (await sue.act("lotteries", "end", row)).status_code == 200
    assert (await sue.who.http.get(f"/api/lottery/lotteries/{name}")).json()["ended_at"]
    ballot = await sue.who.http.post("/api/lottery/ballots", json={"lottery": name})
    assert ballot.json()["code"] == "lottery_ended"


async def test_the_daily_lottery_is_not_ended(sue: Desk) -> None:
    answer = await sue.act("lotteries", "end", await row_of(sue, "daily"))
    assert (answer.status_code, answer.json()["msg"]) == (400, StandingLottery.detail)
    assert (await sue.who.http.get("/api/lottery/lotteries/daily")).json()["ended_at"] is None


async def test_a_lottery_is_as_the_api_wants_it(sue: Desk) -> None:
    refused: list[dict[str, str]] = [
        {},
        {"name": "x"},
        {"name": "X Y", "cadence": "daily"},
        {"name": "daily", "cadence": "daily"},
        {"name": "x", "cadence": "hourly"},
        {"name": "x", "cadence": "daily", "prizes": "many"},
        {"name": "x", "cadence": "daily", "prizes": "1000"},
        {"name": "x", "cadence": "daily", "zone": "Mars/Base"},
    ]
    for fields in refused:
        answer = await sue.act("lotteries", "create", **fields)
        assert answer.status_code == 400, fields
        assert answer.json()["msg"]


async def test_a_moderator_looks_and_changes_nothing(sue: Desk, mia: Desk) -> None:
    row = await row_of(sue, "daily")
    assert (await mia.read(f"lotteries/detail?pk={row}")).status_code == 200
    assert (await mia.act("lotteries", "change", row, title="Mine")).status_code == 400
    assert (await mia.act("lotteries", "create", name=new_name(), cadence="daily")).status_code == 400
