"""An installation into an archive, while it runs.

The database is one snapshot. The files come after it: what the snapshot names was in the store before, objects never
change, and what is collected meanwhile was needed by nobody.
"""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg
import msgspec

from app.archive import keys, tables
from app.archive.manifest import FILES, FORMAT, KEYS, MANIFEST, TABLES, Keys, Manifest
from app.archive.packing import Packer, packing
from app.domain.files.rules import NoSuchFile
from app.domain.files.services.store import THUMBNAIL, FileStore
from app.settings import Settings

FILES_NAMED = "SELECT key, size, thumbnail_size FROM files ORDER BY key"


class NothingToBackUpError(RuntimeError):
    """The database has no schema."""


async def back_up(settings: Settings, target: Path, *, with_keys: bool, passphrase: str | None) -> Manifest:
    """Raises FileExistsError, NothingToBackUpError, Unavailable for the file store, OSError and asyncpg's errors."""
    kept: Keys = "absent" if not with_keys else "plain" if passphrase is None else "sealed"
    with packing(target) as packer:
        async with (
            tables.connected(settings.database_url) as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute(tables.PLAIN)
            manifest = await pack_database(connection, packer)
            files = await connection.fetch(FILES_NAMED)
        manifest.files_gone = await pack_files(FileStore.of(settings), [tuple(row) for row in files], packer)
        if kept != "absent":
            packer.add_bytes(KEYS[kept], keys.pack(keys.keys_of(settings), passphrase))
            manifest.keys = kept
        packer.close_with(MANIFEST, msgspec.json.encode(manifest))
    return manifest


async def pack_database(connection: asyncpg.Connection, packer: Packer) -> Manifest:
    """All tables, from the transaction's snapshot, into the archive; the beginning of a manifest."""
    if not await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL"):
        raise NothingToBackUpError("The database is empty: nothing was ever migrated.")
    revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    made_at = datetime.now(UTC)
    # A sequence is no part of the snapshot: read first, it might fall short of the rows.
    for table in await tables.tables_of(connection):
        with packer.spool() as spool:
            rows = await tables.copy_out(connection, table, spool.write)
            packer.add(spool, f"{TABLES}{table.name}", rows)
    counters = await tables.counters_of(connection)
    return Manifest(FORMAT, made_at, version("parlour"), revision, packer.members, counters, "absent", [])


async def pack_files(store: FileStore, files: list[tuple[str, int, int | None]], packer: Packer) -> list[str]:
    """The keys of those that are gone."""
    gone = []
    for key, size, thumbnail_size in files:
        for name, length in ((key, size), (key + THUMBNAIL, thumbnail_size)):
            if length is None:
                continue
            try:
                with packer.spool() as spool:
                    async for piece in store.stream(name, 0, length):
                        await spool.write(piece)
                    packer.add(spool, f"{FILES}{name}")
            except NoSuchFile:
                gone.append(name)
    return gone
