"""A HEAD is answered as a GET is, without the body (RFC 9110, section 9.3.2): for probes, and for `curl -I`."""

from http import HTTPMethod

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Stands before the application, which hears of GETs alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != HTTPMethod.HEAD:
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        # A copy: uvicorn goes by its own, and lets a Content-Length stand without what it counts.
        await self._app({**scope, "method": HTTPMethod.GET.value}, receive, send_head)
