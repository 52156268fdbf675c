"""The first page, and the figures on it."""

import pytest
from tests.admin.conftest import Desk
from tests.conftest import Register

from app.admin.overview import chart

pytestmark = pytest.mark.anyio


async def test_staff_see_how_the_server_does(sue: Desk, player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    conversation = await ada.talk_to(ben)
    await ada.http.post(f"/api/chat/conversations/{conversation}/messages", json={"message": "hello"})
    await ada.http.post("/api/game/play", json={"number": 842})

    page = (await sue.read("")).text

    for heading in ("Messages a minute", "Plays a minute", "Messages that wait, by partition", "Plays today"):
        assert heading in page
    assert page.count('<svg class="chart"') == 4
    assert "Draws that close next" in page
    assert 'href="/staff/queues"' in page


async def test_moderators_see_what_is_theirs(mia: Desk) -> None:
    page = (await mia.read("")).text
    assert "Open reports" in page
    assert "Messages that wait" not in page
    assert "/staff/queues" not in page


def test_the_highest_bar_is_as_high_as_the_chart() -> None:
    drawn = chart([0, 5, 10])
    assert [bar.height for bar in drawn.bars] == [0, 50, 100]
    assert (drawn.most, drawn.total) == (10, 15)


def test_a_chart_of_nothing_has_bars_of_no_height() -> None:
    assert [bar.height for bar in chart([0, 0]).bars] == [0, 0]
    assert chart([]).total == 0
