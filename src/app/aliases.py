"""The paths of the five documents that Parlour grew out of, and where each is answered today.

A request to one of them is answered as if it had asked for the other. They are not part of the API page.
"""

from typing import NamedTuple

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


class Alias(NamedTuple):
    path: str
    empty: bool = False
    """The document's clients expect 204 and no body where we answer 201."""


ALIASES = {
    # What others call the profile
    "/api/users/user": Alias("/api/users/profile"),
    "/api/users/me": Alias("/api/users/profile"),
    # A, NuxTest
    "/auth/register": Alias("/api/users/register"),
    "/auth/login": Alias("/api/users/login"),
    "/api/game": Alias("/api/game/play"),
    # B, NumberPlay
    "/auth/api/register": Alias("/api/users/register"),
    "/auth/api/login": Alias("/api/users/login"),
    "/auth/api/user": Alias("/api/users/profile"),
    "/api/docs": Alias("/docs"),
    # E, the lottery
    "/users/register": Alias("/api/users/register", empty=True),
    "/token/pair": Alias("/api/users/login"),
    "/token/refresh": Alias("/api/users/token/refresh"),
    "/token/verify": Alias("/api/users/token/verify"),
    "/games/submit_ballot": Alias("/api/lottery/ballots"),
    "/games/winning_ballot": Alias("/api/lottery/winning-ballot"),
}


class Aliases:
    """Stands before the application, where a path can still be changed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        alias = ALIASES.get(scope["path"].rstrip("/")) if scope["type"] == ScopeType.HTTP else None
        if alias is None:
            await self._app(scope, receive, send)
            return
        scope["path"] = alias.path
        scope["raw_path"] = alias.path.encode()
        await self._app(scope, receive, emptied(send) if alias.empty else send)


def emptied(send: Send) -> Send:
    """Turn a 201 into a 204: no body, and none of the headers that describe one."""
    created = False

    async def send_emptied(message: Message) -> None:
        nonlocal created
        if message["type"] == "http.response.start" and message["status"] == 201:  # noqa: PLR2004  Created, RFC 9110
            created = True
            message["status"] = 204
            message["headers"] = [one for one in message["headers"] if not one[0].lower().startswith(b"content-")]
        elif message["type"] == "http.response.body" and created:
            message["body"] = b""
        await send(message)

    return send_emptied
