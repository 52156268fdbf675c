"""`parlour web`, `worker` and `scheduler`: one process each, as containers and `parlour up` start them."""

import atexit
import gc
import multiprocessing
import shutil
import signal
import socket
import sys
from pathlib import Path
from tempfile import mkdtemp

import rich_click as click

from app.cli.state import read_settings

PING_SECONDS = 20.0
"""From a socket's last answer to the next ping, and then for its answer: half-open ones are closed after 40 s."""
GRACE_SECONDS = 3
"""What a stopping API process gives its requests and sockets."""
STARTUP_FAILED = 3


@click.command()
@click.option("--host", default="127.0.0.1", help="The address to listen on; 0.0.0.0 for every one.")
@click.option("--port", default=8000, envvar="PORT", type=click.IntRange(0, 65535))
@click.option("--fd", type=int, help="An inherited listening socket to use instead.")
def web(host: str, port: int, fd: int | None) -> None:
    """Run one API process."""
    import uvicorn  # noqa: PLC0415  heavy imports belong to the command

    from app.asgi import create_app  # noqa: PLC0415
    from app.wire import BoundedHttp  # noqa: PLC0415

    settings = read_settings()
    asgi = create_app(settings)
    gc.freeze()  # Looking through what lives as long as we do would hold up all requests for a tenth of a second.
    server = uvicorn.Server(
        uvicorn.Config(
            asgi,
            host=host,
            port=port,
            loop="uvloop",
            http=BoundedHttp,
            ws="websockets-sansio",
            ws_max_size=settings.frame_limit_bytes,
            ws_per_message_deflate=False,  # 300 KiB a socket, and a bomb's fuse.
            ws_ping_interval=PING_SECONDS,
            ws_ping_timeout=PING_SECONDS,
            lifespan="on",
            log_config=None,  # Our own logs, and our own lines for requests.
            access_log=False,
            server_header=False,
            proxy_headers=False,  # `trusted_proxies` says whose word on addresses counts (ratelimits).
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    server.run(sockets=None if fd is None else [socket.socket(fileno=fd)])
    if not server.started:
        sys.exit(STARTUP_FAILED)


@click.command()
@click.option("--workers", default=1, type=click.IntRange(1, 64), help="Worker processes.")
def worker(workers: int) -> None:
    """Run workers: the same as `taskiq worker app.workers.main:broker`."""
    from taskiq.cli.common_args import LogLevel  # noqa: PLC0415
    from taskiq.cli.worker.args import WorkerArgs  # noqa: PLC0415  heavy imports belong to the command
    from taskiq.cli.worker.run import run_worker  # noqa: PLC0415

    from app.embedded.process import forks_die_with_us  # noqa: PLC0415
    from app.settings import figures_directory, gather_figures_in  # noqa: PLC0415

    if workers > 1 and not figures_directory():  # Under `parlour up` there is one for all processes.
        directory = mkdtemp(prefix="parlour-figures-")
        gather_figures_in(Path(directory))
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
    if sys.platform == "linux":
        # taskiq's manager forks its workers. What it imports before is loaded once, and its memory shared.
        multiprocessing.set_start_method("fork")
        import app.workers.main  # noqa: F401, PLC0415

        gc.freeze()  # Counting through it would also copy what is shared.
        forks_die_with_us(signal.SIGTERM)
    sys.exit(
        run_worker(
            WorkerArgs(broker="app.workers.main:broker", modules=[], workers=workers, log_level=LogLevel.WARNING)
        )
    )


@click.command()
def scheduler() -> None:
    """Run the scheduler: the same as `taskiq scheduler app.workers.main:scheduler --skip-first-run`.

    Any number of them may run; what they trigger happens once.
    """
    import asyncio  # noqa: PLC0415

    from taskiq.cli.scheduler.args import SchedulerArgs  # noqa: PLC0415  heavy imports belong to the command
    from taskiq.cli.scheduler.run import run_scheduler  # noqa: PLC0415

    # taskiq closes in order on SIGINT alone, and a shell starts background jobs with that ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    # Without skip_first_run, ticks count from the start and not from the full minute.
    asyncio.run(run_scheduler(SchedulerArgs(scheduler="app.workers.main:scheduler", modules=[], skip_first_run=True)))
