"""Our errors, as the panel answers them where starlette-admin has no page. Stands inside its own middleware."""

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.accounts.guards import SAFE_METHODS
from app.errors import AppError, Unavailable
from app.outages import is_outage
from app.problems import BodyTooLarge, InternalError

log = structlog.get_logger()


class Refusals:
    def __init__(self, app: ASGIApp, body_limit: int) -> None:
        """`body_limit` is in bytes."""
        self._app = app
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            check_size(scope, self._body_limit)
            await self._app(scope, receive, send_on)
        except Exception as error:
            if begun:
                raise
            await answer(error, scope["path"])(scope, receive, send)


def check_size(scope: Scope, limit: int) -> None:
    """A body says how long it is, or is not taken: Starlette reads it whole. Raises BodyTooLarge."""
    if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
        return
    length = Headers(scope=scope).get("content-length", "")
    if not length.isdecimal() or int(length) > limit:
        raise BodyTooLarge


def answer(error: Exception, path: str) -> PlainTextResponse:
    if isinstance(error, HTTPException):  # Of Starlette's, by a form that it cannot read.
        return PlainTextResponse(error.detail, error.status_code)
    refusal = named(error, path)
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    return PlainTextResponse(refusal.detail, refusal.status, headers)


def named(error: Exception, path: str) -> AppError:
    if isinstance(error, AppError):
        return error
    if is_outage(error):
        log.warning("A backing service is away", error=repr(error), path=path)
        return Unavailable()
    log.error("Unhandled error", path=path, exc_info=error)
    return InternalError()
