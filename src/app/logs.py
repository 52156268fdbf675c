"""Structured logs: one line an event, readable on a terminal, JSON where a machine collects them.

Two of them: *application*, which is whatever we and our libraries have to say, and *api*, a line for every request
(`arrivals`). Both go to standard error, and with `log_directory` each to a file of this process that rotates.
"""

import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import Any, cast

import structlog
from structlog.processors import CallsiteParameter, CallsiteParameterAdder
from structlog.typing import Processor

from app.logfiles import claimed_name
from app.origins import request_id
from app.redaction import redacted, without_rows
from app.settings import Settings

QUIET = {
    "taskiq": logging.WARNING,
    "starlette_admin": logging.ERROR,
    "uvicorn": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}
"""Libraries that report each step of their own; their warnings and errors are kept."""

TIME = {"text": "%Y-%m-%d %H:%M:%S", "json": "%Y-%m-%dT%H:%M:%S.%fZ"}

api = logging.getLogger("parlour.api")
"""A line a request is many lines, so they go past structlog: `api.info({"event": …})`, with what belongs to it."""


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
    written = str(value)
    if written.isprintable():
        return written
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in written)


def trace_without_rows(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if trace := event.get("exception"):
        event["exception"] = without_rows(trace)
    return event


def without_secrets(_logger: object, _method: str, line: str) -> str:
    """The last word on every line, whoever wrote it."""
    return redacted(line)


def with_request(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Whose work the line is about, also in a worker."""
    if identity := request_id.get():
        event["request_id"] = identity
    return event


def handed_over(logger: logging.Logger, method: str, event: MutableMapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """To the handlers, with the exception itself: who reports it elsewhere (`crashes`) needs more than its text."""
    given, keywords = structlog.stdlib.ProcessorFormatter.wrap_for_formatter(logger, method, dict(event))
    return given, {**keywords, "exc_info": event.get("exc_info")}


class ApiLine(logging.Formatter):
    """A request's line, from the dict that stands in the message's place."""

    SAID = frozenset({"method", "route", "status"})
    """What people read in the message already, and machines by itself."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._left_out = self.SAID if settings.log_format == "text" else frozenset[str]()
        self._time = TIME[settings.log_format]
        self._render: Processor = readable if settings.log_format == "text" else structlog.processors.JSONRenderer()

    def format(self, record: logging.LogRecord) -> str:
        """Written once, though standard error asks for it, the file, and the file's size."""
        line: str | None = getattr(record, "line", None)
        if line is None:
            line = record.line = self._write(record)
        return line

    def _write(self, record: logging.LogRecord) -> str:
        given = cast("dict[str, Any]", record.msg)
        event = {
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).strftime(self._time),
            "module": "api",
            "func_name": "request",
            **{name: value for name, value in given.items() if name not in self._left_out},
        }
        return redacted(cast("str", self._render(None, "", event)))


def configure(settings: Settings, role: str) -> None:
    """Send everything, also what libraries log, through one formatter. `role` names this process's files."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        with_request,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt=TIME[settings.log_format], utc=True),
        CallsiteParameterAdder({CallsiteParameter.MODULE, CallsiteParameter.FUNC_NAME}),
    ]
    renderer: Processor = readable if settings.log_format == "text" else structlog.processors.JSONRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            trace_without_rows,
            renderer,
            cast("Processor", without_secrets),
        ],
    )
    name = claimed_name(settings.log_directory, role) if settings.log_directory else ""
    logging.basicConfig(
        handlers=open_handlers(settings, formatter, f"{name}.application"), level=settings.log_level, force=True
    )
    for handler in api.handlers[:]:
        api.removeHandler(handler)
        handler.close()
    for handler in open_handlers(settings, ApiLine(settings), f"{name}.api"):
        api.addHandler(handler)
    api.propagate = False
    api.setLevel(settings.log_level)
    for library, level in QUIET.items():
        logging.getLogger(library).setLevel(max(level, logging.getLevelNamesMapping()[settings.log_level]))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            handed_over,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # Log lines are few, and a cached logger would outlive another configuration.
    )


def open_handlers(settings: Settings, formatter: logging.Formatter, name: str) -> list[logging.Handler]:
    """Standard error, and the file if there is a directory for it. A file is made with its first line."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if settings.log_directory:
        handlers.append(
            RotatingFileHandler(
                settings.log_directory / f"{name}.log",
                maxBytes=settings.log_file_bytes,
                backupCount=settings.log_files_kept,
                encoding="utf-8",
                delay=True,
            )
        )
    for handler in handlers:
        handler.setFormatter(formatter)
    return handlers
