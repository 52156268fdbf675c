"""Reporting errors to Sentry (the extra `sentry`), with nothing in them that is a secret or somebody's own."""

from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from app.origins import request_id
from app.redaction import redacted, without_rows
from app.settings import Settings

if TYPE_CHECKING:  # The extra may not be installed.
    from sentry_sdk.transport import Transport
    from sentry_sdk.types import Event, Hint


class SentryNotInstalled(RuntimeError):
    """Errors are to be reported, and the library is not there."""


def configure(settings: Settings, role: str, transport: "type[Transport] | None" = None) -> None:
    """Report what is logged as an error from now on. `transport` takes the place of the network, in tests.

    Raises SentryNotInstalled.
    """
    if settings.sentry_dsn is None:
        return
    if find_spec("sentry_sdk") is None:
        raise SentryNotInstalled("PARLOUR_SENTRY_DSN needs the extra `sentry`: docs/deployment.md#extras says how.")

    import sentry_sdk  # noqa: PLC0415  an extra
    from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415  an extra

    sentry_sdk.init(
        dsn=settings.sentry_dsn.get_secret_value(),
        transport=transport,
        environment=settings.environment,
        release=version("parlour"),
        server_name=role,
        # Errors alone: no breadcrumbs, which hold other people's log lines, and no patching of our libraries.
        integrations=[LoggingIntegration(level=None)],
        default_integrations=False,
        auto_enabling_integrations=False,
        max_breadcrumbs=0,
        include_local_variables=False,  # Tokens, passwords and messages are variables.
        include_source_context=False,
        before_send=scrubbed,
    )


LINE = frozenset({"event", "exc_info", "level", "timestamp", "request_id"})
"""What a report has a place of its own for; all else that belongs to a line is its details."""


def scrubbed(event: "Event", hint: "Hint") -> "Event":
    """The last word on a report: no secret of ours or row of somebody's in any text of it; and which request it was.

    A line of ours comes as the dict that structlog made of it: its text is what reports are told apart by.
    """
    told = getattr(hint.get("log_record"), "msg", None)
    if isinstance(told, dict):
        event["logentry"] = {"message": told["event"]}
        event["extra"] = {name: value for name, value in told.items() if name not in LINE}
    kept: Event = without_secrets(event)
    if identity := request_id.get():
        kept.setdefault("tags", {})["request_id"] = identity
    return kept


def without_secrets(value: Any) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, dict):
        return {name: without_secrets(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(one) for one in value]
    return without_rows(redacted(value)) if isinstance(value, str) else value
