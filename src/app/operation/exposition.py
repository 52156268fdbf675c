"""`/metrics`: the figures of this machine's processes, and those of the installation, read when somebody asks.

The latter are the same whichever API process is asked, so dashboards take `max` of them and not `sum`.
"""

from collections.abc import Iterator
from datetime import datetime
from time import monotonic

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from app import metrics
from app.operation.queues import Queues, read_queues
from app.resources import Resources

KEPT_SECONDS = 2.0
"""However many ask, PostgreSQL and Redis are asked once in this time."""


class Exposition:
    """One per API process."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._read_at = float("-inf")
        self._queues: Queues | None = None

    async def as_text(self) -> bytes:
        if self._queues is None or self._read_at + KEPT_SECONDS < monotonic():
            self._queues, self._read_at = await read_queues(self._resources), monotonic()
        installation = CollectorRegistry(auto_describe=False)
        installation.register(Installation(self._queues))
        return metrics.as_text() + generate_latest(installation)


class Installation:
    """A collector of prometheus-client's."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues

    def collect(self) -> Iterator[Metric]:
        yield from self._of_inboxes()
        yield from self._of_outboxes()

    def _of_inboxes(self) -> Iterator[Metric]:
        answers = GaugeMetricFamily("parlour_redis_up", "Whether Redis answered.")
        inboxes = self._queues.inboxes
        answers.add_metric([], float(inboxes is not None))
        yield answers
        if inboxes is None:
            return
        labels = ["kind", "partition"]
        backlog = GaugeMetricFamily("parlour_inbox_backlog_entries", "Entries that wait to be stored.", labels=labels)
        age = GaugeMetricFamily("parlour_inbox_oldest_seconds", "How long the first of them has waited.", labels=labels)
        for one in inboxes.partitions:
            backlog.add_metric([one.kind, str(one.partition)], one.waiting)
            age.add_metric([one.kind, str(one.partition)], one.oldest_seconds)
        alive = GaugeMetricFamily("parlour_processes_alive", "Heard of in the last 15 seconds.", labels=["role"])
        alive.add_metric(["worker"], len(inboxes.workers))
        alive.add_metric(["scheduler"], len(inboxes.schedulers))
        bells = GaugeMetricFamily("parlour_bells_waiting", "Tasks that no worker has taken yet.")
        bells.add_metric([], inboxes.bells_waiting)
        memory = GaugeMetricFamily("parlour_redis_memory_bytes", "What Redis takes.")
        memory.add_metric([], inboxes.redis_bytes)
        allowed = GaugeMetricFamily("parlour_redis_memory_limit_bytes", "What it may take; 0 without a limit.")
        allowed.add_metric([], inboxes.redis_limit_bytes)
        yield from (backlog, age, alive, bells, memory, allowed)

    def _of_outboxes(self) -> Iterator[Metric]:
        answers = GaugeMetricFamily("parlour_database_up", "Whether PostgreSQL answered.")
        answers.add_metric([], float(self._queues.outboxes is not None))
        yield answers
        labels = ["outbox"]
        waiting = GaugeMetricFamily("parlour_outbox_waiting", "Work that waits, counted up to 1000.", labels=labels)
        retried = GaugeMetricFamily("parlour_outbox_retried", "Of it, what was tried before.", labels=labels)
        oldest = GaugeMetricFamily("parlour_outbox_oldest_seconds", "How long the first has waited.", labels=labels)
        for one in self._queues.outboxes or ():
            waiting.add_metric([one.name], one.waiting)
            retried.add_metric([one.name], one.retried)
            oldest.add_metric([one.name], age(one.oldest_at, self._queues.at))
        yield from (waiting, retried, oldest)
        if self._queues.draws_overdue is not None:
            overdue = GaugeMetricFamily("parlour_draws_overdue", "Draws that should have been held by now.")
            overdue.add_metric([], self._queues.draws_overdue)
            yield overdue


def age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
