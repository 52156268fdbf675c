"""The API page at `/docs`: Scalar over OpenAPI, from a file of ours. Nothing on it asks another server for anything."""

import json
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request
from litestar.enums import MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Tag

import app
from app.apidocs.document import complete

DOCUMENT_URL = "/docs/openapi.json"
SCRIPT_URL = "/docs/assets/scalar.js"
PACKAGE = Path(app.__file__ or "").parent
PLACES = (PACKAGE / "assets/scalar.js", PACKAGE.parents[1] / "build/assets/scalar.js")
SCRIPT = next((place for place in PLACES if place.exists()), None)
"""Where `make assets` puts Scalar, or where a wheel carries it."""

DESCRIPTION = """\
Talk, play an instant number game, and take part in a daily draw.

**Logging in.** `POST /api/users/register`, then `POST /api/users/login`. Send the `access` token as
`Authorization: Bearer …`, or keep the cookies that the login sets. It lasts for minutes;
`POST /api/users/token/refresh` gives the next.

**Errors** answer with `application/problem+json` (RFC 9457). Its `code` never changes, its `detail` is for people, and
`errors` names the fields of a request that does not fit.

**Sending again.** A write that names itself, by `client_id` or `Idempotency-Key`, may be sent again after a time-out or
a 503, a year later too: it happens once, and the answer is the same.

**Programs** use an API key of a bot, `Authorization: Bearer plk_…`: `POST /api/bots`, then
`POST /api/bots/{bot_id}/keys`. Its scopes say what it opens; everything else answers 403 `missing_scope`.

**Live.** The sockets `/ws`, `/ws/game/` and `/ws/chat/{conversation_id}/` are described at [/docs/ws](/docs/ws).
"""
TAGS = [
    Tag("Accounts", "Registering, logging in, and oneself."),
    Tag("Game", "The number game and others, and what proves a play that had luck."),
    Tag("Rounds", "What a group plays together: one luck for everybody."),
    Tag("Chat", "Conversations and their messages."),
    Tag("Groups", "Conversations of many: who is in them, as what, and how one comes in."),
    Tag("Bots", "Accounts of programs, and their API keys."),
    Tag("Webhooks", "URLs that speak in a group, and receivers of what happens in it."),
    Tag("Friends", "Requests and friendships."),
    Tag("People", "Finding people, blocking them, and what you show of yourself."),
    Tag("My data", "Everything of yours as one archive, and the end of your account."),
    Tag("Presence", "Who is online, away or offline."),
    Tag("Files", "Uploads, and avatars."),
    Tag("Lottery", "Ballots, draws and winners."),
    Tag("Reports", "Telling the moderators."),
    Tag("Moderation", "The moderators' own: reports, suspensions, roles, and the audit log."),
    Tag("Notifications", "What you should know: listed, pushed to your devices, mailed as a digest."),
    Tag("Operation", "Is it well?"),
]

SCALAR = {
    "withDefaultFonts": False,
    "telemetry": False,
    "hideClientButton": True,
    "agent": {"disabled": True},
    "mcp": {"disabled": True},
}
"""Without its fonts, statistics, assistant and hosted client, all of which live on other servers."""

PAGE = f"""\
<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Parlour API</title>
  <link rel="icon" href="data:,">
</head>
<body>
  <noscript>The API is described in <a href="{DOCUMENT_URL}">openapi.json</a>; this page needs JavaScript.</noscript>
  <script id="api-reference" data-url="{DOCUMENT_URL}" data-configuration="{escape(json.dumps(SCALAR))}"></script>
  <script src="{SCRIPT_URL}"></script>
</body>
</html>
"""
NOT_BUILT = f"""\
<!doctype html><html lang="en"><title>Parlour API</title>
<p>The page's script was not built: run <code>make assets</code> (it needs npm).
<p>The API is described all the same, in <a href="{DOCUMENT_URL}">openapi.json</a>.
"""


class ScalarPage(OpenAPIRenderPlugin):
    """Not Litestar's own, which links a style sheet from elsewhere; without the script, how to get it."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002
        return (PAGE if SCRIPT else NOT_BUILT).encode()


class OpenAPIJson(JsonRenderPlugin):
    """The document itself, written when it is first asked for."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json", media_type=MediaType.JSON)
        self._written = b""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        self._written = self._written or msgspec.json.encode(complete(openapi_schema, request.app))
        return self._written


def operation_id(handler: HTTPRouteHandler, *_: object) -> str:
    """The handler's own name, as a client's method: `list_conversations` is `listConversations`."""
    first, *others = handler.handler_name.split("_")
    return first + "".join(word.capitalize() for word in others)


def openapi_config(version: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Parlour",
        version=version,
        description=DESCRIPTION,
        path="/docs",
        tags=TAGS,
        render_plugins=[ScalarPage(), OpenAPIJson()],
        operation_id_creator=operation_id,
        use_handler_docstrings=True,
    )
