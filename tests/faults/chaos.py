"""Fault after fault, for as long as wanted: `python -m tests.faults.chaos --seed S --minutes M`, or `make chaos`.

Each round is a run with conversations of its own, a few faults in a row, and a check of everything. It ends with the
first round that violates an invariant, prints the seed that repeats it, and keeps its history and the logs.
"""

import argparse
import asyncio
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from random import Random
from time import monotonic

from tests.faults import cast
from tests.faults.checker import violations
from tests.faults.history import History
from tests.faults.nemesis import Nemesis
from tests.faults.rig import ENVIRONMENT, Rig

from app import migrating
from app.embedded.stack import Shape, Stack
from app.embedded.temporary import temporary_stack
from app.resources import open_resources
from app.settings import Settings

SHAPE = Shape(web=2, workers=2, schedulers=2)
FAULTS_IN_A_ROUND = (1, 4)
SECONDS_IN_A_MINUTE = 60


async def rounds(stack: Stack, seed: str, seconds: float, kept: Path) -> bool:
    """Whether all went well."""
    ours = {"DATABASE_URL": stack.database_url, "REDIS_URL": stack.redis_url, "SECRET_KEY": secrets.token_hex(32)}
    async with open_resources(Settings(_env_file=None, **ours)) as resources:  # type: ignore[arg-type]  # all strings
        rig = Rig(stack, resources, await cast.gather(stack.base_urls))
        ends = monotonic() + seconds
        number = 0
        while monotonic() < ends:
            number += 1
            if not await one_round(rig, f"{seed}/{number}", kept):
                return False
    return True


async def one_round(rig: Rig, seed: str, kept: Path) -> bool:
    random = Random(seed)  # noqa: S311  repeatable on purpose
    nemesis = Nemesis(rig.stack, random)
    faults = [nemesis.any() for _ in range(random.randint(*FAULTS_IN_A_ROUND))]
    file = kept / "history.jsonl"
    file.unlink(missing_ok=True)
    history = History(file)
    print(f"{seed}: {', '.join(fault.name for fault in faults)}", flush=True)  # noqa: T201  a command's output
    try:
        found = await rig.run(seed, faults, history)
    finally:
        history.close()
    wrong = violations(found)
    recoveries = ", ".join(f"{recovery.seconds:.1f} s" for recovery in found.recoveries)
    print(f"  {len(found.messages)} messages, recovered in {recoveries}", *wrong, sep="\n  ", flush=True)  # noqa: T201
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--minutes", type=float, default=10)
    given = parser.parse_args()
    kept = Path(tempfile.mkdtemp(prefix="parlour-chaos-"))
    well = False
    with temporary_stack(migrating.upgrade_now, SHAPE, **ENVIRONMENT) as stack:
        try:
            well = asyncio.run(rounds(stack, given.seed, SECONDS_IN_A_MINUTE * given.minutes, kept))
        finally:
            shutil.copytree(stack.places.state / "logs", kept / "logs")
    if well:
        shutil.rmtree(kept)
    else:
        print(f"Seed {given.seed}. History and logs are kept in {kept}")  # noqa: T201
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
