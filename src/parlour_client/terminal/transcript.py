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

    @property
    def at_end(self) -> bool:
        return self.scroll_offset.y >= self.max_scroll_y

    def show(self, rows: Iterable[tuple[str, Content]]) -> None:
        """Rows by names that last. At its end it stays there; else nothing moves what somebody reads."""
        wanted = dict(rows)
        for name in [name for name in self._rows if name not in wanted]:
            self._rows.pop(name).remove()
        at_end, height = self.at_end, self.virtual_size.height
        added_above = self._place(wanted)
        if at_end:
            self.call_after_refresh(self.scroll_end, animate=False, immediate=True)
        elif added_above:
            self.call_after_refresh(self._keep_place, height)

    def restart(self) -> None:
        """Of another conversation."""
        self.remove_children()
        self._rows.clear()

    def _place(self, wanted: dict[str, Content]) -> bool:
        """Whether there is a new row before one that was there."""
        before: dict[str, Static] = self._rows
        self._rows = {}
        following: Static | None = None
        added_above = False
        for name, content in reversed(wanted.items()):
            row = before.get(name)
            if row is None:
                row = Static(content, markup=False)
                self.mount(row, before=following)
                added_above = added_above or any(one in before for one in self._rows)
            elif row.content != content:
                row.update(content)
            self._rows[name] = following = row
        return added_above

    def _keep_place(self, height: int) -> None:
        self.scroll_to(y=self.scroll_y + self.virtual_size.height - height, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value < 1 < old_value:
            self.post_message(self.TopReached())

    def action_page_up(self) -> None:
        if self.scroll_y < 1:
            self.post_message(self.TopReached())
        super().action_page_up()
