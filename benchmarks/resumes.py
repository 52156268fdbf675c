"""A client that comes back after 100,000 events: how fast it gets them, whether all, and what that costs the server."""

import asyncio
import time

import asyncpg
import msgspec
import psutil

from benchmarks.clients import SocketClient
from benchmarks.figures import Figure
from benchmarks.world import World

EVENTS = 100_000
EDITED_EVERY = 10
"""Each tenth event is an edit, of the message before it."""

PAGE = 200
MIB = 1024 * 1024
READER, WRITER = 1, 2


class Heard(msgspec.Struct):
    type: str
    message_id: int = 0
    seq: int = 0


async def resumes(world: World) -> list[Figure]:
    conversation = await world.conversation([READER, WRITER])
    connection = await asyncpg.connect(world.dsn)
    await fill(connection, conversation)
    bare = await bare_pages(connection, conversation)
    await connection.close()
    web = psutil.Process(world.stack.processes["web"].pid)
    before = web.memory_info().rss
    peak = before
    done = asyncio.get_running_loop().create_future()
    numbers: list[int] = []
    decode = msgspec.json.Decoder(Heard).decode

    def hear(frame: bytes) -> None:
        heard = decode(frame)
        if heard.type == "subscribed":
            done.set_result(None)
        elif heard.type != "ready":
            numbers.append(heard.seq or heard.message_id)

    client = await SocketClient.connect(world.port, f"/ws?token={world.token(READER)}", hear)
    begun = time.perf_counter()
    client.send(b'{"type":"resume","positions":{"%d":0}}' % conversation)
    while not done.done():
        await asyncio.sleep(0.02)
        peak = max(peak, web.memory_info().rss)
    elapsed = time.perf_counter() - begun
    client.close()
    assert numbers == list(range(1, EVENTS + 1)), "a gap, a repetition or another order"
    rate = EVENTS / elapsed
    return [
        Figure(
            f"resume of {EVENTS:,} events, without a gap", rate, "a second", beside=bare.what, ratio=rate / bare.value
        ),
        bare,
        Figure("memory that the resume took, at most", (peak - before) / MIB, "MiB"),
    ]


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", conversation: int) -> None:
    await connection.execute(f"""
        INSERT INTO messages (conversation_id, seq, sender_id, client_id, fingerprint, content, sent_at)
        SELECT {conversation}, n, {WRITER}, n::text, int8send(n), 'message ' || n, now()
        FROM generate_series(1, {EVENTS}) AS n WHERE n % {EDITED_EVERY} <> 0
    """)
    await connection.execute(f"""
        INSERT INTO changes (conversation_id, seq, message_id, actor_id, client_id, fingerprint, kind, content, made_at)
        SELECT {conversation}, n, n - 1, {WRITER}, n::text, int8send(n), 'edited', 'edit', now()
        FROM generate_series(1, {EVENTS}) AS n WHERE n % {EDITED_EVERY} = 0
    """)
    await connection.execute("UPDATE conversations SET last_seq = $2 WHERE id = $1", conversation, EVENTS)
    await connection.execute("ANALYZE messages, changes")


async def bare_pages(connection: "asyncpg.Connection[asyncpg.Record]", conversation: int) -> Figure:
    begun = time.perf_counter()
    for after in range(0, EVENTS, PAGE):
        await connection.fetch(
            "SELECT * FROM messages WHERE conversation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            conversation,
            after,
            PAGE,
        )
    return Figure("asyncpg: the same rows in pages", EVENTS / (time.perf_counter() - begun), "a second")
