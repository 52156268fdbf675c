"""What can happen to a running Parlour: faults, each with what ends it. All of them block, for up to a few seconds.

The stack's processes are not supervised here, as `parlour up` or Kubernetes would: `heal` starts again what was killed.
taskiq's managers do see to their own workers.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import redis

from app.embedded.process import Process, wait_until
from app.embedded.stack import READY_SECONDS, Stack


@dataclass(frozen=True)
class Fault:
    name: str
    strike: Callable[[], None]
    heal: Callable[[], None]
    hold_seconds: float = 0.0
    """How long it has to last to bite."""


def nothing() -> None:
    """It ends by itself."""


def children(process: Process) -> list[int]:
    """A manager's worker processes. Its other children are helpers of multiprocessing, which die with it."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in listed]


def signal_children(process: Process, number: signal.Signals) -> None:
    for pid in children(process):
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class Nemesis:
    def __init__(self, stack: Stack, random: Random) -> None:
        self._stack = stack
        self._random = random
        self._webs = [name for name in stack.processes if name.startswith("web")]
        self._workers = [name for name in stack.processes if name.startswith("worker")]

    def any(self) -> Fault:
        faults = (
            self.kill_workers,
            self.kill_manager,
            self.freeze_worker,
            self.freeze_web,
            self.wipe_redis,
            self.kill_redis,
            self.freeze_redis,
            self.kill_postgres,
            self.stop_postgres_at_once,
            self.kill_web,
            self.kill_schedulers,
        )
        return self._random.choice(faults)()

    def kill_workers(self) -> Fault:
        """All at once, so that nobody is left to take over; their managers start new ones."""

        def strike() -> None:
            for name in self._workers:
                signal_children(self._stack.processes[name], signal.SIGKILL)

        return Fault("SIGKILL of all workers", strike, nothing)

    def kill_manager(self) -> Fault:
        """And its workers with it."""
        name = self._random.choice(self._workers)
        process = self._stack.processes[name]
        return Fault(f"SIGKILL of {name}", process.kill, lambda: self._stack.start_process(name), hold_seconds=0.5)

    def kill_web(self) -> Fault:
        """It heals when the new one is ready: how long a start takes is the machine's business, not the recovery's."""
        name = self._random.choice(self._webs)
        process = self._stack.processes[name]

        def heal() -> None:
            self._stack.start_process(name)
            wait_until(self._stack.ready, READY_SECONDS)

        return Fault(f"SIGKILL of {name}", process.kill, heal, hold_seconds=1)

    def kill_schedulers(self) -> Fault:
        names = [name for name in self._stack.processes if name.startswith("scheduler")]

        def strike() -> None:
            for name in names:
                self._stack.processes[name].kill()

        def heal() -> None:
            for name in names:
                self._stack.start_process(name)

        return Fault("SIGKILL of the schedulers", strike, heal, hold_seconds=2)

    def freeze_worker(self) -> Fault:
        """Longer than PostgreSQL lets a transaction be silent (5 s): its twin has taken over when it wakes up."""
        process = self._stack.processes[self._random.choice(self._workers)]
        return self._frozen(process, hold_seconds=7)

    def freeze_web(self) -> Fault:
        return self._frozen(self._stack.processes[self._random.choice(self._webs)])

    def freeze_redis(self) -> Fault:
        assert self._stack.valkey
        return self._frozen(self._stack.valkey.process)

    def wipe_redis(self) -> Fault:
        def strike() -> None:
            with redis.Redis.from_url(self._stack.redis_url) as connection:
                connection.flushall()

        return Fault("FLUSHALL", strike, nothing)

    def kill_redis(self) -> Fault:
        valkey = self._stack.valkey
        assert valkey

        def heal() -> None:
            valkey.start()
            valkey.wait_until_ready()

        return Fault("SIGKILL of Valkey", valkey.process.kill, heal, hold_seconds=1)

    def kill_postgres(self) -> Fault:
        postgres = self._stack.postgres
        assert postgres
        return Fault("SIGKILL of PostgreSQL", postgres.process.kill, self._start_postgres, hold_seconds=1)

    def stop_postgres_at_once(self) -> Fault:
        """An immediate shutdown: no checkpoint, every transaction cut off, recovery from the write-ahead log."""
        postgres = self._stack.postgres
        assert postgres

        def strike() -> None:
            os.kill(postgres.process.pid, signal.SIGQUIT)
            wait_until(lambda: not postgres.process.alive, READY_SECONDS)

        return Fault("immediate shutdown of PostgreSQL", strike, self._start_postgres, hold_seconds=1)

    def _start_postgres(self) -> None:
        assert self._stack.postgres
        self._stack.postgres.start()
        self._stack.postgres.wait_until_ready()

    def _frozen(self, process: Process, hold_seconds: float = 5) -> Fault:
        """A manager's workers, and PostgreSQL's backends, are frozen with it where they share its process group."""
        return Fault(
            f"SIGSTOP of {process.name}",
            lambda: process.signal(signal.SIGSTOP),
            lambda: process.signal(signal.SIGCONT),
            hold_seconds,
        )
