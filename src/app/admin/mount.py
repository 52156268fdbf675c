"""Where the application takes the panel in. What is asked comes as it was asked; what is answered gets its headers."""

from secrets import token_urlsafe
from typing import Any, cast
from urllib.parse import unquote

from litestar import asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import Message, Receive, Scope, Send

from app.admin.backstage import Backstage
from app.admin.officers import BASE, OPEN_TO_ALL
from app.admin.panel import put_together

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""starlette-admin sets its pages up in inline scripts, each of which carries the nonce of its answer; no other runs.

Its templates have `style` attributes, which no nonce can name. A style runs nothing, nor fetches from elsewhere.
"""
REFERRER = (b"referrer-policy", b"same-origin")
"""Under `no-referrer`, as elsewhere, a browser would not say where the form for logging out was sent from."""
PAGE = (b"cache-control", b"no-store")
FILE = (b"cache-control", b"public, max-age=3600")


def admin_mount(backstage: Backstage) -> ASGIRouteHandler:
    panel, settings = put_together(backstage), backstage.settings

    # The panel's own door asks who it is, and leads to its login page where Litestar's would answer 401.
    @asgi(BASE, is_mount=True, copy_scope=False, opt={"exclude_from_auth": True})
    async def admin(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_template"] = BASE  # For the log, as are all changes to this scope.
        state: dict[str, Any] = {"nonce": token_urlsafe(16)}
        asked: dict[str, Any] = dict(scope) | {"path": asked_path(scope), "root_path": "", "state": state}
        if settings.secure_cookies:
            asked["scheme"] = "https"  # The proxy's, whatever it speaks to us.
        policy = (b"content-security-policy", POLICY.format(nonce=state["nonce"]).encode())
        caching = FILE if asked["path"].startswith(OPEN_TO_ALL) else PAGE

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], policy, REFERRER, caching]
            await send(message)

        await panel(asked, cast("Any", receive), cast("Any", send_guarded))
        scope["user"] = state.get("admin_user")

    return admin


def asked_path(scope: Scope) -> str:
    """As it was: of the other one Litestar takes the prefix off, which Starlette does itself, and adds a slash."""
    return unquote(scope["raw_path"].decode("latin-1"))
