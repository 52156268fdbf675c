"""Headers that keep browsers from doing harm with our answers (OWASP Secure Headers)."""

from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

STRICT = "default-src 'none'; frame-ancestors 'none'"
"""For everything that is data, not a page."""

DOCS = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)
"""For the API page, whose script writes its styles into the page. Nothing from anywhere else."""

RawHeaders = list[tuple[bytes, bytes]]

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For pages of our own, whose scripts and styles are files."""

HEADERS: RawHeaders = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
POLICY, WHOLE = b"content-security-policy", b"default-src"
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


def security_headers(policy: str, *, https: bool) -> RawHeaders:
    transport = [STRICT_TRANSPORT] if https else []
    return [*HEADERS, *transport, (POLICY, policy.encode())]


class Shields:
    """Stands before the application and adds headers to every answer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._data = security_headers(STRICT, https=https)
        self._docs = security_headers(DOCS, https=https)
        self._page = security_headers(PAGE, https=https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        headers = self._headers_of(scope["path"])

        async def send_shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *lacking(message["headers"], headers)]
            await send(message)

        await self._app(scope, receive, send_shielded)

    def _headers_of(self, path: str) -> list[tuple[bytes, bytes]]:
        if path.startswith(("/staff/", "/docs/ws")):
            return self._page
        return self._docs if path.startswith("/docs") else self._data


def lacking(present: Iterable[tuple[bytes, bytes]], wanted: RawHeaders) -> RawHeaders:
    """What the answer does not say itself. Its own policy counts if it is a whole one: of two, browsers obey both."""
    names = {name for name, value in present if name != POLICY or WHOLE in value}
    return [header for header in wanted if header[0] not in names]
