"""The bytes of somebody's files, for the archive."""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import text

from app.domain.files.services.files import NoSuchFile
from app.domain.files.services.store import FileStore
from app.resources import Sessions

FILES_AT_ONCE = 100
NIL = UUID(int=0)

kept = text("""
    SELECT id, name, key, size FROM files
    WHERE owner_id = :user_id AND released_at IS NULL AND id > :after ORDER BY id LIMIT :limit
""")


async def own_files(sessions: Sessions, store: FileStore, user_id: int) -> AsyncIterator[tuple[str, bytes]]:
    """Piece by piece, each with its name in the archive. A file that goes meanwhile ends where it is gone."""
    after = NIL
    while True:
        async with sessions() as session:
            asked = {"user_id": user_id, "after": after, "limit": FILES_AT_ONCE}
            found = (await session.execute(kept, asked)).all()
        for file in found:
            name = f"files/{file.id}-{file.name.replace('/', '_')}"
            try:
                async for piece in store.stream(file.key, 0, file.size):
                    yield name, piece
            except NoSuchFile:
                continue
        if len(found) < FILES_AT_ONCE:
            return
        after = found[-1].id
