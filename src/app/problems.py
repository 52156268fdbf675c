"""Where an error turns into what a client sees: problem+json (RFC 9457) over HTTP, an error frame on a socket."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from app import origins
from app.errors import AppError, Forbidden, NotFound, NotLoggedIn, Unavailable
from app.outages import is_outage
from app.redaction import redacted

PROBLEM_JSON = "application/problem+json"
REFUSES = "refuses"
Frame = TypeVar("Frame")
FieldError = dict[str, str]
"""`field`, as a path into the body, and `message`."""

log = structlog.get_logger()


class Malformed(AppError):
    status = 400
    code = "bad_request"
    detail = "The request does not fit its description."

    def __init__(self, detail: str | None = None, *, errors: list[FieldError] | None = None) -> None:
        super().__init__(detail)
        self.errors = errors or []


class Undecodable(AppError):
    status = 400
    code = "undecodable"
    detail = "The body cannot be read: it is not UTF-8, or nested too deeply."


class MethodNotAllowed(AppError):
    status = 405
    code = "method_not_allowed"
    detail = "This path takes other methods; `Allow` names them."


class BodyTooLarge(AppError):
    status = 413
    code = "body_too_large"
    detail = "The body is larger than this server takes."


class InternalError(AppError):
    status = 500
    code = "internal_error"
    detail = "Something went wrong on our side; it was logged."


class Problem(msgspec.Struct, omit_defaults=True):
    """What every error answers with. `code` never changes; `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    errors: list[FieldError] = []
    request_id: str = ""
    """As in the header `X-Request-ID`, and in the server's logs."""

    @classmethod
    def of(cls, error: AppError, instance: str, errors: list[FieldError] | None = None) -> Self:
        """An error, met at a path."""
        urn, title = f"urn:parlour:problem:{error.code}", TITLES.get(error.status, "Error")
        return cls(urn, title, error.status, error.code, error.detail, instance, errors or [], origins.request_id.get())


class ErrorFrame(msgspec.Struct, tag="error", omit_defaults=True):
    """An error on a socket. `client_id` names the frame that it answers, where there is one."""

    code: str
    error: str
    client_id: str | None = None
    conversation_id: int | None = None
    retry_after: int | None = None


TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Timed out",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    416: "Range not satisfiable",
    422: "Unprocessable",
    429: "Too many requests",
    431: "Head too long",
    500: "Internal error",
    503: "Unavailable",
}


def answer_app_error(request: Request[Any, Any, Any], error: AppError) -> Response[Problem]:
    return answer(request, error, {"Retry-After": str(error.retry_after)} if error.retry_after else {})


def answer(request: Request[Any, Any, Any], error: AppError, headers: dict[str, str]) -> Response[Problem]:
    path = redacted(request.url.path)  # Whoever logs our answer would log the secret of a webhook's URL with it.
    problem = Problem.of(error, path, error.errors if isinstance(error, Malformed) else None)
    return Response(problem, status_code=error.status, media_type=PROBLEM_JSON, headers=headers)


NAMED: dict[int, type[AppError]] = {
    one.status: one for one in (NotLoggedIn, Forbidden, NotFound, MethodNotAllowed, BodyTooLarge)
}


def answer_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    """Litestar's own refusals: routing, body size, parameters. Its 500s are sorted below."""
    if error.status_code >= HTTP_500_INTERNAL_SERVER_ERROR:
        return answer_unknown_error(request, error)
    if named := NAMED.get(error.status_code):
        return answer(request, named(), dict(error.headers or {}))
    errors = [
        {"field": str(item.get("key", "")), "message": str(item.get("message", ""))}
        for item in (error.extra if isinstance(error.extra, list) else [])
        if isinstance(item, dict)
    ]
    return answer(request, Malformed(None if errors else error.detail, errors=errors), {})


def answer_unknown_error(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    if is_outage(error):
        log.warning("A backing service is away", error=repr(error), path=request.url.path)
        return answer_app_error(request, Unavailable())
    log.error("Unhandled error", path=request.url.path, exc_info=error)
    return answer(request, InternalError(), {})


def refuses(*errors: type[AppError]) -> dict[str, tuple[type[AppError], ...]]:
    """For a handler's `opt`: what it refuses by name. The API page lists each with its status, code and sentence."""
    return {REFUSES: errors}


exception_handlers: dict[Any, Any] = {
    AppError: answer_app_error,
    HTTPException: answer_http_error,
    Exception: answer_unknown_error,
}


class UnreadableFrame(AppError):
    code = "unreadable_frame"
    detail = "The frame is not JSON of a known form."


def read_frame(decode: Callable[[bytes | str], Frame], data: bytes | str) -> Frame:
    """A frame from a socket's client. Raises UnreadableFrame for bad JSON, wrong types and nesting past all sense."""
    try:
        return decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFrame(f"The frame cannot be read: {error}") from error


def error_frame(error: AppError, *, client_id: str | None = None, conversation_id: int | None = None) -> str:
    frame = msgspec.json.encode(
        ErrorFrame(
            code=error.code,
            error=error.detail,
            client_id=client_id,
            conversation_id=conversation_id,
            retry_after=error.retry_after,
        )
    )
    return frame.decode()
