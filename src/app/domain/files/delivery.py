"""A file as the answer to a request, whatever route it came by: who may read it has been settled before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_206_PARTIAL_CONTENT, HTTP_304_NOT_MODIFIED

from app.domain.files.filenames import disposition
from app.domain.files.media_types import is_image
from app.domain.files.models import File
from app.domain.files.ranges import Part, has_it, part_of
from app.domain.files.rules import FileInUse, NoSuchFile, NotAnImage, RangeNotSatisfiable
from app.domain.files.services.store import PIECE_BYTES, THUMBNAIL, FileStore

__all__ = [
    "AnswersWithFile",
    "FileAnswer",
    "FileInUse",
    "NoSuchFile",
    "NotAnImage",
    "RangeNotSatisfiable",
    "deliver",
    "deliver_thumbnail",
]

SANDBOX = "sandbox"
"""A file that a browser opens after all may run nothing, as if it came from nowhere. Shields forbids it to load."""

UNCHANGING = "private, no-cache"
"""One's own cache may keep it, and asks each time whether one still may read it: a removal takes effect at once."""

FileAnswer = Response[None] | Stream
BYTES = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)


@dataclass
class AnswersWithFile(Operation):
    """What Litestar cannot tell from a handler that answers with a stream."""

    def __post_init__(self) -> None:
        content = {"*/*": OpenAPIMediaType(schema=BYTES)}
        self.responses = (self.responses or {}) | {
            str(HTTP_200_OK): OpenAPIResponse("The bytes.", content=content),
            str(HTTP_206_PARTIAL_CONTENT): OpenAPIResponse("Those of the `Range` that was asked for.", content=content),
            str(HTTP_304_NOT_MODIFIED): OpenAPIResponse("`If-None-Match` names what there is."),
        }


async def deliver(request: Request[Any, Any, Any], store: FileStore, file: File) -> FileAnswer:
    """The bytes, or those of a range. Raises NoSuchFile, RangeNotSatisfiable, Unavailable."""
    etag = f'"{file.id}"'
    headers = {
        **common(etag),
        "Content-Disposition": disposition(file.name, inline=is_image(file.media_type)),
        "Accept-Ranges": "bytes",
    }
    if has_it(request.headers.get("if-none-match"), etag):
        return not_modified(headers)
    wanted = request.headers.get("range") if request.headers.get("if-range") in {None, etag} else None
    part = part_of(wanted, file.size)
    if part:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    return await sent(store, file.key, part or Part(0, file.size), file.media_type, headers, partly=part is not None)


async def deliver_thumbnail(request: Request[Any, Any, Any], store: FileStore, file: File) -> FileAnswer:
    """Raises NoSuchFile for what is no image, and Unavailable."""
    if file.thumbnail_size is None:
        raise NoSuchFile
    etag = f'"{file.id}-thumbnail"'
    headers = common(etag) | {"Content-Disposition": "inline"}
    if has_it(request.headers.get("if-none-match"), etag):
        return not_modified(headers)
    return await sent(store, file.key + THUMBNAIL, Part(0, file.thumbnail_size), "image/webp", headers, partly=False)


def common(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": UNCHANGING, "Content-Security-Policy": SANDBOX}


def not_modified(headers: dict[str, str]) -> Response[None]:
    return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=headers)


async def sent(
    store: FileStore, key: str, part: Part, media_type: str, headers: dict[str, str], *, partly: bool
) -> Stream:
    """The first piece is read before the answer begins, so that what cannot be read is an error and not a break."""
    behind = min(part.start + PIECE_BYTES, part.stop)
    first = await store.read(key, part.start, behind)

    async def pieces() -> AsyncIterator[bytes]:
        yield first
        async for piece in store.stream(key, behind, part.stop):
            yield piece

    return Stream(
        pieces(),
        status_code=HTTP_206_PARTIAL_CONTENT if partly else HTTP_200_OK,
        media_type=media_type,
        headers=headers | {"Content-Length": str(part.stop - part.start)},
    )
