"""`parlour up`: starts a Stack, shows what its processes say, starts again those that die, stops all in order."""

import signal
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from threading import Thread
from types import FrameType
from typing import IO

from app.embedded.display import Display
from app.embedded.postgres import Postgres
from app.embedded.process import Process
from app.embedded.stack import READY_SECONDS, NeverReady, Stack
from app.embedded.valkey import Valkey

LOOK_SECONDS = 0.1
"""How often the supervisor looks whether its processes live."""
SETTLED_SECONDS = 10
"""A process that lived this long had started; its next death counts as the first."""
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
HOPELESS_DEATHS = 3
"""From this many quick deaths in a row on, each is reported with the last lines; while starting, we give up."""
LINES_KEPT = 20

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Ctrl-C, `parlour down`, a closed terminal: not an error, and for nobody but `Supervisor.run` to catch."""


@dataclass
class Watch:
    """What the supervisor remembers of one process."""

    process: Process
    server: Postgres | Valkey | None = None
    deaths: int = 0
    """Quick ones, in a row."""
    due: float | None = None
    """When to start it again, on the monotonic clock; None while it runs."""
    said: deque[str] = field(default_factory=lambda: deque(maxlen=LINES_KEPT))

    @property
    def last_words(self) -> str:
        return self.server.last_words() if self.server else "\n".join(self.said)

    def relay(self, pipe: IO[bytes]) -> None:
        """Pass on what the process says, each line under its name, until it ends."""
        with pipe:
            for raw in pipe:
                line = raw.decode(errors="replace").rstrip("\n")
                self.said.append(line)
                sys.stdout.write(f"{self.process.name:>9} | {line}\n")
                sys.stdout.flush()


class Supervisor:
    def __init__(self, stack: Stack, display: Display) -> None:
        self.stack = stack
        self.display = display
        self.watches = [Watch(server.process, server) for server in (stack.postgres, stack.valkey) if server]

    def run(self, welcome: str) -> None:
        """Return after an orderly stop that somebody asked for. Raises what kept it from starting."""
        listen_for_stop()
        try:
            self._start()
            self.display.say(welcome)
            while True:
                time.sleep(LOOK_SECONDS)
                self._mend()
        except StopRequested:
            self.display.say("\nStopping…")
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)  # An impatient second Ctrl-C must not cut the stop short.
            self.stack.stop()

    def _start(self) -> None:
        with self.display.progress(steps=3) as steps:
            with steps.step("PostgreSQL and Valkey"):
                self.stack.start_servers()
            with steps.step("Database schema"):
                self.stack.migrate(self.stack.database_url)
            with steps.step("API, worker and scheduler"):
                for process in self.stack.processes.values():
                    watch = Watch(process)
                    self._begin(watch)
                    self.watches.append(watch)
                self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stack.ready():
            time.sleep(LOOK_SECONDS)
            self._mend()
            hopeless = [watch.process.name for watch in self.watches if watch.deaths >= HOPELESS_DEATHS]
            if hopeless:
                raise NeverReady(f"{' and '.join(hopeless)} cannot start.")
            if time.monotonic() > deadline:
                raise NeverReady(f"The API is not ready after {READY_SECONDS} s.")

    def _begin(self, watch: Watch) -> None:
        """Start a process, or start it again; a server over the same data."""
        watch.due = None
        if watch.server:
            watch.server.start()
            return
        self.stack.start_process(watch.process.name)
        if watch.process.running and watch.process.running.stdout:
            Thread(target=watch.relay, args=[watch.process.running.stdout], daemon=True).start()

    def _mend(self) -> None:
        now = time.monotonic()
        for watch in self.watches:
            if watch.due is None and not watch.process.alive:
                self._note_death(watch, now)
            elif watch.due is not None and watch.due <= now:
                self._begin(watch)

    def _note_death(self, watch: Watch, now: float) -> None:
        name, running = watch.process.name, watch.process.running
        quick = now - watch.process.started_at < SETTLED_SECONDS
        watch.deaths = watch.deaths + 1 if quick else 1
        pause = min(FIRST_PAUSE_SECONDS * 2 ** (watch.deaths - 1), LONGEST_PAUSE_SECONDS)
        watch.due = now + pause
        self.display.warn(f"{name} ended ({running and running.returncode}); starting it again in {pause:.1f} s")
        if watch.deaths >= HOPELESS_DEATHS:
            self.display.warn(f"{name} keeps ending. Its last lines:\n{watch.last_words}")


def listen_for_stop() -> None:
    """Explicitly: a shell starts background jobs with SIGINT ignored. Under nohup the terminal may go."""
    for number in STOP_SIGNALS:
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, request_stop)


def request_stop(_number: int, _frame: FrameType | None) -> None:
    raise StopRequested
