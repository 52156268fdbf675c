"""Where who reads is, whatever comes above and below, in rows of one line and of many."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from parlour_client.terminal.transcript import Transcript

pytestmark = pytest.mark.anyio
LINES = 10
LONG = "word " * 30


class Page(App[None]):
    CSS = "Transcript { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Transcript()


@asynccontextmanager
async def reading(numbers: Iterable[int]) -> AsyncIterator[tuple[Transcript, Pilot[None]]]:
    async with Page().run_test(size=(40, LINES)) as pilot:
        transcript = pilot.app.query_one(Transcript)
        transcript.show(rows(numbers))
        yield transcript, pilot


def rows(numbers: Iterable[int]) -> list[tuple[str, Content]]:
    """Every third takes several lines."""
    return [(f"m{n}", Content(f"row {n} {LONG if n % 3 == 0 else ''}")) for n in numbers]


def drawn(transcript: Transcript) -> list[str]:
    return [transcript.render_line(y).text.rstrip() for y in range(LINES)]


@pytest.mark.parametrize("y", [0, 1, 2, 7, 20])
async def test_earlier_rows_move_no_line_that_is_read(y: int) -> None:
    async with reading(range(40, 60)) as (transcript, pilot):
        transcript.scroll_to(y=y, animate=False)
        before = drawn(transcript)
        assert transcript.scroll_y == y
        transcript.show(rows(range(10, 60)))
        assert drawn(transcript) == before
        await pilot.pause()
        assert drawn(transcript) == before
        assert transcript.scroll_y > y


async def test_later_rows_move_none_either_unless_the_end_is_read() -> None:
    async with reading(range(20)) as (transcript, pilot):
        assert "row 19" in drawn(transcript)
        transcript.show(rows(range(21)))
        assert "row 20" in drawn(transcript)
        transcript.scroll_to(y=3, animate=False)
        before = drawn(transcript)
        transcript.show(rows(range(30)))
        await pilot.pause()
        assert drawn(transcript) == before
        transcript.follow()
        assert "row 29" in drawn(transcript)


async def test_a_row_that_goes_leaves_the_others_where_they_are() -> None:
    async with reading(range(40)) as (transcript, _):
        transcript.scroll_to(y=12, animate=False)
        before = drawn(transcript)
        transcript.show(rows(range(1, 40)))
        assert drawn(transcript) == before


async def test_in_a_window_of_another_width_the_same_row_is_at_the_top() -> None:
    async with reading(range(40)) as (transcript, pilot):
        transcript.scroll_to(y=5, animate=False)
        assert drawn(transcript)[0] == "row 1"
        await pilot.resize_terminal(24, LINES)
        assert drawn(transcript)[0] == "row 1"


async def test_what_is_selected_with_the_mouse_is_the_text_under_it() -> None:
    async with reading(range(40)) as (transcript, pilot):
        transcript.scroll_to(y=5, animate=False)
        assert drawn(transcript)[:2] == ["row 1", "row 2"]
        await pilot.mouse_down(transcript, offset=(0, 0))
        await pilot.hover(transcript, offset=(5, 1))
        await pilot.mouse_up(transcript, offset=(5, 1))
        assert pilot.app.screen.get_selected_text() == "row 1 \nrow 2 "
