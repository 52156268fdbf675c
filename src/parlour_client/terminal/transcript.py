"""What was said in a conversation, with the newest at the bottom; scrolled up, it asks for what came before."""

from collections.abc import Iterable
from typing import Any

from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class Transcript(VerticalScroll):
    class TopReached(Message):
        """Somebody wants to see earlier messages."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401  whatever widgets take
        super().__init__(**given)
        self._rows: dict[str, Static] = {}
        self.follows = True
        """It stays at its end, whatever comes: until somebody scrolls up."""
        self._held: tuple[Static, float] | None = None
        """A row that stays so many lines below the top, while others are laid out above it."""
        self._moved_to: float = 0
        """By us, not by who reads."""

    def show(self, rows: Iterable[tuple[str, Content]]) -> None:
        """Rows by names that last. Who has scrolled up goes on reading the same ones, whatever comes above or below."""
        wanted = dict(rows)
        for name in [name for name in self._rows if name not in wanted]:
            self._rows.pop(name).remove()
        first = next(iter(self._rows.items()), None)
        self._place(wanted)
        if first and first[0] != next(iter(wanted)) and not self._held:
            self._held = first[1], first[1].virtual_region.y - self.scroll_y

    def restart(self) -> None:
        """Of another conversation."""
        self.remove_children()
        self._rows.clear()
        self.follow()

    def follow(self) -> None:
        self.follows, self._held = True, None
        self._keep_place()

    def _place(self, wanted: dict[str, Content]) -> None:
        before = self._rows
        self._rows = {}
        following: Static | None = None
        for name, content in reversed(wanted.items()):
            row = before.get(name)
            if row is None:
                row = Static(content, markup=False)
                self.mount(row, before=following)
            elif row.content != content:
                row.update(content)
            self._rows[name] = following = row
        self._rows = dict(reversed(self._rows.items()))

    def watch_virtual_size(self) -> None:
        self.call_after_refresh(self._keep_place)

    def _keep_place(self) -> None:
        if self.follows:
            self._move(self.max_scroll_y)
        elif self._held:
            row, below_top = self._held
            self._move(row.virtual_region.y - below_top)

    def _move(self, y: float) -> None:
        self._moved_to = y
        self.scroll_to(y=y, animate=False, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value != self._moved_to:
            self.follows, self._held = new_value >= self.max_scroll_y, None
        if new_value < 1 < old_value:
            self.post_message(self.TopReached())

    def action_page_up(self) -> None:
        if self.scroll_y < 1:
            self.post_message(self.TopReached())
        super().action_page_up()
