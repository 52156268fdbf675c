"""Our errors, as the panel answers them where starlette-admin has no page. Stands inside its own middleware."""

import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import AppError, Unavailable
from app.outages import is_outage
from app.problems import InternalError

log = structlog.get_logger()


class Refusals:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as error:
            if begun:
                raise
            refusal = named(error, scope["path"])
            headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
            await PlainTextResponse(refusal.detail, refusal.status, headers)(scope, receive, send)


def named(error: Exception, path: str) -> AppError:
    if isinstance(error, AppError):
        return error
    if is_outage(error):
        log.warning("A backing service is away", error=repr(error), path=path)
        return Unavailable()
    log.error("Unhandled error", path=path, exc_info=error)
    return InternalError()
