"""What a benchmark reports, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One row. `beside` is the raw work without us, measured in the same run, in the same unit."""

    what: str
    value: float
    unit: str
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    beside: str = ""
    ratio: float | None = None


def percentile(sorted_values: Sequence[float], share: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def timed(what: str, seconds: Sequence[float], elapsed: float, unit: str = "a second") -> Figure:
    """A figure from the time that each operation took, and all of them together, in seconds."""
    ordered = sorted(seconds)
    p50, p95, p99 = (percentile(ordered, share) * 1000 for share in (0.5, 0.95, 0.99))
    return Figure(what, len(ordered) / elapsed, unit, p50, p95, p99)


def show(figures: Sequence[Figure]) -> None:
    table = Table("what", "value", "p50 ms", "p95 ms", "p99 ms", "beside", "ratio", title="Parlour")
    for figure in figures:
        table.add_row(
            figure.what,
            f"{figure.value:,.0f} {figure.unit}" if figure.value >= 100 else f"{figure.value:,.1f} {figure.unit}",
            "" if figure.p50_ms is None else f"{figure.p50_ms:.2f}",
            "" if figure.p95_ms is None else f"{figure.p95_ms:.2f}",
            "" if figure.p99_ms is None else f"{figure.p99_ms:.2f}",
            figure.beside,
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
        )
    Console(width=140).print(table)
