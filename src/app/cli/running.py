"""`parlour up` and `parlour down`: everything at once, on this machine."""

import os
import shutil
import signal
import sys
from pathlib import Path

import rich_click as click

from app.cli import state as state_of

STOP_SECONDS = 60

WELCOME = """
[bold green]Parlour is ready: open {url}[/bold green]   Ctrl-C stops it.
  An administrator   {parlour} createsuperuser --state {state}, then {url}/admin
  Documentation      {url}/docs
  Data and logs      {state}
"""


@click.command()
@click.option("--host", default="127.0.0.1", help="The address to listen on; 0.0.0.0 for every one.")
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(0, 65535))
@state_of.option
@click.option("--workers", default=1, type=click.IntRange(1, 64), help="Worker processes.")
@click.option("--web-processes", default=1, type=click.IntRange(1, 64), help="API processes, sharing the port.")
def up(host: str, port: int, state: Path, workers: int, web_processes: int) -> None:
    """Start everything: PostgreSQL, Valkey, the API, a worker, the scheduler. Ctrl-C stops it all.

    DATABASE_URL and REDIS_URL, when set, replace the PostgreSQL and the Valkey it brings along.
    """
    from app import migrating  # noqa: PLC0415  heavy imports belong to the command
    from app.embedded.display import Display  # noqa: PLC0415
    from app.embedded.listening import listen  # noqa: PLC0415
    from app.embedded.places import Places, exclusive  # noqa: PLC0415
    from app.embedded.stack import Shape, Stack, keys_in  # noqa: PLC0415
    from app.embedded.supervisor import Supervisor  # noqa: PLC0415
    from app.settings import Provided, environment_with  # noqa: PLC0415

    given = Provided()
    try:
        state.mkdir(parents=True, exist_ok=True)
        with exclusive(state), listen(host, port) as listener:
            places = Places.prepare(state)
            url = f"http://localhost:{listener.getsockname()[1]}"
            supplied = given.missing(
                keys_in(places.state), url=url, files=places.state / "files", logs=places.state / "logs"
            )
            stack = Stack(
                places=places,
                migrate=migrating.upgrade_now,
                environment=environment_with(**supplied),
                shape=Shape(web=web_processes, processes_per_worker=workers),
                listener=listener,
                given_database_url=given.database_url,
                given_redis_url=given.redis_url,
                relayed=True,
            )
            with state_of.kept_environment(state, {**supplied, **stack.addresses}):
                welcome = WELCOME.format(url=given.public_url or url, state=state, parlour=_as_typed_here())
                Supervisor(stack, Display()).run(welcome)
    except (OSError, RuntimeError) as error:
        raise click.ClickException(str(error)) from error


def _as_typed_here() -> str:
    """`parlour`, where the shell finds it; with its path, where only its environment has it."""
    command = Path(sys.executable).with_name("parlour")
    if shutil.which("parlour") == str(command):
        return "parlour"
    return str(command.relative_to(Path.cwd()) if command.is_relative_to(Path.cwd()) else command)


@click.command()
@state_of.option
def down(state: Path) -> None:
    """Stop the `parlour up` that runs over this state."""
    from app.embedded.places import holder  # noqa: PLC0415
    from app.embedded.process import wait_until  # noqa: PLC0415

    pid = holder(state)
    if pid is None:
        click.echo(f"Nothing runs over {state}.")
        return
    os.kill(pid, signal.SIGTERM)
    if not wait_until(lambda: holder(state) is None, STOP_SECONDS):
        raise click.ClickException(f"Process {pid} does not stop.")
    click.echo("Stopped.")
