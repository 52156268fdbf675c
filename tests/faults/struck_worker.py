"""A worker process that strikes itself with a signal at an exact moment of its drain, and then goes on if it can.

`python -m tests.faults.struck_worker MOMENT SIGNAL KIND PARTITION`, with the servers' addresses in the environment. It
drains one partition of an inbox. Its recorder is the real one; the blow comes before the commit, or right after.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar, get_args

from redis.asyncio.client import Pipeline
from sqlalchemy.ext.asyncio import AsyncSession

import app.domain.accounts.models  # noqa: F401  as in a whole worker: whom plays and epochs point at
from app.domain.chat import tasks as chat
from app.domain.game.tasks import recording as game
from app.inbox.batches import Outcome
from app.inbox.drain import Drain, Recorder
from app.outages import is_outage
from app.resources import open_resources
from app.settings import Settings

T = TypeVar("T")
Moment = Literal["before its commit", "after its commit"]
OUTAGE = 75
"""Exit status when it found that PostgreSQL had given it up (EX_TEMPFAIL of sysexits.h)."""


def striking(recorder: Recorder[T], moment: Moment, blow: signal.Signals) -> Recorder[T]:
    async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[T]]:
        outcomes = await recorder.record(session, entries)
        if moment == "before its commit":
            os.kill(os.getpid(), blow)
        return outcomes

    def announce(pipeline: "Pipeline", facts: Sequence[T]) -> None:
        if moment == "after its commit":
            os.kill(os.getpid(), blow)
        recorder.announce(pipeline, facts)

    return replace(recorder, record=record, announce=announce)


async def drain(moment: Moment, blow: signal.Signals, kind: str, partition: int) -> int:
    async with open_resources(Settings(_env_file=None)) as resources:
        recorders: dict[str, Recorder[Any]] = {"chat": chat.recorder, "game": game.open_recorder(resources.settings)}
        try:
            await Drain(resources.redis, resources.sessions, striking(recorders[kind], moment, blow)).run(partition)
        except Exception as error:
            if is_outage(error):
                return OUTAGE
            raise
    return 0


if __name__ == "__main__":
    given, number, kind, where = sys.argv[1:]
    (chosen,) = (moment for moment in get_args(Moment) if moment == given)
    sys.exit(asyncio.run(drain(chosen, signal.Signals[number], kind, int(where))))
