"""Two logs for each process, which rotate."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from tests.test_logs import GIVEN

from app import logfiles, logs
from app.settings import Settings


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before, configured, api = logging.getLogger().handlers[:], structlog.get_config(), logs.api.handlers[:]
    yield
    for handler in [*logging.getLogger().handlers, *logs.api.handlers]:
        if handler not in [*before, *api]:
            handler.close()
    logging.getLogger().handlers[:], logs.api.handlers[:] = before, api
    structlog.configure(**configured)
    while logfiles.held:
        logfiles.held.pop().close()


def configured(directory: Path, **given: object) -> None:
    logs.configure(Settings.model_validate(GIVEN | {"log_directory": directory} | given), "web")


def test_requests_have_a_log_of_their_own(tmp_path: Path) -> None:
    configured(tmp_path)
    structlog.get_logger().info("Message saved")
    logs.api.info({"event": "GET /health 200"})
    assert "Message saved" in (tmp_path / "web-1.application.log").read_text()
    assert "GET /health 200" in (tmp_path / "web-1.api.log").read_text()
    assert "GET" not in (tmp_path / "web-1.application.log").read_text()


def test_no_secret_of_ours_is_in_either(tmp_path: Path) -> None:
    configured(tmp_path)
    logs.api.info({"event": "POST", "path": "/api/hooks/plh_Zm9vYmFy"})
    assert "Zm9v" not in (tmp_path / "web-1.api.log").read_text()


def test_a_full_file_gives_way_and_the_oldest_goes(tmp_path: Path) -> None:
    configured(tmp_path, log_file_bytes=1024, log_files_kept=2)
    for number in range(100):
        logs.api.info({"event": f"line {number} {'x' * 80}"})
    files = sorted(tmp_path.glob("web-1.api.log*"))
    assert [file.name for file in files] == ["web-1.api.log", "web-1.api.log.1", "web-1.api.log.2"]
    assert all(file.stat().st_size <= 1024 for file in files)
    assert "line 99 " in files[0].read_text()


CLAIM = """
import sys
from pathlib import Path
from app import logfiles
print(logfiles.claimed_name(Path(sys.argv[1]), "web"), flush=True)
sys.stdin.read()
"""


def test_two_processes_never_write_to_one_file_and_the_next_goes_on_where_one_ended(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603  our own code
        [sys.executable, "-c", CLAIM, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "web-1\n"
        assert logfiles.claimed_name(tmp_path, "web") == "web-2"
        assert logfiles.claimed_name(tmp_path, "worker") == "worker-1"
        other.stdin.close()
        other.wait()
    assert logfiles.claimed_name(tmp_path, "web") == "web-1"
