"""Where the pages are that describe the API, besides `/docs` itself, and what they are made of."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.handlers import HTTPRouteHandler
from litestar.response import File

from app.apidocs.asyncapi import describe_sockets
from app.apidocs.page import SCRIPT, SCRIPT_URL
from app.apidocs.socket_page import DOCUMENT_URL, STYLE_URL, page

PAGE_URL = "/docs/ws"
STYLE = Path(__file__).with_name("ws.css")
CACHED_SECONDS = 3600
OPEN = {"exclude_from_auth": True}


def doc_pages(public_url: str) -> list[HTTPRouteHandler]:
    """A route for each file there is: a directory's would have to judge what else a path may mean."""
    described = cache(lambda: describe_sockets(public_url, version("parlour")))
    return [
        send(DOCUMENT_URL, "application/json", lambda: msgspec.json.encode(described())),
        send(PAGE_URL, "text/html", lambda: page(described()).encode()),
        send(STYLE_URL, "text/css", STYLE.read_bytes),
        *([send_file(SCRIPT_URL, "text/javascript", SCRIPT)] if SCRIPT else []),
    ]


def send(path: str, media_type: str, write: Callable[[], bytes]) -> HTTPRouteHandler:
    """It is written, or read, when it is first asked for."""
    written = cache(write)

    @get(path, include_in_schema=False, opt=OPEN, sync_to_thread=False)
    def send_written() -> Response[bytes]:
        return Response(written(), media_type=media_type)

    return send_written


def send_file(path: str, media_type: str, file: Path) -> HTTPRouteHandler:
    """Straight from the disk: it is large."""

    @get(
        path,
        media_type=media_type,
        cache_control=CacheControlHeader(max_age=CACHED_SECONDS),
        include_in_schema=False,
        opt=OPEN,
        sync_to_thread=False,
    )
    def send_it() -> File:
        return File(file, content_disposition_type="inline", media_type=media_type)

    return send_it
