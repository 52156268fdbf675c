"""`parlour verify` and `parlour verify-all`: the same program that people download, with the same options."""

from collections.abc import Sequence

import rich_click as click

AS_THEY_COME = {"ignore_unknown_options": True}


def check(command: str, arguments: Sequence[str]) -> None:
    from app.fairdraw import verifier  # noqa: PLC0415  imports belong to the command

    raise SystemExit(verifier.main([command, *arguments], "parlour"))


@click.command(context_settings=AS_THEY_COME, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check draws and plays offline: transcripts, receipts, ballots, logs, and each against the others."""
    check("verify", arguments)


@click.command("verify-all", context_settings=AS_THEY_COME, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify_all(arguments: tuple[str, ...]) -> None:
    """Check a whole log offline, every draw in it, and everything else that is given against it."""
    check("verify-all", arguments)
