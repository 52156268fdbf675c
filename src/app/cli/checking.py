"""`parlour doctor`: what is wrong, and what to do."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from app.cli import state as state_of

if TYPE_CHECKING:  # Heavy imports belong to the command.
    from app.doctor.findings import Finding

STYLES = {"fine": "green", "note": "yellow", "wrong": "bold red"}


@click.command()
@state_of.option
def doctor(state: Path) -> None:
    """Check settings, keys, disk, clocks, PostgreSQL, Redis and the processes, and say what to do.

    It ends with 1 when something is wrong. It changes nothing but a file that it writes and removes again.
    """
    import asyncio  # noqa: PLC0415  heavy imports belong to the command

    from app.doctor.examining import examine  # noqa: PLC0415
    from app.doctor.findings import Verdict  # noqa: PLC0415

    at_rest = state_of.rests(state)
    with state_of.installation(state) as settings:
        findings = asyncio.run(examine(settings, state, at_rest=at_rest))
    show(findings)
    if any(one.verdict is Verdict.WRONG for one in findings):
        sys.exit(1)


def show(findings: "list[Finding]") -> None:
    from rich.console import Console  # noqa: PLC0415  heavy imports belong to the command
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table("check", "", "seen", "what to do", box=None, pad_edge=False)
    for one in findings:
        table.add_row(one.check, Text(one.verdict, STYLES[one.verdict]), Text(one.seen), Text(one.advice))
    Console().print(table)
