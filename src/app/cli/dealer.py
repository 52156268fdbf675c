"""`parlour dealer`: for the machine of somebody who deals for a lottery on another server. Fit for cron."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:  # Heavy imports belong to the command.
    from app.dealer.desk import Desk
    from app.dealer.server import Server

MOST_DRAWS = 5000
"""As many as a server takes ahead."""

directory = click.option(
    "--dir",
    "place",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("parlour-dealer"),
    help="The directory of your keys. Nobody else may read it, and draws depend on it.",
)


@click.group()
def dealer() -> None:
    """Deal for a lottery: put secrets of your own into its draws, from a machine of your own."""


@dealer.command()
@click.option("--server", "url", required=True, help="The server's address, as https://parlour.example.org.")
@click.option("--lottery", default="daily")
@click.option("--name", required=True, help="Yours as a dealer: small letters, digits, hyphens.")
@directory
def init(url: str, lottery: str, name: str, place: Path) -> None:
    """Make your keys, and print what the operator needs to know."""
    import re  # noqa: PLC0415  heavy imports belong to the command

    from app.dealer.desk import Desk, Terms  # noqa: PLC0415
    from app.dealer.server import Server  # noqa: PLC0415

    if not re.fullmatch(r"[a-z0-9-]{1,30}", name):
        raise click.BadParameter("1 to 30 small letters, digits and hyphens", param_hint="--name")
    with telling():
        server = Server(url)
        server.dealers(lottery)
        terms = Terms(server=server.url, lottery=lottery, name=name, log_key=server.log().key)
        public_key = Desk.set_up(place, terms).hand.public.hex()
    click.echo(f"""You can deal for {lottery} at {server.url} as {name}. The operator adds you by
  parlour dealers add {lottery} {name} {public_key}
Then let cron run `parlour dealer commit` and `parlour dealer reveal`, with --dir {place}.
The log's key, which you trust from now on. Ask others whether theirs is the same:
  {terms.log_key}
Keep a copy of {place} in a safe place: without it, draws that have your commitment cannot be held.""")


@dealer.command()
@click.option(
    "--draws",
    default=30,
    type=click.IntRange(1, MOST_DRAWS),
    help="How many draws ahead: for a daily lottery, so many days.",
)
@directory
def commit(draws: int, place: Path) -> None:
    """Hand in your commitments for the coming draws. They say nothing about your secrets."""
    from app.dealer.duties import commit as commit_to  # noqa: PLC0415  heavy imports belong to the command

    attend(place, "committed to", lambda desk, server: commit_to(desk, server, draws))


@dealer.command()
@directory
def reveal(place: Path) -> None:
    """Hand in your secrets of draws that are closed, after checking that the log says so and is the one of before."""
    from datetime import UTC, datetime  # noqa: PLC0415  heavy imports belong to the command

    from app.dealer.duties import reveal as reveal_for  # noqa: PLC0415

    attend(place, "revealed", lambda desk, server: reveal_for(desk, server, datetime.now(UTC)))


def attend(place: Path, done: str, duty: "Callable[[Desk, Server], Iterable[int]]") -> None:
    """Do a duty, and say for which draws it was not done before. What was done counts, also when the rest fails."""
    from app.dealer.desk import Desk  # noqa: PLC0415  heavy imports belong to the command
    from app.dealer.server import Server  # noqa: PLC0415

    desk, numbers = Desk(place), list[int]()
    with telling(), desk.alone():
        try:
            numbers.extend(duty(desk, Server(desk.terms.server)))
        finally:
            if numbers:
                click.echo(f"{desk.terms.lottery}: {done} {spans(numbers)}.")


@contextmanager
def telling() -> Iterator[None]:
    from app.dealer.trouble import Trouble  # noqa: PLC0415  heavy imports belong to the command

    try:
        yield
    except (Trouble, OSError) as error:
        raise click.ClickException(str(error)) from error


def spans(numbers: list[int]) -> str:
    """`draw 7`, `draws 8 to 37`, `draws 7, 9, 12`."""
    if len(numbers) == 1:
        return f"draw {numbers[0]}"
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"draws {numbers[0]} to {numbers[-1]}"
    return f"draws {', '.join(map(str, numbers))}"
