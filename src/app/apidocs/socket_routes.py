"""`/docs/ws`: the sockets' page, and what it is made of. Written when they are first asked for."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from app.apidocs.asyncapi import describe_sockets
from app.apidocs.socket_page import DOCUMENT_URL, STYLE_URL, page

PAGE_URL = "/docs/ws"
STYLE = Path(__file__).with_name("ws.css")


def socket_routes(public_url: str, version: str) -> list[HTTPRouteHandler]:
    described = cache(lambda: describe_sockets(public_url, version))
    return [
        route(DOCUMENT_URL, "application/json", lambda: msgspec.json.encode(described())),
        route(PAGE_URL, "text/html", lambda: page(described()).encode()),
        route(STYLE_URL, "text/css", STYLE.read_bytes),
    ]


def route(path: str, media_type: str, write: Callable[[], bytes]) -> HTTPRouteHandler:
    written = cache(write)

    @get(path, include_in_schema=False, opt={"exclude_from_auth": True}, sync_to_thread=False)
    def send_written() -> Response[bytes]:
        return Response(written(), media_type=media_type)

    return send_written
