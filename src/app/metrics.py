"""What is measured, under the names that Prometheus reads. Each is in `docs/operations.md`.

With several processes on a machine, prometheus-client keeps every process's figures in files of one directory
(`settings.figures_directory`), and whoever is asked adds them up. What belongs to the installation and not to a
process, as the backlog, is read when somebody asks (`operation/exposition.py`).
"""

import asyncio
import errno
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest, start_http_server
from prometheus_client import registry as registries
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from app.settings import figures_directory

WATCH_SECONDS = 2.0

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ENTRIES = (1, 2, 5, 10, 20, 50, 100, 200, 500)

requests = Counter("parlour_http_requests", "Requests answered.", ["method", "route", "status"])
request_seconds = Histogram(
    "parlour_http_request_seconds", "From a request's head to the end of its answer.", ["group"], buckets=SECONDS
)
sockets_open = Gauge("parlour_sockets_open", "Open sockets.", ["route"], multiprocess_mode="livesum")
slow_consumers = Counter("parlour_slow_consumers_closed", "Sockets closed because they fell too far behind.")
hub_reconnects = Counter("parlour_hub_reconnects", "Times that a hub lost Redis and came back.")

accepted = Counter("parlour_inbox_accepted", "Entries taken into an inbox.", ["kind"])
refused = Counter("parlour_inbox_refused", "Entries not taken in.", ["kind", "reason"])
replies_late = Counter("parlour_replies_timed_out", "Requests whose worker did not answer in time.")
drain_entries = Histogram("parlour_drain_entries", "Entries stored by one transaction.", ["kind"], buckets=ENTRIES)
drain_seconds = Histogram(
    "parlour_drain_seconds", "From reading a batch to its announcement.", ["kind"], buckets=SECONDS
)
recorded = Counter("parlour_recorded", "Entries stored (messages, plays), or refused by a worker.", ["kind", "outcome"])

tasks = Counter("parlour_tasks", "Tasks run by workers.", ["task", "outcome"])
task_seconds = Histogram("parlour_task_seconds", "How long tasks took.", ["task"], buckets=SECONDS)

connections_in_use = Gauge("parlour_database_connections_in_use", "Of all pools together.", multiprocess_mode="livesum")
connections_allowed = Gauge("parlour_database_connections_allowed", "In all pools.", multiprocess_mode="livesum")
loop_lag = Gauge(
    "parlour_event_loop_lag_seconds", "How late the busiest process came back to its loop.", multiprocess_mode="livemax"
)


class Tally:
    """A counter for what happens a hundred thousand times a second: counted in memory, told by `watch`."""

    __slots__ = ("_count", "_counter")

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._count = 0

    def add(self, number: int) -> None:
        self._count += number

    def tell(self) -> None:
        self._counter.inc(self._count)
        self._count = 0


deliveries = Tally(Counter("parlour_deliveries", "Frames sent to sockets."))


async def watch(in_use: Callable[[], int], allowed: int) -> None:
    """Keep this process's own figures, until cancelled. `in_use` counts the database connections lent out."""
    connections_allowed.set(allowed)
    while True:
        connections_in_use.set(in_use())
        deliveries.tell()
        due = monotonic() + WATCH_SECONDS
        await asyncio.sleep(WATCH_SECONDS)
        loop_lag.set(max(0.0, monotonic() - due))


def gathered() -> CollectorRegistry:
    """The figures of every process that shares our directory, or without one, our own."""
    directory = figures_directory()
    if directory is None:
        return registries.REGISTRY
    for pid in ended_processes(directory):
        mark_process_dead(pid, str(directory))  # type: ignore[no-untyped-call]  # left without annotations
    shared = CollectorRegistry()
    MultiProcessCollector(shared, str(directory))  # type: ignore[no-untyped-call]  # the same
    return shared


def ended_processes(directory: Path) -> Iterator[int]:
    """Those that left gauges behind, which would count as if they lived. What they have counted stays."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in directory.glob("gauge_live*.db")}:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            yield pid
        except PermissionError:
            continue


def answer_on(port: int | None) -> None:
    """Answer Prometheus on a port, where no web process does, from a thread.

    Of several processes that share their figures, one gets the port, and answers for all.
    """
    if port is None:
        return
    try:
        start_http_server(port, registry=Gathered())
    except OSError as error:
        if error.errno != errno.EADDRINUSE or figures_directory() is None:
            raise


class Gathered(CollectorRegistry):
    """`gathered`, anew for everyone who asks."""

    def collect(self) -> Iterable[Metric]:
        return gathered().collect()


def as_text() -> bytes:
    """In Prometheus's text format."""
    return generate_latest(gathered())
