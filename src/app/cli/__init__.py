"""The `parlour` command. Each command imports for itself what is heavy, so that `parlour --help` answers at once."""

import rich_click as click

from app.cli import (
    accounts,
    archives,
    checking,
    database,
    dealer,
    dealers,
    draws,
    lotteries,
    processes,
    push,
    roles,
    running,
    seeding,
    shell,
    verifying,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
def main() -> None:
    """Parlour: a self-hosted real-time server for a community. `parlour up` starts everything."""


for command in (
    running.up,
    running.down,
    processes.web,
    processes.worker,
    processes.scheduler,
    database.migrate,
    database.revision,
    archives.backup,
    archives.restore,
    checking.doctor,
    accounts.createsuperuser,
    roles.roles,
    lotteries.lottery,
    draws.draws,
    dealers.dealers,
    dealers.beacon,
    dealer.dealer,
    push.vapid,
    shell.shell,
    seeding.seed,
    verifying.verify,
    verifying.verify_all,
):
    main.add_command(command)
