"""`parlour doctor`: what is wrong, and what to do."""

import rich_click as click


@click.command()
def doctor() -> None:
    """Check."""
