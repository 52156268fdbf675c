"""Structured logs: one line an event, readable on a terminal, JSON where a machine collects them."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, cast

import structlog
from structlog.processors import CallsiteParameter, CallsiteParameterAdder
from structlog.typing import Processor

from app.redaction import redacted
from app.settings import Settings

QUIET = {"taskiq": logging.WARNING, "uvicorn": logging.WARNING, "uvicorn.error": logging.WARNING}
"""Libraries that report each step of their own; their warnings and errors are kept."""


def readable(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """Document C's line: `[LEVEL] TIMESTAMP MODULE FUNCTION - MESSAGE`, and what belongs to it as `Key: value`."""
    level, time = event.pop("level").upper(), event.pop("timestamp")
    module, function = event.pop("module", "-"), event.pop("func_name", "-")
    message, trace = one_line(event.pop("event")), event.pop("exception", None)
    event.pop("logger", None)
    details = ", ".join(f"{name.replace('_', ' ').capitalize()}: {one_line(value)}" for name, value in event.items())
    line = f"[{level}] {time} {module} {function} - {message}" + (f" - {details}" if details else "")
    return f"{line}\n{trace}" if trace else line


def one_line(value: object) -> str:
    """Control characters escaped: nobody forges a line of ours by what they send."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in str(value))


def without_secrets(_logger: object, _method: str, line: str) -> str:
    """The last word on every line, whoever wrote it."""
    return redacted(line)


def configure(settings: Settings) -> None:
    """Send everything, also what libraries log, through one formatter to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=True)
        if settings.log_format == "text"
        else structlog.processors.TimeStamper(fmt="iso", utc=True),
        CallsiteParameterAdder({CallsiteParameter.MODULE, CallsiteParameter.FUNC_NAME}),
        structlog.processors.format_exc_info,
    ]
    renderer: Processor = readable if settings.log_format == "text" else structlog.processors.JSONRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
            cast("Processor", without_secrets),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(max(level, logging.getLevelNamesMapping()[settings.log_level]))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # Log lines are few, and a cached logger would outlive another configuration.
    )
