"""Reports of errors to Sentry: what goes out, and what does not."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
import structlog
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from tests.test_logs import GIVEN

from app import crashes, logs, origins
from app.settings import Settings

sent: list[str] = []


class Kept(Transport):
    """Keeps what would be sent."""

    def capture_envelope(self, envelope: Envelope) -> None:
        sent.extend(json.dumps(item.payload.json) for item in envelope.items if item.type == "event")


@pytest.fixture
def reported() -> Iterator[list[str]]:
    sent.clear()
    before, configured = logging.getLogger().handlers[:], structlog.get_config()
    given = Settings.model_validate(GIVEN | {"sentry_dsn": "https://key@errors.example.org/1"})
    logs.configure(given, "web")
    crashes.configure(given, "web", Kept)
    yield sent
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)
    logging.getLogger().handlers[:] = before
    structlog.configure(**configured)


def fail(password: str) -> None:
    raise ValueError(f"no such key: plk_0123456789, for {len(password)}")


def test_an_error_is_reported_without_secrets_and_without_variables(reported: list[str]) -> None:
    origins.request_id.set("the-one-that-failed")
    try:
        fail("correct horse battery")
    except ValueError:
        logging.getLogger("app.problems").exception("Unhandled error at %s", "/api/hooks/plh_Zm9vYmFy")
    origins.request_id.set("")

    (event,) = reported
    assert "ValueError" in event
    assert "the-one-that-failed" in event
    for secret in ("correct horse", "0123456789", "Zm9v"):
        assert secret not in event
    told: dict[str, Any] = json.loads(event)
    assert (told["server_name"], told["environment"]) == ("web", "development")
    assert "user" not in told
    assert "request" not in told


def test_a_line_of_ours_is_reported_with_its_exception_and_under_its_own_text(reported: list[str]) -> None:
    error = ValueError("the row\nDETAIL:  Failing row contains (1, a word of ada's,\nand another).\n[SQL: INSERT …]")
    structlog.get_logger("app.problems").error("Unhandled error", path="/api/reports/mine", exc_info=error)

    told: dict[str, Any] = json.loads(reported[0])
    assert told["logentry"]["message"] == "Unhandled error"
    assert told["extra"] == {
        "path": "/api/reports/mine",
        "module": "test_crashes",
        "func_name": "test_a_line_of_ours_is_reported_with_its_exception_and_under_its_own_text",
    }
    (raised,) = told["exception"]["values"]
    assert raised["type"] == "ValueError"
    assert raised["value"] == "the row\nDETAIL: …\n[SQL: INSERT …]"
    assert "of ada" not in reported[0]


def test_what_is_no_error_is_not_reported(reported: list[str]) -> None:
    logging.getLogger("app.hub").warning("The hub lost Redis")
    assert reported == []


def test_without_an_address_nothing_is_reported() -> None:
    crashes.configure(Settings.model_validate(GIVEN), "web", Kept)
    logging.getLogger("app").error("broken")
    assert not sentry_sdk.get_client().is_active()
