"""What a person sees of a start: a live list of steps on a terminal, one plain line a step elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@dataclass
class Display:
    console: Console = field(default_factory=Console)

    @contextmanager
    def progress(self, steps: int) -> Iterator["Steps"]:
        """While this is open, whatever is printed appears above the bar."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn())
        terminal = self.console.is_terminal
        bar = Progress(*columns, TimeElapsedColumn(), console=self.console, transient=True, disable=not terminal)
        bar.add_task("", total=steps)
        with bar:
            yield Steps(self, bar)

    def say(self, text: str) -> None:
        """Rich markup is allowed."""
        self.console.print(text, highlight=False, soft_wrap=True)

    def warn(self, text: str) -> None:
        self.console.print(text, style="yellow", highlight=False, markup=False, soft_wrap=True)


@dataclass
class Steps:
    display: Display
    bar: Progress

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        started = time.monotonic()
        self.bar.update(self.bar.task_ids[0], description=what)
        yield
        self.display.say(f"[green]✓[/green] {what} [dim]{time.monotonic() - started:.1f} s[/dim]")
        self.bar.advance(self.bar.task_ids[0])
