"""`parlour vapid`: the key pair that pushes are signed with."""

import rich_click as click


@click.command()
def vapid() -> None:
    """Make a key pair for Web Push (VAPID), and print it as settings. Changing it ends all subscriptions."""
    from app.domain.notices.vapid import Vapid, new_private_key  # noqa: PLC0415  heavy imports belong to the command

    private_key = new_private_key()
    click.echo("# Keep it secret, and the same in every process. Clients read the public key from the server:")
    click.echo(f"# {Vapid(private_key, subject='').public_key}")
    click.echo(f"PARLOUR_VAPID_PRIVATE_KEY={private_key}")
    click.echo("# Whom push services write to when something is wrong:")
    click.echo("PARLOUR_VAPID_SUBJECT=mailto:you@example.org")
