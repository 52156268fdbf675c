"""A request's body is JSON in UTF-8, and says so; anything else is refused before it is read (415)."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.errors import AppError

UTF8 = {"", "utf-8", "utf8"}


class NotJson(AppError):
    status = 415
    code = "not_json"
    detail = "Send the body as application/json, in UTF-8 and not compressed."


async def json_only(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A Litestar guard. A body without a type is taken for JSON, and no type is asked for where none is read.

    It also keeps other sites' forms out, which can send text and form types without asking first (CORS). Raises
    NotJson.
    """
    if "data" not in handler.parsed_fn_signature.parameters:
        return
    given = connection.headers.get("content-type", "").strip()
    media_type, _, parameters = given.partition(";")
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    is_json = media_type.strip().lower() in {"", "application/json"}
    if not is_json or charset not in UTF8 or "content-encoding" in connection.headers:
        raise NotJson
