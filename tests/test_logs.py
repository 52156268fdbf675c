"""Log lines: readable on a terminal, JSON for machines, and nobody else's to write."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app import logs
from app.settings import Settings

GIVEN = {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://localhost", "SECRET_KEY": "x" * 32}


@pytest.fixture(params=["text", "json"])
def log_format(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    """Configured after `capsys` has taken standard error, where everything goes."""
    before = logging.getLogger().handlers[:]
    logs.configure(Settings.model_validate(GIVEN | {"log_format": request.param}))
    yield request.param
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.strip().splitlines()[-1]


@pytest.mark.parametrize("log_format", ["text"], indirect=True)
def test_a_line_has_document_c_s_form(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("Message saved", user="ada", conversation=1)
    line = last_line(capsys)
    assert line.startswith("[INFO] 2")
    assert line.endswith(
        " test_logs test_a_line_has_document_c_s_form - Message saved - User: johndoe, Conversation: 1"
    )


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
def test_a_machine_reads_json(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().warning("Slow", seconds=3)
    event = json.loads(last_line(capsys))
    assert (event["level"], event["event"], event["seconds"]) == ("warning", "Slow", 3)


def test_what_libraries_log_takes_the_same_way(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("some.library").error("broken")
    assert "broken" in last_line(capsys)


def test_nobody_forges_a_line_by_what_they_send(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("Login", user="eve\n[INFO] 2026-01-01 Login - User: admin\x1b[2J")
    printed = capsys.readouterr().err
    assert len(printed.strip().splitlines()) == 1
    assert "\x1b" not in printed
