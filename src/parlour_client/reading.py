"""What came back over HTTP: an answer, a refusal, or nothing."""

from typing import TypeVar

import httpx
import msgspec
from msgspec import Struct

from parlour_client.errors import Refused, Unreachable

Shape = TypeVar("Shape")


class _Problem(Struct):
    """RFC 9457, as far as a program needs it."""

    code: str
    title: str = ""
    detail: str = ""


def read(response: httpx.Response, kind: type[Shape]) -> Shape:
    """Raises Refused for an answer of another form: something else listens at this address."""
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.DecodeError as error:
        raise Refused("not_parlour", detail=f"No answer of a Parlour: {error}", status=response.status_code) from error


def unreachable(error: httpx.RequestError) -> Unreachable:
    return Unreachable(str(error) or type(error).__name__)


def refusal(response: httpx.Response) -> Refused:
    after = response.headers.get("Retry-After", "")
    try:
        problem = msgspec.json.decode(response.content, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem(f"http_{response.status_code}", response.reason_phrase)
    return Refused(
        problem.code, problem.title, problem.detail, response.status_code, int(after) if after.isdecimal() else None
    )
