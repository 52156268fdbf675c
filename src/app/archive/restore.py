"""An archive into an empty installation: all of it, compared with the manifest once more, or nothing."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile

import asyncpg

from app import migrating
from app.archive import keys, tables
from app.archive.manifest import FILES, KEYS, TABLES, BadArchiveError, Manifest
from app.archive.packing import PIECE_BYTES
from app.archive.reading import members
from app.domain.files.services.store import FileStore


class TargetNotEmptyError(RuntimeError):
    """Something is there that a restore would mix with what it brings. Nothing was changed."""


def open_keys(archive: Path, manifest: Manifest, passphrase: str | None) -> dict[str, str]:
    """By their settings' names; none when it holds none. Raises BadArchiveError when they are sealed otherwise."""
    if manifest.keys == "absent":
        return {}
    if manifest.keys == "sealed" and passphrase is None:
        raise BadArchiveError("The archive's keys are sealed: give the passphrase.")
    packed = next(file.read() for name, file in members(archive) if name == KEYS[manifest.keys])
    return keys.unpack(packed, passphrase if manifest.keys == "sealed" else None)


async def restore(
    archive: Path, manifest: Manifest, database_url: str, store: FileStore, keep_keys: Callable[[], None]
) -> None:
    """`manifest` is what reading the archive has found. The database comes to the newest revision afterwards.

    `keep_keys` is called last before the commit. Raises TargetNotEmptyError, BadArchiveError, Unavailable for the file
    store, OSError and asyncpg's errors; the database has empty tables then, and the files are taken out again.
    """
    await refuse_files(store)
    await prepare(database_url, manifest.revision)
    put: list[str] = []
    try:
        async with tables.connected(database_url) as connection, connection.transaction():
            await connection.execute(tables.PLAIN)
            await refuse_rows(connection)
            await fill(connection, archive, manifest)
            await compare(connection, manifest)
            await end_chains(connection)
            await put_files(archive, store, put)
            keep_keys()
    except BaseException:
        await store.remove(put)
        raise
    await migrating.upgrade(database_url)


async def refuse_files(store: FileStore) -> None:
    async for found in store.written_before(datetime.now(UTC)):
        if found:
            raise TargetNotEmptyError("The file store is not empty.")


async def prepare(database_url: str, revision: str) -> None:
    """The schema as it was, which later migrations then bring to what it is."""
    there = await migrating.current(database_url)
    if revision not in migrating.known():
        raise BadArchiveError(f"The archive comes from a newer version (revision {revision}). Upgrade first.")
    if there not in {None, revision}:
        raise TargetNotEmptyError(f"The database has the revision {there}, the archive {revision}: give an empty one.")
    await migrating.upgrade(database_url, revision)


async def refuse_rows(connection: asyncpg.Connection) -> None:
    for table in await tables.tables_of(connection):
        if await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{table.name}")'):
            raise TargetNotEmptyError(f"The database is not empty: there are rows in {table.name}.")


async def fill(connection: asyncpg.Connection, archive: Path, manifest: Manifest) -> None:
    there = {table.name: table for table in await tables.tables_of(connection)}
    async with tables.unconstrained(connection, list(there.values())):
        for name, file in members(archive):
            if name.startswith(TABLES):
                await tables.copy_in(connection, there[name.removeprefix(TABLES)], file)
    await tables.set_counters(connection, manifest.sequences)


async def compare(connection: asyncpg.Connection, manifest: Manifest) -> None:
    """The rows that are there now give the very bytes that the archive holds. Raises BadArchiveError."""
    expected = {member.name: (member.rows, member.sha256) for member in manifest.members}
    for table in await tables.tables_of(connection):
        digest = hashlib.sha256()

        async def add(data: bytes, digest: "hashlib._Hash" = digest) -> None:
            digest.update(data)

        rows = await tables.copy_out(connection, table, add)
        if expected.get(f"{TABLES}{table.name}") != (rows, digest.hexdigest()):
            raise BadArchiveError(f"{table.name} did not come back as it was.")


async def end_chains(connection: asyncpg.Connection) -> None:
    """Seeds of plays and rounds since the backup were shown: whoever kept them would know what comes next."""
    if await connection.fetchval("SELECT to_regclass('epochs')"):  # An older archive has none.
        await connection.execute("UPDATE epochs SET ended_at = now() WHERE ended_at IS NULL")
    if await connection.fetchval("SELECT to_regclass('round_chains')"):
        await connection.execute(
            "UPDATE rounds SET cancelled_at = now(), cancelled_because = 'called off'"
            " WHERE drawn_at IS NULL AND cancelled_at IS NULL"
        )
        await connection.execute("UPDATE round_chains SET ended_at = now() WHERE ended_at IS NULL")


async def put_files(archive: Path, store: FileStore, put: list[str]) -> None:
    """`put` gets the name of each, so that they can be taken out again."""
    for name, file in members(archive):
        if not name.startswith(FILES):
            continue
        with SpooledTemporaryFile(PIECE_BYTES) as whole:  # The store reads it again when it has to try again.
            shutil.copyfileobj(file, whole, PIECE_BYTES)
            whole.seek(0)
            key = name.removeprefix(FILES)
            put.append(key)
            await store.put(key, whole)
