"""One's own files over HTTP: upload, list, delete; and reading them, or anybody's avatar."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.exceptions import InternalServerException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody
from litestar.params import FromPath, QueryParameter

from app.domain.accounts.guards import ActorRequest
from app.domain.files.delivery import BYTES, AnswersWithFile, FileAnswer, deliver, deliver_thumbnail
from app.domain.files.models import File
from app.domain.files.rules import (
    CLIENT_ID_CHARACTERS,
    NAME_CHARACTERS,
    PAGE,
    EmptyFile,
    FileInUse,
    FileTooLarge,
    FileTypeRefused,
    ImageRefused,
    ImageTooLarge,
    NoSuchFile,
    QuotaExceeded,
    RangeNotSatisfiable,
    TooManyUploads,
    UploadInterrupted,
)
from app.domain.files.schemas import OwnFile, OwnFiles
from app.domain.files.services.files import Files
from app.domain.files.services.intake import Intake
from app.domain.files.services.shelf import Shelf
from app.domain.files.services.store import FileStore
from app.errors import IdempotencyConflict, Unavailable
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

STALL_SECONDS = 20.0
"""How long a body may pause."""

Name = Annotated[
    str,
    QueryParameter(
        max_length=4 * NAME_CHARACTERS,
        description="What the file is called. An image's ending is set right.",
        pattern=r"^[^\x00]*\Z",
    ),
]
UploadId = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=CLIENT_ID_CHARACTERS,
        pattern=r"^[\x21-\x7e]+\Z",
        description="Your own name for this upload. Sending it again under the same name creates nothing.",
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at most.")]
Offset = Annotated[int, QueryParameter(ge=0, le=2**31, description="How many to skip.")]


@dataclass
class TakesBytes(Operation):
    """What Litestar cannot tell from a handler that reads its body by itself."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            content={"application/octet-stream": OpenAPIMediaType(schema=BYTES)}, required=True
        )


class FileController(Controller):
    path = "/api/files"
    tags = ("Files",)

    @post(
        # The limit is a setting, and an upload's own: `Intake` keeps it, and ends a body that goes beyond.
        request_max_body_size=None,
        operation_class=TakesBytes,
        opt=refuses(
            EmptyFile,
            UploadInterrupted,
            IdempotencyConflict,
            FileTooLarge,
            ImageTooLarge,
            QuotaExceeded,
            FileTypeRefused,
            ImageRefused,
            TooManyUploads,
        ),
    )
    async def upload_file(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        intake: NamedDependency[Intake],
        store: NamedDependency[FileStore],
        name: Name = "",
        client_id: UploadId = None,
    ) -> OwnFile:
        """The request's body is the file. Attach it to a message within a day, or make it an avatar.

        What it is, its content decides; the `Content-Type` that you send does not count. An image is made anew from its
        pixels, upright and without metadata, so `size` may differ from what you sent.
        """
        me, announced, quota = request.user.id, request.content_length, settings.file_quota_bytes
        async with sessions() as session:
            await Shelf(session=session).expect(me, client_id, announced or 0, quota)
        async with intake.shelve(me, name, announced, body_of(request)) as shelved, sessions.begin() as session:
            file = await Shelf(session=session).record(me, client_id, shelved, quota)
        if file.key != shelved.key:
            with suppress(Unavailable):  # The sweep removes it, then.
                await store.remove([shelved.key])
        return as_own(file)

    @get()
    async def list_files(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OwnFiles:
        """Your files, the newest first, and how much room they take."""
        async with sessions() as session:
            shelf = Shelf(session=session)
            found = await shelf.list_of(request.user.id, limit, offset)
            used = await shelf.used(request.user.id)
        return OwnFiles([as_own(file) for file in found], used, settings.file_quota_bytes)

    @get("/{file_id:uuid}", operation_class=AnswersWithFile, opt=refuses(NoSuchFile, RangeNotSatisfiable))
    async def read_file(
        self,
        file_id: FromPath[UUID],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        store: NamedDependency[FileStore],
    ) -> FileAnswer:
        """A file of yours, or anybody's avatar. `Range` asks for a part."""
        async with sessions() as session:
            file = await Files(session=session).readable(file_id, request.user.id)
        return await deliver(request, store, file)

    @get("/{file_id:uuid}/thumbnail", operation_class=AnswersWithFile, opt=refuses(NoSuchFile))
    async def read_thumbnail(
        self,
        file_id: FromPath[UUID],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        store: NamedDependency[FileStore],
    ) -> FileAnswer:
        """An image, as WebP, at most 320 pixels wide and high."""
        async with sessions() as session:
            file = await Files(session=session).readable(file_id, request.user.id)
        return await deliver_thumbnail(request, store, file)

    @delete("/{file_id:uuid}", opt=refuses(NoSuchFile, FileInUse))
    async def delete_file(
        self,
        file_id: FromPath[UUID],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        store: NamedDependency[FileStore],
    ) -> None:
        """Delete a file of yours that is attached to nothing."""
        async with sessions.begin() as session:
            file = await Shelf(session=session).discard(request.user.id, file_id)
        with suppress(Unavailable):  # The sweep removes it, then.
            await store.remove([file.key])


async def body_of(request: ActorRequest) -> AsyncIterator[bytes]:
    """As it comes. Raises UploadInterrupted when it ends too soon or pauses too long."""
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(STALL_SECONDS):
                chunk = await anext(stream)
            yield chunk
    except StopAsyncIteration:
        return
    except (TimeoutError, InternalServerException) as error:  # The latter is Litestar's, for a client that has gone.
        raise UploadInterrupted from error


def as_own(file: File) -> OwnFile:
    return OwnFile(
        id=file.id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        width=file.width,
        height=file.height,
        created_at=file.created_at,
        attached_as=cast("None", file.attached_as),
        conversation_id=file.conversation_id,
        message_id=file.message_id,
    )
