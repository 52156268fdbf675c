"""A request's body: JSON in UTF-8 that says so, decoded straight and strictly into what its handler takes."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.errors import AppError
from app.problems import FieldError, Malformed, Undecodable

TAKES = "takes"
UTF8 = {"", "utf-8", "utf8"}

PLACE = re.compile(r" - at `\$\.?(.*)`$")
NAMED = re.compile(r"(?:missing required|contains unknown) field `(.*?)`")
"""How msgspec says where a body is wrong, and which of its fields."""


class NotJson(AppError):
    status = 415
    code = "not_json"
    detail = "Send the body as application/json, in UTF-8 and not compressed."


def takes(*shapes: type[msgspec.Struct]) -> dict[str, tuple[type[msgspec.Struct], ...]]:
    """For the `opt` of a handler whose `data` is Raw, since its path decides which of these it is. See `read`."""
    return {TAKES: shapes}


async def json_only(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A Litestar guard, async since Litestar takes others to a thread. A body without a type is taken for JSON.

    It also keeps other sites' forms out, which can send text and form types without asking first (CORS). Raises
    NotJson.
    """
    if "data" not in handler.parsed_fn_signature.parameters:
        return
    given = connection.headers.get("content-type", "")
    media_type, _, parameters = given.partition(";")
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    is_json = media_type.strip().lower() in {"", "application/json"}
    if not is_json or charset not in UTF8 or "content-encoding" in connection.headers:
        raise NotJson


class StrictRequest(Request[Any, Any, Any]):
    """Litestar decodes a body to dicts first and converts them leniently: `"842"` would pass for a number."""

    async def json(self) -> Any:  # noqa: ANN401  as in Litestar
        """What the handler's `data` is. Raises Malformed or Undecodable."""
        return read(await self.body(), self.route_handler.parsed_fn_signature.parameters["data"].annotation)


def read(body: bytes, shape: Any) -> Any:  # noqa: ANN401  any type that a handler takes
    try:
        return decoder(shape)(body)
    except msgspec.ValidationError as error:
        raise Malformed(errors=[field_error(str(error))]) from error
    except msgspec.DecodeError as error:
        raise Malformed(f"{error}.") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise Undecodable from error


@cache
def decoder(shape: Any) -> Callable[[bytes], Any]:  # noqa: ANN401  any type that a handler takes
    return msgspec.json.Decoder(shape).decode


def field_error(message: str) -> FieldError:
    place, named = PLACE.search(message), NAMED.search(message)
    path = [found[1] for found in (place, named) if found and found[1]]
    return {"field": ".".join(path), "message": PLACE.sub("", message)}
