"""Search among a million messages in five scripts, by somebody with 200 conversations, one of them a fifth of all."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote

import asyncpg
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from app.domain.search.tasks import index_batch
from benchmarks.clients import HttpClient
from benchmarks.figures import Figure, timed
from benchmarks.texts import parts_of_messages, vocabularies
from benchmarks.world import World

MESSAGES = 1_000_000
CONVERSATIONS, IN_LARGEST = 2000, 200_000
READ_EVERY = 10
"""The reader is in the largest conversation, and in each tenth of the others, large and small."""

READER = 1
SENDERS = 50
PARTS = 40_000
YEARS, FELL_SILENT = 2, 97
"""How long each conversation has been going on, and until how many hours ago."""

RANKS = (0, 1, 3, 10, 20, 40, 100, 300, 1000, 3000, -1)
"""Of the words looked for, from the commonest of a language to one that a few messages in a million have."""

PAGE = 20
SCANS = 40
"""Queries also answered by reading everything, which takes long."""


async def search(world: World) -> list[Figure]:
    connection = await asyncpg.connect(world.dsn)
    conversations = await fill(connection)
    indexing = await index(world, connection)
    asked = list(queries())
    client, token = await HttpClient.connect(world.port), world.token(READER)
    everywhere = await ask(client, token, asked, "")
    largest = await ask(client, token, asked, f"&conversation_id={conversations[0]}")
    scan = await scans(connection, conversations[::READ_EVERY], asked[:: len(asked) // SCANS])
    size = await connection.fetchval("SELECT pg_total_relation_size('search_entries') / 2.0 ^ 20")
    await connection.close()
    return [
        beside(
            everywhere, f"search in {len(conversations[::READ_EVERY])} conversations of {MESSAGES:,} messages", scan
        ),
        beside(largest, f"search in one conversation of {IN_LARGEST:,} messages", scan),
        scan,
        indexing,
        Figure("search: the index, with its table", float(size), "MiB"),
    ]


def beside(figure: Figure, what: str, scan: Figure) -> Figure:
    return replace(figure, what=what, beside="ILIKE, p95", ratio=(figure.p95_ms or 0) / (scan.p95_ms or 1))


async def fill(connection: "asyncpg.Connection[asyncpg.Record]") -> list[int]:
    """The conversations, the largest first. Each has been going on for two years, and more of late."""
    weights = [1 / (place + 5) ** 0.9 for place in range(CONVERSATIONS - 1)]
    rest = (MESSAGES - IN_LARGEST) / sum(weights)
    sizes = [IN_LARGEST, *(max(1, int(weight * rest)) for weight in weights)]
    ids = [
        row["id"]
        for row in await connection.fetch(
            "INSERT INTO conversations (kind, joinable, created_by, last_seq) "
            "SELECT 'group', false, $1, size FROM unnest($2::bigint[]) AS size RETURNING id",
            READER,
            sizes,
        )
    ]
    await connection.execute(
        "INSERT INTO members (conversation_id, user_id, role) SELECT unnest($1::bigint[]), $2, 'member'",
        ids[::READ_EVERY],
        READER,
    )
    await connection.execute("CREATE TEMPORARY TABLE parts (n bigint PRIMARY KEY, body text)")
    await connection.copy_records_to_table("parts", records=list(enumerate(parts_of_messages(PARTS))))
    await connection.execute(
        f"""
        INSERT INTO messages (conversation_id, seq, sender_id, client_id, fingerprint, content, sent_at)
        SELECT c.id, seq, 1 + (c.id + seq) % {SENDERS}, seq::text, int8send(seq), first.body || ' ' || second.body,
               now() - interval '1 hour' * (c.id % {FELL_SILENT})
                     - interval '{YEARS} years' * (1 - (seq::float / c.size) ^ 0.7)
        FROM unnest($1::bigint[], $2::bigint[]) AS c (id, size)
        CROSS JOIN LATERAL generate_series(1, c.size) AS seq
        JOIN parts first ON first.n = (c.id * 7919 + seq * 104729) % {PARTS}
        JOIN parts second ON second.n = (c.id * 31 + seq * 15485863 / 7) % {PARTS}
        """,  # Primes: which halves come together is as good as chance, and the same in every run.
        ids,
        sizes,
    )
    await connection.execute("ANALYZE conversations, members, messages")
    return ids


async def index(world: World, connection: "asyncpg.Connection[asyncpg.Record]") -> Figure:
    """All of it, without the rests that a worker takes; the worker of this Parlour helps."""
    engine = create_async_engine(world.stack.database_url)
    begun = time.perf_counter()
    while await index_batch(async_sessionmaker(engine)) or await connection.fetchval(
        "SELECT count(*) FROM conversations c LEFT JOIN search_positions p ON p.conversation_id = c.id "
        "WHERE c.last_seq > coalesce(p.seq, 0)"
    ):
        await asyncio.sleep(0)  # The worker has its turn.
    elapsed = time.perf_counter() - begun
    await engine.dispose()
    await connection.execute("VACUUM ANALYZE search_entries")
    return Figure("search: messages indexed, without rests", MESSAGES / elapsed, "a second")


def queries() -> Iterator[str]:
    """Words of each frequency, parts of words, two at once, phrases, and what nobody has written."""
    for words in vocabularies():
        ranked = [words[rank] for rank in RANKS]
        yield from (word for word in ranked if len(word) > 1 or word > "\u3000")
        yield from (word[1:4] for word in ranked if len(word) > 4)
        yield from (
            f"{one} {other}" for one, other in zip(ranked, reversed(ranked), strict=True) if len(one + other) > 3
        )
        yield f'"{words[0]} {words[1]}"'
        yield f'"{words[2]} {words[100]}"'
        yield words[30] + words[3000] + words[40]
        yield words[-1][::-1]
    yield from ("zzzqx", "неіснує", "龘龘", "ฐฑฒ")


async def ask(client: HttpClient, token: str, asked: list[str], where: str) -> Figure:
    seconds = []
    begun = time.perf_counter()
    for words in asked:
        one = time.perf_counter()
        status, body = await client.get(f"/api/chat/search?limit={PAGE}&q={quote(words)}{where}", token)
        assert status == HTTPStatus.OK, body
        seconds.append(time.perf_counter() - one)
    return timed("search", seconds, time.perf_counter() - begun)


async def scans(connection: "asyncpg.Connection[asyncpg.Record]", conversations: list[int], asked: list[str]) -> Figure:
    """The same questions, answered by PostgreSQL from the messages themselves."""
    seconds = []
    begun = time.perf_counter()
    for words in asked:
        one = time.perf_counter()
        await connection.fetch(
            "SELECT * FROM messages WHERE conversation_id = ANY($1) AND content ILIKE ALL ($2) "
            "ORDER BY sent_at DESC LIMIT $3",
            conversations,
            [f"%{term}%" for term in ([words.strip('"')] if words.startswith('"') else words.split())],
            PAGE,
        )
        seconds.append(time.perf_counter() - one)
    return timed("asyncpg: ILIKE over the same conversations", seconds, time.perf_counter() - begun)
