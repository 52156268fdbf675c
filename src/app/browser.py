"""The browser client: what `web/` was built into, served from memory; or, without it, a page that says so."""

from gzip import compress
from hashlib import sha256
from http import HTTPMethod
from mimetypes import guess_type
from pathlib import Path
from typing import Self

from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_304_NOT_MODIFIED
from litestar.types import ASGIApp, Receive, Scope, Send

import app
from app.shields import RawHeaders

PACKAGE = Path(app.__file__ or "").parent
PLACES = (PACKAGE / "web", PACKAGE.parents[1] / "build" / "web")
"""Where a wheel carries it, and where `make run` builds it."""

INDEX = "index.html"
ELSEWHERE = frozenset({"admin", "api", "auth", "docs", "games", "health", "metrics", "staff", "token", "users", "ws"})
"""How paths begin that are not the client's, whatever a browser wants there. `elsewhere.ts` of `web/` has them too."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)
"""For its pages: nothing inline, nothing from anywhere else."""

FOREVER = "public, max-age=31536000, immutable"
"""For files whose names change with what is in them."""

ASK = "no-cache"
"""For the others: kept, and asked about each time."""

TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}
"""Where a machine's own table of types may say something else, or nothing."""

NOT_BUILT = b"""\
<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Parlour</title>
<h1>Parlour is running</h1>
<p>Its browser client was not built: install Node.js with npm, and run <code>make run</code> again.
<p>The server itself lacks nothing: see the <a href="/docs">API</a>.
"""


class Served:
    """One file, ready to be sent."""

    def __init__(self, content: bytes, media_type: str, cache_control: str) -> None:
        packed = compress(content, mtime=0)
        self._content = content
        self._packed = packed if len(packed) < len(content) else None
        self._media_type = media_type
        self._etag = f'W/"{sha256(content).hexdigest()[:32]}"'
        self._headers = {"cache-control": cache_control, "etag": self._etag, "vary": "accept, accept-encoding"}

    @classmethod
    def read(cls, file: Path, name: str) -> Self:
        media_type = TYPES.get(file.suffix) or guess_type(file.name)[0] or "application/octet-stream"
        return cls(file.read_bytes(), media_type, FOREVER if name.startswith("/assets/") else ASK)

    def answer(self, asked: Headers, security: dict[str, str]) -> ASGIResponse:
        headers = self._headers | security
        if asked.get("if-none-match") == self._etag:
            return ASGIResponse(status_code=HTTP_304_NOT_MODIFIED, headers=headers)
        body = self._content
        if self._packed and "gzip" in asked.get("accept-encoding", ""):
            body = self._packed
            headers |= {"content-encoding": "gzip"}
        return ASGIResponse(body=body, media_type=self._media_type, headers=headers)


class BrowserClient:
    """Stands before the application. Answers what is asked for by a file's name, and what a browser wants to visit.

    Programs that ask for the same paths get what the application says.
    """

    def __init__(self, app: ASGIApp, headers: RawHeaders, root: Path | None = None) -> None:
        self._app = app
        self._security = {name.decode(): value.decode() for name, value in headers}
        self._files = read_files(root or next((place for place in PLACES if (place / INDEX).exists()), None))
        self._built = self._files.pop(f"/{INDEX}", None)
        self._page = self._built or Served(NOT_BUILT, "text/html", ASK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == ScopeType.HTTP and scope["method"] == HTTPMethod.GET:
            asked = Headers.from_scope(scope)
            if served := self._wanted(scope["path"], asked):
                app = served.answer(asked, self._security)
        await app(scope, receive, send)

    def _wanted(self, path: str, asked: Headers) -> Served | None:
        if path in self._files:
            return self._files[path]
        is_ours = path == "/" or (self._built and path.split("/")[1] not in ELSEWHERE)
        return self._page if is_ours and "text/html" in asked.get("accept", "") else None


def read_files(root: Path | None) -> dict[str, Served]:
    """By their paths. They are few and small, and what is in memory cannot be reached around."""
    if root is None:
        return {}
    names = {f"/{file.relative_to(root).as_posix()}": file for file in root.rglob("*") if file.is_file()}
    return {name: Served.read(file, name) for name, file in names.items()}
