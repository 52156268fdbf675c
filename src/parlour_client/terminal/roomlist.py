"""The conversations at the side, one line each."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class RoomList(OptionList):
    _shown: Sequence[tuple[str, Content]] = ()

    def show(self, lines: list[tuple[str, Content]], chosen: str | None) -> None:
        """By names, of which one is open."""
        if lines == self._shown:
            return
        self._shown = lines
        self.set_options([Option(line, id=name) for name, line in lines])
        names = [name for name, _ in lines]
        if chosen in names:
            self.highlighted = names.index(chosen)
