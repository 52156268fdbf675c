"""One child process that never outlives its parent, not even when the parent is killed with SIGKILL."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.embedded.identity import OURSELVES, Identity

PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_SECONDS = 0.01

libc = ctypes.CDLL(None) if sys.platform == "linux" else None

nursery = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nursery")
"""Linux sends the death signal when the *thread* that forked a child ends. Every child is therefore born on this one,
which lives as long as the interpreter: a caller's own could end, and take its children with it."""


def die_with(parent: int, death_signal: signal.Signals) -> None:
    """Have the kernel send us `death_signal` when `parent`, our parent, dies. macOS cannot; there it does nothing.

    Runs in the child, after its change of user, which would clear the request.
    """
    if libc is None:
        return
    libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:  # It died before we could ask.
        os._exit(1)


def forks_die_with_us(death_signal: signal.Signals) -> None:
    """Bind the processes that a library will fork, as Process binds those that we start."""
    parent = 0

    def remember_parent() -> None:
        nonlocal parent
        parent = os.getpid()

    os.register_at_fork(before=remember_parent, after_in_child=lambda: die_with(parent, death_signal))


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


@dataclass
class Process:
    """A command, and the child that runs it, if one does. It can be started again after it ended."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    directory: Path | None = None
    output: int | IO[bytes] | None = None
    """Where it writes, both its outputs: a file, subprocess.PIPE, or None for our own."""
    identity: Identity = OURSELVES
    keep_open: Sequence[int] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    """Asks for an orderly end."""
    death_signal: signal.Signals = signal.SIGTERM
    """What it gets when we die; perhaps more than once, when several threads of ours die one after the other."""
    stop_seconds: float = 10
    """How long an orderly end may take before SIGKILL."""
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0, init=False)
    """On the monotonic clock."""

    def start(self) -> None:
        self.running = nursery.submit(self._spawn, os.getpid()).result()
        self.started_at = time.monotonic()

    def _spawn(self, parent: int) -> subprocess.Popen[bytes]:
        # A session of its own keeps the terminal's Ctrl-C from reaching it before, and beside, our orderly stop.
        return subprocess.Popen(  # noqa: S603  our own commands
            self.command,
            env=dict(self.environment),
            cwd=self.directory,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=None if self.output is None else subprocess.STDOUT,
            pass_fds=self.keep_open,
            start_new_session=True,
            preexec_fn=lambda: die_with(parent, self.death_signal),  # noqa: PLW1509  it only makes system calls
            **self.identity.of_child(),
        )

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    @property
    def pid(self) -> int:
        if self.running is None:
            raise ProcessLookupError(f"{self.name} does not run")
        return self.running.pid

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and its own children, for instance SIGSTOP to freeze them all."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it and its own children as a crash would, and see it gone."""
        self.signal(signal.SIGKILL)
        self._see_off()

    def stop(self) -> None:
        """End it in order; after `stop_seconds` by force, its own children too. Nothing happens if it does not run."""
        if self.running is None:
            return
        self.signal(signal.SIGCONT)  # A frozen process hears nothing.
        self.running.send_signal(self.stop_signal)
        try:
            self.running.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
        self._see_off()

    def _see_off(self) -> None:
        if self.running is not None:
            self.running.wait()
            self.running = None
