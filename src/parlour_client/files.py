"""Files from the disk and to it, piece by piece: none is ever whole in memory."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from parlour_client.api import Api, Body
from parlour_client.happenings import Attachment
from parlour_client.reading import read

PIECE_BYTES = 256 * 1024
JUDGED_SECONDS = 60.0
"""After the last byte: an image waits for its turn and is decoded, which takes up to 20 and 30 seconds."""


async def upload(api: Api, file: Path, name: str | None, client_id: str) -> Attachment:
    """Raises OSError for what cannot be read, before anything is sent if it cannot be opened."""
    length = await asyncio.to_thread(_length_of, file)
    query = {"name": file.name if name is None else name, "client_id": client_id}
    body = Body(length, lambda: _pieces_of(file), JUDGED_SECONDS)
    return read(await api.ask("POST", "/api/files", params=query, body=body), Attachment)


async def download(api: Api, path: str, to: Path) -> None:
    """Raises OSError, which is FileExistsError where there is something; and leaves nothing unless it is complete."""
    async with api.stream(path) as pieces:
        written = await asyncio.to_thread(to.open, "xb")
        try:
            with written:
                async for piece in pieces:
                    await asyncio.to_thread(written.write, piece)
        except BaseException:
            to.unlink()  # noqa: ASYNC240  at once: it may have been cancelled
            raise


def _length_of(file: Path) -> int:
    with file.open("rb") as opened:
        return opened.seek(0, 2)


async def _pieces_of(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE_BYTES):
            yield piece
