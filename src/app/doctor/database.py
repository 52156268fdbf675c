"""PostgreSQL: is it there, new enough, durable, migrated, on time, and of the same installation as our keys?"""

from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app import migrating
from app.doctor.findings import Finding, fine, judged, note, wrong
from app.domain.lottery.rules import SeedsDoNotMatchError
from app.domain.lottery.services.chains import Chains, seeds_of
from app.domain.lottery.services.log import Log, key_of
from app.domain.lottery.services.lotteries import Lotteries
from app.fairdraw.signing import LogKey
from app.operation.outboxes import read_outboxes
from app.settings import Settings

OLDEST_VERSION = 180000
CLOCKS_APART_SECONDS = 2.0
CONNECT_SECONDS = 5
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
OVERDUE_MINUTES = 15


async def examine_database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        connection = await asyncpg.connect(
            settings.database_url.replace("+asyncpg", "", 1), timeout=CONNECT_SECONDS, statement_cache_size=0
        )
    except (OSError, asyncpg.PostgresError, ValueError) as error:
        yield wrong("PostgreSQL", repr(error), "Start it, and compare DATABASE_URL with its address and password.")
        return
    try:
        yield await version(connection)
        yield await durability(connection)
        yield await clock(connection)
        yield await connections(connection, settings)
    finally:
        await connection.close()
    schema = await revision(settings)
    yield schema
    if not schema.advice:
        async for finding in examine_content(settings):
            yield finding


async def version(connection: Any) -> Finding:  # noqa: ANN401  asyncpg's connection has no type of its own
    number = int(await connection.fetchval("SHOW server_version_num"))
    seen = await connection.fetchval("SHOW server_version")
    return judged(
        "PostgreSQL", seen, good=number >= OLDEST_VERSION, advice="It must be 18 or newer: ids need uuidv7()."
    )


async def durability(connection: Any) -> Finding:  # noqa: ANN401  the same
    off = [name for name in DURABLE if await connection.fetchval(f"SHOW {name}") == "off"]
    return judged(
        "durability",
        f"{', '.join(off)} off" if off else "what is committed survives a power cut",
        good=not off,
        advice=f"Switch {' and '.join(off)} on: without, what was acknowledged may be lost.",
    )


async def clock(connection: Any) -> Finding:  # noqa: ANN401  the same
    begun = datetime.now(UTC)
    theirs = await connection.fetchval("SELECT clock_timestamp()")
    ended = datetime.now(UTC)
    apart = abs((theirs - begun - (ended - begun) / 2).total_seconds())
    return judged(
        "clocks",
        f"{apart:.2f} s between here and PostgreSQL",
        good=apart <= CLOCKS_APART_SECONDS,
        advice="Set both by NTP: draws close by these clocks.",
    )


async def connections(connection: Any, settings: Settings) -> Finding:  # noqa: ANN401  the same
    allowed = int(await connection.fetchval("SHOW max_connections"))
    fit = (allowed - 3) // settings.database_pool
    if settings.pgbouncer:
        return fine("connections", f"{allowed} allowed, shared out by PgBouncer")
    seen = f"{allowed} allowed, {settings.database_pool} a process: {fit} processes"
    if fit < 3:  # noqa: PLR2004  An API process, a worker, a scheduler.
        return wrong("connections", seen, "Raise max_connections, lower PARLOUR_DATABASE_POOL, or use a PgBouncer.")
    return fine("connections", seen)


async def revision(settings: Settings) -> Finding:
    there, newest = await migrating.current(settings.database_url), migrating.head()
    if there == newest:
        return fine("schema", f"revision {there}")
    if there is not None and there not in migrating.known():
        return wrong("schema", f"revision {there}, which this version does not know", "Upgrade this version.")
    return wrong("schema", f"revision {there or 'none'}, newest {newest}", "parlour migrate")


async def examine_content(settings: Settings) -> AsyncIterator[Finding]:
    engine = create_async_engine(settings.database_url)
    try:
        async with AsyncSession(engine) as session:
            yield await seeds(session, settings)
            yield await log_key(session, settings)
            yield await draws(session)
    finally:
        await engine.dispose()


async def seeds(session: AsyncSession, settings: Settings) -> Finding:
    known = 0
    for lottery in await Lotteries(session=session).running():
        chain = await Chains(session=session).newest(lottery)
        if chain is None:
            continue
        try:
            seeds_of(chain, lottery.name, settings)
        except SeedsDoNotMatchError:
            return wrong(
                "draw secret",
                f"not the one that the draws of {lottery.name} are committed to",
                "Give PARLOUR_DRAW_SECRET its old value. If that is lost: docs/fair-draws.md.",
            )
        known += 1
    return fine("draw secret", f"fits {known} seed chains" if known else "nothing is committed to yet")


async def log_key(session: AsyncSession, settings: Settings) -> Finding:
    log = Log(session=session)
    size = await log.size()
    if not size:
        return fine("log key", "the log is empty")
    newest = await log.checkpoint(size)
    origin, _, root, *_ = newest.splitlines()
    if LogKey(settings.signing_key, origin).checkpoint(size, b64decode(root)) != newest:
        return wrong("log key", "not the one that signed the log", "Give PARLOUR_LOG_KEY its old value.")
    if key_of(settings).origin != origin:
        seen = f"fits; the log says {origin}, PARLOUR_PUBLIC_URL {key_of(settings).origin}"
        return note("log key", seen, "The next checkpoints bear the other name: clients take them for another log's.")
    return fine("log key", f"signs the log of {size} records")


async def draws(session: AsyncSession) -> Finding:
    found = next(one for one in await read_outboxes(session) if one.name == "draw")
    late = (datetime.now(UTC) - found.oldest_at).total_seconds() / 60 if found.oldest_at else 0
    seen = f"{found.waiting} closed and not held yet"
    if late > OVERDUE_MINUTES:
        advice = "Are a scheduler and a worker running? Their logs say why it fails: docs/operations.md."
        return note("draws", f"{seen}, for {late:.0f} minutes", advice)
    return fine("draws", seen)
