"""Bringing the database to the newest revision: atomic, and safe when many processes start at once."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import app.domain

if TYPE_CHECKING:  # Alembic and SQLAlchemy take a second to import; a start that has nothing to migrate needs neither.
    from alembic.config import Config
    from sqlalchemy import Connection, MetaData
    from sqlalchemy.ext.asyncio import AsyncConnection

LOCK = 7_271_668
"""The advisory lock that one migration holds and the others wait for. Any number that nobody else uses."""

REVISION = re.compile(r"""^(down_revision|revision)\b[^=]*=\s*(?:["'](\w+)["']|None)""", re.MULTILINE)


def directory() -> Path:
    """`migrations/` inside an installed package, at the top of a checkout otherwise."""
    package = Path(app.__file__ or "").parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parents[1] / "migrations"


def head() -> str | None:
    """The newest revision there is, read from the files' text: the one that no other builds upon."""
    revisions, bases = set(), set()
    for file in (directory() / "versions").glob("*.py"):
        found = dict(REVISION.findall(file.read_text()))
        revisions.add(found["revision"])
        bases.add(found.get("down_revision"))
    return next(iter(revisions - bases), None)


def known() -> set[str]:
    """All revisions that this version can bring a database to."""
    found = (dict(REVISION.findall(file.read_text())) for file in (directory() / "versions").glob("*.py"))
    return {one["revision"] for one in found}


async def current(database_url: str) -> str | None:
    """The revision that the database is at; None for an empty one.

    Raises OSError when PostgreSQL is not there, or lets nobody in: a wrong password, no such database.
    """
    import asyncpg  # noqa: PLC0415  see TYPE_CHECKING above

    try:
        connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1))
    except asyncpg.PostgresError as error:
        raise ConnectionRefusedError(str(error)) from error
    try:
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    else:
        return revision
    finally:
        await connection.close()


async def upgrade(database_url: str, revision: str = "head") -> bool:
    """Bring the database to the head, all revisions in one transaction. Whether there was anything to do."""
    if await current(database_url) == (head() if revision == "head" else revision):
        return False

    from alembic import command  # noqa: PLC0415  see TYPE_CHECKING above

    async with transaction(database_url) as connection:
        # Whoever waited here finds nothing left to do: Alembic reads the revision after this line.
        await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        await connection.run_sync(lambda sync: command.upgrade(configured(sync), revision))
    return True


async def write_revision(database_url: str, message: str) -> None:
    """Write the revision that takes the database, which must be at the head, to what the models say."""
    from alembic import command  # noqa: PLC0415  see TYPE_CHECKING above

    async with transaction(database_url) as connection:
        await connection.run_sync(lambda sync: command.revision(configured(sync), message=message, autogenerate=True))


def upgrade_now(database_url: str) -> bool:
    """`upgrade`, for callers without an event loop."""
    return asyncio.run(upgrade(database_url))


@asynccontextmanager
async def transaction(database_url: str) -> "AsyncIterator[AsyncConnection]":
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  see TYPE_CHECKING above

    # A connection without the time limits of the server's own; without caches it passes through PgBouncer too.
    engine = create_async_engine(
        database_url, connect_args={"statement_cache_size": 0, "prepared_statement_cache_size": 0}
    )
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


def configured(connection: "Connection") -> "Config":
    from alembic.config import Config  # noqa: PLC0415  see TYPE_CHECKING above

    config = Config()
    config.set_main_option("script_location", str(directory()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def metadata() -> "MetaData":
    """Every table there is: the models of every slice, imported."""
    from app.db import Base  # noqa: PLC0415  see TYPE_CHECKING above

    for slice_ in iter_modules(app.domain.__path__, "app.domain."):
        if find_spec(f"{slice_.name}.models"):
            import_module(f"{slice_.name}.models")
    return Base.metadata
