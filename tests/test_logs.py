"""Log lines: readable on a terminal, JSON for machines, and nobody else's to write."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import logs
from app.resources import Sessions
from app.settings import Settings

GIVEN = {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://localhost", "SECRET_KEY": "x" * 32}


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """What reaches standard error, in one of the two formats."""
    before, configured = logging.getLogger().handlers[:], structlog.get_config()
    logs.configure(Settings.model_validate(GIVEN | {"log_format": request.param}), "web")
    lines = StringIO()
    for handler in logging.getLogger().handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(lines)
    yield lines
    logging.getLogger().handlers[:] = before
    structlog.configure(**configured)


@pytest.mark.parametrize("written", ["text"], indirect=True)
def test_a_line_has_document_c_s_form(written: StringIO) -> None:
    structlog.get_logger().info("Message saved", user="ada", conversation=1)
    line = written.getvalue()
    assert line.startswith("[INFO] 2")
    assert line.endswith(" test_logs test_a_line_has_document_c_s_form - Message saved - User: ada, Conversation: 1\n")


@pytest.mark.parametrize("written", ["json"], indirect=True)
def test_a_machine_reads_json(written: StringIO) -> None:
    structlog.get_logger().warning("Slow", seconds=3)
    event = json.loads(written.getvalue())
    assert (event["level"], event["event"], event["seconds"]) == ("warning", "Slow", 3)


def test_what_libraries_log_takes_the_same_way(written: StringIO) -> None:
    logging.getLogger("some.library").error("broken")
    assert "broken" in written.getvalue()


def test_no_secret_of_ours_is_written_down(written: StringIO) -> None:
    path = "/api/hooks/plh_Zm9vYmFy-quux_1"
    structlog.get_logger().error("Failed for plk_0123456789", path=path, signed_with=["whsec_QUJD+/E="])
    logging.getLogger("some.library").warning("POST %s", path)
    structlog.get_logger().error("broken", exc_info=ValueError(path))
    printed = written.getvalue()
    for secret in ("Zm9v", "0123", "QUJD"):
        assert secret not in printed
    assert "plh_" in printed


@pytest.mark.anyio
async def test_the_values_of_a_row_are_not_written_down_and_the_way_to_it_is(
    written: StringIO, sessions: Sessions
) -> None:
    word = "a word of lovelace's\n\nand of hopper's"
    try:
        async with sessions.begin() as session:
            await session.execute(text("CREATE TEMPORARY TABLE words (word text CHECK (word = '')) ON COMMIT DROP"))
            await session.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
    except DBAPIError:
        structlog.get_logger().exception("Not stored")
    printed = written.getvalue()
    assert "words_word_check" in printed
    assert __name__.rpartition(".")[2] in printed
    assert not any(part in printed for part in ("Failing row", "lovelace", "hopper"))


def test_nobody_forges_a_line_by_what_they_send(written: StringIO) -> None:
    structlog.get_logger().info("Login", user="eve\n[INFO] 2026-01-01 Login - User: admin\x1b[2J")
    printed = written.getvalue()
    assert len(printed.strip().splitlines()) == 1
    assert "\x1b" not in printed
