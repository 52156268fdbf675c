"""PostgreSQL's tables as text, in the order of their primary keys: the same rows give the same bytes, and checksum.

By COPY and not by pg_dump: it needs no program of PostgreSQL's version beside us, works through one connection, and
the schema comes from our own migrations.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

import asyncpg

from app.archive.manifest import Sequence as Counter

Write = Callable[[bytes], Coroutine[Any, Any, None]]

# What text looks like must not depend on a server's or a user's configuration.
PLAIN = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';"
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 3; SET LOCAL search_path = public;"
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
)

# Generated columns are left out: the next database generates them again.
CATALOGUE = """
    SELECT c.relname::text AS name,
           array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS columns,
           (SELECT array_agg(k.attname::text ORDER BY array_position(i.indkey::int2[], k.attnum))
            FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey)
            WHERE i.indrelid = c.oid AND i.indisprimary) AS key
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
    GROUP BY c.oid, c.relname ORDER BY c.relname
"""
COUNTERS = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY 1"
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Table:
    name: str
    columns: Sequence[str]
    key: Sequence[str]


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", "", 1), statement_cache_size=0)
    try:
        yield connection
    finally:
        await connection.close()


async def tables_of(connection: asyncpg.Connection) -> list[Table]:
    found = await connection.fetch(CATALOGUE)
    return [Table(row["name"], row["columns"], row["key"] or row["columns"]) for row in found]


async def copy_out(connection: asyncpg.Connection, table: Table, write: Write) -> int:
    """How many rows it has."""
    query = f'SELECT {listed(table.columns)} FROM "{table.name}" ORDER BY {listed(table.key)}'
    status: str = await connection.copy_from_query(query, output=write, format="text")
    return int(status.rpartition(" ")[2])


def listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


async def copy_in(connection: asyncpg.Connection, table: Table, source: IO[bytes]) -> None:
    """Numbers that the database would give out are taken as they come."""
    await connection.copy_to_table(table.name, source=cast("BinaryIO", source), columns=table.columns, format="text")


async def counters_of(connection: asyncpg.Connection) -> list[Counter]:
    names = [row["relname"] for row in await connection.fetch(COUNTERS)]
    found = {name: await connection.fetchrow(f'SELECT last_value, is_called FROM "{name}"') for name in names}
    return [Counter(name, row["last_value"], row["is_called"]) for name, row in found.items() if row]


async def set_counters(connection: asyncpg.Connection, counters: Sequence[Counter]) -> None:
    for one in counters:
        await connection.execute("SELECT setval(quote_ident($1)::regclass, $2, $3)", one.name, one.last, one.used)


@asynccontextmanager
async def unconstrained(connection: asyncpg.Connection, tables: Sequence[Table]) -> AsyncIterator[None]:
    """Inside, rows may come in any order, and no trigger of ours runs. At the end every foreign key is checked anew.

    An owner of the tables may do this; nobody has to be superuser.
    """
    keys = await connection.fetch(FOREIGN_KEYS)
    for key in keys:
        await connection.execute(f"ALTER TABLE {key['of']} DROP CONSTRAINT {key['name']}")
    for table in tables:
        await connection.execute(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    yield
    for table in tables:
        await connection.execute(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
    for key in keys:
        await connection.execute(f"ALTER TABLE {key['of']} ADD CONSTRAINT {key['name']} {key['definition']}")
