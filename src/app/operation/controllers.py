"""What waits, for staff, and all figures for Prometheus."""

import hmac
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.response import File
from prometheus_client import CONTENT_TYPE_LATEST

from app.domain.accounts.guards import staff_only
from app.errors import NotFound
from app.operation.exposition import Exposition
from app.operation.queues import Queues, read_queues
from app.resources import Resources
from app.settings import Settings

PAGES = Path(__file__).parent / "pages"
PAGE_URL = "/staff/queues"
FILES = {PAGE_URL: ("queues.html", "text/html"), f"{PAGE_URL}.js": ("queues.js", "text/javascript")} | {
    f"{PAGE_URL}.css": ("queues.css", "text/css")
}


class QueueController(Controller):
    path = "/api/staff/queues"
    tags = ("Operation",)
    guards = (staff_only,)

    @get(cache_control=CacheControlHeader(no_store=True))
    async def read_queues(self, resources: NamedDependency[Resources]) -> Queues:
        """What waits to be done, since when, what failed, and which processes are at work. For staff.

        The page `/staff/queues` shows it.
        """
        return await read_queues(resources)


@get("/metrics", opt={"exclude_from_auth": True, "unlimited": True}, include_in_schema=False)
async def expose_metrics(
    request: Request[Any, Any, Any],
    settings: NamedDependency[Settings],
    exposition: NamedDependency[Exposition],
) -> Response[bytes]:
    if not may_measure(request, settings):
        raise NotFound
    return Response(await exposition.as_text(), media_type=CONTENT_TYPE_LATEST)


def may_measure(request: Request[Any, Any, Any], settings: Settings) -> bool:
    """With the token; where none is set, straight from this machine, and not by way of a proxy that runs on it."""
    if settings.metrics_token:
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {settings.metrics_token.get_secret_value()}".encode())
    host = request.client.host if request.client else ""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    return not host or ip_address(host.partition("%")[0]).is_loopback


def staff_pages() -> list[HTTPRouteHandler]:
    """The page and its two files, which hold no figures, and which staff alone may see all the same."""
    return [page(url, PAGES / name, media_type) for url, (name, media_type) in FILES.items()]


def page(url: str, file: Path, media_type: str) -> HTTPRouteHandler:
    @get(url, media_type=media_type, guards=[staff_only], include_in_schema=False, sync_to_thread=False)
    def send_page() -> File:
        return File(file, content_disposition_type="inline", media_type=media_type)

    return send_page
