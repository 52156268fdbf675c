"""The API page at `/docs`: Scalar over OpenAPI, from a file of ours. Nothing on it asks another server for anything."""

from pathlib import Path
from typing import Any

from litestar import Request, Router
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import ScalarRenderPlugin
from litestar.openapi.spec import Tag
from litestar.static_files import create_static_files_router

ASSETS_URL = "/docs/assets"
SCRIPT = "scalar.js"
STYLE = "scalar.css"
PACKAGE = Path(__file__).parent
PLACES = (PACKAGE / "assets", PACKAGE.parents[1] / "build" / "assets")
ASSETS = next((place for place in PLACES if (place / SCRIPT).exists()), None)
"""Where `make assets` puts Scalar, or where a wheel carries it."""

DESCRIPTION = """\
Talk, play an instant number game, and take part in a daily draw.

Log in with `POST /api/users/login` and send the `access` token as `Authorization: Bearer …`, or keep the cookies.
Every error answers with `application/problem+json` (RFC 9457); its `code` never changes.
A write that names itself (`client_id`, `Idempotency-Key`) may be sent again after a time-out or a 503: it happens once.
The sockets `/ws`, `/ws/game/` and `/ws/chat/{conversation_id}/` are described in docs/protocol.md.
"""
TAGS = [
    Tag("Accounts", "Registration, login, sessions, profile."),
    Tag("Game", "The number game."),
    Tag("Chat", "Conversations and their messages."),
    Tag("Groups", "Conversations that anybody may join."),
    Tag("Friends", "Requests and friendships."),
    Tag("Lottery", "Ballots, draws and winners."),
    Tag("Operation", "Health."),
]

SCALAR_OPTIONS = {
    "withDefaultFonts": False,
    "telemetry": False,
    "hideClientButton": True,
    "agent": {"disabled": True},
}
NOT_BUILT = """\
<!doctype html><html lang="en"><title>Parlour API</title>
<p>The page's script was not built: run <code>make assets</code> (it needs npm).
<p>The API is described all the same, in <a href="/docs/openapi.json">openapi.json</a>.
"""


class OfflineScalar(ScalarRenderPlugin):
    """Litestar's page, with all its parts from here; without the bundle, a page that says how to get it."""

    def __init__(self) -> None:
        super().__init__(
            path="/",
            js_url=f"{ASSETS_URL}/{SCRIPT}",
            css_url=f"{ASSETS_URL}/{STYLE}",
            favicon="<link rel='icon' href='data:,'>",
            options=SCALAR_OPTIONS,
        )

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        if ASSETS is None:
            return NOT_BUILT.encode()
        return super().render(request, openapi_schema)


def openapi_config(version: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Parlour",
        version=version,
        description=DESCRIPTION,
        path="/docs",
        tags=TAGS,
        render_plugins=[OfflineScalar()],
    )


def asset_routes() -> list[Router]:
    if ASSETS is None:
        return []
    return [create_static_files_router(path=ASSETS_URL, directories=[ASSETS], opt={"exclude_from_auth": True})]
