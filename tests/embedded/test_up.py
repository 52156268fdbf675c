"""`parlour up` as its operator meets it: started, broken, stopped, started again."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from tests.embedded.alive import lives

from app.embedded.process import wait_until
from app.embedded.stack import free_port
from app.settings import environment_with

READY_SECONDS = 60
RECOVERED_SECONDS = 20

ADA = {"username": "ada", "email": "ada@example.org", "password": "the engine weaves"}


class Up:
    """One `parlour up` and what it printed."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = state.parent / f"{self.port}.out"
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "app", "up", "--port", str(self.port), "--state", state],
                cwd=state.parent,
                env=environment_with(PARLOUR_ATTEMPTS_PER_MINUTE="0"),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self) -> "Up":
        ready = f"ready: open http://localhost:{self.port}"
        assert wait_until(lambda: ready in self.printed or self.process.poll() is not None, READY_SECONDS), self.printed
        assert ready in self.printed, self.printed
        return self

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).is_success
        except httpx.TransportError:
            return False

    def family(self) -> dict[int, str]:
        """Its children and theirs: process numbers and command lines."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return {child.pid: " ".join(child.as_dict(["cmdline"])["cmdline"] or ()) for child in children}

    def kill_child(self, words: str) -> None:
        os.kill(next(pid for pid, command in self.family().items() if words in command), signal.SIGKILL)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture
def room() -> Iterator[Path]:
    """A directory that the servers' user may pass through, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="parlour-up "))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def start(room: Path) -> Iterator[Callable[[str], Up]]:
    started: list[Up] = []

    def start_over(state: str) -> Up:
        started.append(Up(room / state))
        return started[-1]

    yield start_over
    for up in started:
        if up.process.poll() is None:
            up.stop()


@pytest.mark.slow
def test_up_survives_what_happens_to_it(start: Callable[[str], Up]) -> None:
    """One long story, because each start costs seconds."""
    first = start("one").wait_until_ready()
    assert httpx.post(f"{first.url}/api/users/register", json=ADA).status_code == 201

    second = start("one")
    assert second.process.wait(30) == 1
    assert f"already runs over {first.state} (process {first.process.pid})" in unwrapped(second.printed)

    first.kill_child("app web")
    assert wait_until(first.answers, RECOVERED_SECONDS), first.printed
    first.kill_child("bin/postgres")
    first.kill_child("valkey-server")
    assert wait_until(lambda: "starting it again" in first.printed, RECOVERED_SECONDS)
    assert wait_until(first.answers, RECOVERED_SECONDS), first.printed

    family = first.family()
    assert len(family) > 5
    first.process.kill()
    first.process.wait()
    assert wait_until(lambda: not any(map(lives, family)), RECOVERED_SECONDS), "kill -9 of the parent leaves no orphan"

    again = start("one").wait_until_ready()
    assert httpx.post(f"{again.url}/api/users/login", json=ADA).status_code == 200, (
        "the same data and the same accounts"
    )
    family = again.family()
    assert again.stop() == 0
    assert not any(map(lives, family)), "Ctrl-C leaves no orphan"
    assert "Traceback" not in again.printed


def test_a_taken_port_is_named(room: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app", "up", "--port", str(port), "--state", room / "one"],
            env={**os.environ, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in refused.stderr


def unwrapped(box: str) -> str:
    """The text of rich's error box on one line."""
    return re.sub(r"[\s│]+", " ", box)
