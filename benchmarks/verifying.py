"""The verifier, as a player runs it, on the transcript of a large draw."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from app.fairdraw import verifier
from app.fairdraw.chain import before
from app.fairdraw.draws import close_id, close_record, entropy, leaf, open_id, open_record, pick, result_record
from app.fairdraw.hashing import FORMAT
from app.fairdraw.tree import Frontier, leaf_hash
from benchmarks.draws import bare_hashing
from benchmarks.figures import Figure
from benchmarks.world import World

BALLOTS = 100_000
RUNS = 3


async def verifying(_: World) -> list[Figure]:
    with transcript() as file:
        seconds = min([await verified(file) for _ in range(RUNS)])
    bare = bare_hashing(BALLOTS)
    what = f"verifier: a transcript of {BALLOTS:,} ballots, start of Python included"
    return [Figure(what, seconds, "s", beside=bare.what, ratio=seconds / bare.value), bare]


async def verified(file: Path) -> float:
    begun = time.perf_counter()
    program = await asyncio.create_subprocess_exec(
        sys.executable, verifier.__file__, file, stdout=asyncio.subprocess.DEVNULL
    )
    assert await program.wait() == 0
    return time.perf_counter() - begun


@contextmanager
def transcript() -> Iterator[Path]:
    number, seed = 1, sha256(b"seed").digest()
    leaves = [
        leaf(number, seq, sha256(b"%d" % seq).digest(), sha256(b"nonce %d" % seq).digest(), UUID(int=seq))
        for seq in range(BALLOTS)
    ]
    tree = Frontier()
    for one in leaves:
        tree.append(leaf_hash(one))
    opened = open_record(
        lottery="daily",
        number=number,
        day=date(2026, 11, 20),
        zone="UTC",
        opens_at=datetime(2026, 11, 20, tzinfo=UTC),
        closes_at=datetime(2026, 11, 21, tzinfo=UTC),
        prizes=1,
        commitment=before(number, seed),
    )
    closed = close_record(number, open_id(opened), BALLOTS, tree.root)
    winners = pick(entropy(close_id(closed), seed), number, 1, BALLOTS)
    result = result_record(number, close_id(closed), seed, winners)
    ballots = [one.hex() for one in leaves]
    whole = {"format": FORMAT, "open": opened, "close": closed, "ballots": ballots, "result": result}
    with TemporaryDirectory() as directory:
        file = Path(directory) / "transcript.json"
        file.write_text(json.dumps(whole))
        yield file
