"""Every request and socket as it comes in and goes: its id, its span, its figures, and its line in the API log."""

import logging
from time import perf_counter
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app import metrics, origins, tracing
from app.logs import api

REQUEST_ID = b"x-request-id"
UNMATCHED = "unmatched"
"""Stands for every path that leads nowhere: what a client makes up is neither counted nor written down by its name."""

ROUTINE = ("/health", "/metrics")
"""Asked every few seconds by machines; their lines are for debugging."""

GROUP_PARTS = 3
"""`/api/chat/conversations/…` belongs to the group `/api/chat`."""

SWITCHING = 101
FAILED = 500
MS = 1000


class Arrivals:
    """Stands before everything else, so that whatever is answered has been through here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await self._answer(scope, receive, send)
        elif scope["type"] == ScopeType.WEBSOCKET:
            await self._converse(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        identity, begun, status = identify(scope), perf_counter(), FAILED

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (REQUEST_ID, identity.encode())]
            await send(message)

        try:
            with tracing.span("request", "SERVER") as span:
                await self._app(scope, receive, send_named)
                if span:
                    span.update_name(f"{scope['method']} {route_of(scope)}")
                    span.set_attributes(
                        {
                            "http.request.method": scope["method"],
                            "http.route": route_of(scope),
                            "http.response.status_code": status,
                            "parlour.request_id": identity,
                        }
                    )
        finally:
            seconds, route, method = perf_counter() - begun, route_of(scope), scope["method"]
            metrics.requests.labels(method, route, status).inc()
            metrics.request_seconds.labels(group_of(route)).observe(seconds)
            note(scope, method, route, status, seconds)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Its frames are neither logged nor counted here: there may be a hundred thousand of them a second."""
        identify(scope)
        begun, open_sockets = perf_counter(), metrics.sockets_open.labels(group_of(scope["path"]))
        open_sockets.inc()
        try:
            await self._app(scope, receive, send)
        finally:
            open_sockets.dec()
            note(scope, "WS", route_of(scope), SWITCHING, perf_counter() - begun)


def identify(scope: Scope) -> str:
    """The request's id, from now on that of whatever is done for it."""
    given = next((value for name, value in scope["headers"] if name == REQUEST_ID), b"")
    identity = origins.id_of(given.decode("latin-1"))
    origins.request_id.set(identity)  # A request has a task of its own, with which this ends.
    return identity


def route_of(scope: Scope) -> str:
    """As it is declared, `/api/users/{user_id:int}`: what a path leads to, and no more of it."""
    route: str = scope.get("path_template") or UNMATCHED
    return route


def group_of(route: str) -> str:
    return "/".join(route.split("/")[:GROUP_PARTS])


def note(scope: Scope, method: str, route: str, status: int, seconds: float) -> None:
    level = logging.DEBUG if route.startswith(ROUTINE) else logging.INFO
    if not api.isEnabledFor(level):
        return
    event: dict[str, Any] = {
        "event": f"{method} {route} {status}",
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * MS, 1),
    }
    actor: Any = scope.get("user")  # Litestar's, which knows of no type for it.
    if actor is not None:
        event["user"] = actor.id
    api.log(level, event | {"request_id": origins.request_id.get()})
