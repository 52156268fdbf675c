"""The conversation list and the unread counts of somebody with a thousand conversations."""

import time
from dataclasses import replace
from http import HTTPStatus

import asyncpg

from benchmarks.clients import HttpClient
from benchmarks.figures import Figure, timed
from benchmarks.world import World

CONVERSATIONS, MEMBERS, MESSAGES = 1000, 5, 200
UNREAD = 120
"""In the fullest conversations; in the others anything below, and in a third of them nothing."""

READER = 1
REQUESTS = 200
LIST, COUNTS = "/api/chat/conversations?limit=50", "/api/chat/unread"


async def lists(world: World) -> list[Figure]:
    connection = await asyncpg.connect(world.dsn)
    await fill(connection)
    bare = await bare_join(connection)
    await connection.close()
    client, token = await HttpClient.connect(world.port), world.token(READER)
    figures = []
    for what, path in (
        (f"a page of 50 of {CONVERSATIONS} conversations, with unread", LIST),
        ("unread, in all", COUNTS),
    ):
        asked = await ask(client, token, path)
        ratio = (asked.p50_ms or 0) / (bare.p50_ms or 1)
        figures.append(replace(asked, what=what, beside="the join alone", ratio=ratio))
    return [*figures, bare]


async def fill(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.execute(f"""
        WITH opened AS (
            INSERT INTO conversations (kind, name, joinable, created_by, last_seq, last_activity_at)
            SELECT 'group', 'group ' || n, false, {READER}, {MESSAGES}, now() - n * interval '1 minute'
            FROM generate_series(1, {CONVERSATIONS}) AS n RETURNING id
        ), joined AS (
            INSERT INTO members (conversation_id, user_id, role, last_read_seq)
            SELECT id, {READER} + n * (1 + id % 50), 'member',
                   {MESSAGES} - CASE WHEN id % 3 = 0 THEN 0 ELSE id % {UNREAD} END
            FROM opened, generate_series(0, {MEMBERS} - 1) AS n
        )
        INSERT INTO messages (conversation_id, seq, sender_id, client_id, fingerprint, content, mentions, sent_at)
        SELECT id, seq, {READER} + (seq % {MEMBERS}) * (1 + id % 50), seq::text, int8send(seq),
               'message ' || seq, CASE WHEN seq % 25 = 1 THEN ARRAY[{READER}::bigint] ELSE '{{}}' END, now()
        FROM opened, generate_series(1, {MESSAGES}) AS seq
    """)
    await connection.execute("ANALYZE conversations, members, messages")


async def bare_join(connection: "asyncpg.Connection[asyncpg.Record]") -> Figure:
    """The reader's conversations through asyncpg, without counts, names or a server."""
    seconds = []
    begun = time.perf_counter()
    for _ in range(REQUESTS):
        one = time.perf_counter()
        await connection.fetch(
            "SELECT c.* FROM conversations c JOIN members m ON m.conversation_id = c.id "
            "WHERE m.user_id = $1 AND m.left_at IS NULL ORDER BY c.last_activity_at DESC LIMIT 50",
            READER,
        )
        seconds.append(time.perf_counter() - one)
    return timed("asyncpg: the join alone", seconds, time.perf_counter() - begun)


async def ask(client: HttpClient, token: str, path: str) -> Figure:
    seconds = []
    begun = time.perf_counter()
    for _ in range(REQUESTS):
        one = time.perf_counter()
        status, body = await client.get(path, token)
        assert status == HTTPStatus.OK, body
        seconds.append(time.perf_counter() - one)
    return timed(path, seconds, time.perf_counter() - begun)
