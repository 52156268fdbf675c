"""What was said in a conversation, with the newest at the bottom; scrolled up, it asks for what came before."""

from collections.abc import Iterable, Mapping
from typing import Any

from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual


class Transcript(ScrollView):
    """Wraps its rows by itself, so that their heights are known at once.

    As widgets of their own, rows have a height only after a layout, and until then nobody knows how far down the others
    have gone that somebody is reading.
    """

    DEFAULT_CSS = """
    Transcript {
        overflow-x: hidden;
        overflow-y: scroll;
    }
    """
    # With a bar that comes and goes the width would, too, and no key would scroll before it has come.

    class TopReached(Message):
        """Somebody wants to see earlier messages."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  whatever widgets take
        super().__init__(**given)
        self.follows = True
        """It stays at its end, whatever comes: until somebody scrolls up."""
        self._rows: Mapping[str, Content] = {}
        self._strips: dict[str, list[Strip]] = {}
        """Rows as they are drawn, as far as they were."""
        self._lines: list[tuple[str, int]] = []
        """From the top: which line of which row."""
        self._paragraphs: dict[str, int] = {}
        """How many of them come before a row. It is them that a selection counts, not lines."""
        self._moving = False
        """By us, not by who reads."""

    def show(self, rows: Iterable[tuple[str, Content]]) -> None:
        """Rows by names that last. Who has scrolled up goes on reading the same ones, whatever comes above or below."""
        before, self._rows = self._rows, dict(rows)
        same = {name for name, content in self._rows.items() if name in before and content.is_same(before[name])}
        if len(same) == len(self._rows) == len(before):
            return
        self._strips = {name: strips for name, strips in self._strips.items() if name in same}
        if self.text_selection and next(iter(before)) != next(iter(self._rows), None):
            self.screen.clear_selection()
        self._arrange()

    def restart(self) -> None:
        """Of another conversation."""
        self._rows = {}
        self._strips.clear()
        self.follow()

    def follow(self) -> None:
        self.follows = True
        self._arrange()

    def on_resize(self) -> None:
        self._strips.clear()
        self._arrange()

    def _arrange(self) -> None:
        """All in one go: no line moves that somebody is reading."""
        reading = self._lines[self.scroll_offset.y :]
        self._lines, self._paragraphs = [], {}
        tops, paragraphs = {}, 0
        for name, content in self._rows.items():
            tops[name] = len(self._lines)
            self._lines += [(name, n) for n in range(len(self._drawn(name)))]
            self._paragraphs[name] = paragraphs
            paragraphs += content.plain.count("\n") + 1
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        still = next(((name, n) for name, n in reading if name in tops), None)
        if self.follows or still is None:
            self._move(self.max_scroll_y)
        else:
            name, n = still
            self._move(tops[name] + min(n, len(self._drawn(name)) - 1))
        self.refresh()

    def _move(self, y: int) -> None:
        self._moving = True
        self.scroll_to(y=y, animate=False, force=True)
        self._moving = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._moving:
            return
        self.follows = new_value >= self.max_scroll_y
        if new_value < 1 < old_value:
            self.post_message(self.TopReached())

    def action_page_up(self) -> None:
        if self.scroll_y < 1:
            self.post_message(self.TopReached())
        super().action_page_up()

    # What is drawn

    def render_line(self, y: int) -> Strip:
        width, style = self.scrollable_content_region.width, self.visual_style.rich_style
        line = self.scroll_offset.y + y
        if line >= len(self._lines):
            return Strip.blank(width, style)
        name, n = self._lines[line]
        return _located(self._drawn(name)[n], self._paragraphs[name]).adjust_cell_length(width, style)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def selection_updated(self, selection: Selection | None) -> None:
        self._strips.clear()
        super().selection_updated(selection)

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        return selection.extract("\n".join(content.plain for content in self._rows.values())), "\n"

    def _drawn(self, name: str) -> list[Strip]:
        if name not in self._strips:
            width = max(1, self.scrollable_content_region.width)
            content = self._selected(name)
            self._strips[name] = Visual.to_strips(self, content, width, None, self.visual_style, apply_selection=False)
        return self._strips[name]

    def _selected(self, name: str) -> Content:
        """A row, with what is selected of it marked."""
        content = self._rows[name]
        if (selection := self.text_selection) is None:
            return content
        style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        begin = 0
        for number, paragraph in enumerate(content.plain.split("\n"), self._paragraphs.get(name, 0)):
            if span := selection.get_span(number):
                first, end = span
                content = content.stylize(style, begin + first, begin + (len(paragraph) if end < 0 else end))
            begin += len(paragraph) + 1
        return content


def _located(strip: Strip, paragraphs: int) -> Strip:
    """So that who selects hits what is under the pointer: a row counts from its own beginning."""
    first = next(iter(strip), None)
    x, y = first.style.meta.get("offset", (0, 0)) if first and first.style else (0, 0)
    return strip.apply_offsets(x, paragraphs + y)
