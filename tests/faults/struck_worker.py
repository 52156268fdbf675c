"""A worker process that strikes itself with a signal at an exact moment of its drain, and then goes on if it can.

`python -m tests.faults.struck_worker MOMENT SIGNAL PARTITION`, with the servers' addresses in the environment. It
drains one partition of the chat inbox. Its recorder is the real one; the blow comes before the commit, or right after.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

from redis.asyncio.client import Pipeline
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.tasks import Said, recorder
from app.inbox.drain import Drain, Outcome, Recorder
from app.outages import is_outage
from app.resources import open_resources
from app.settings import Settings

Moment = Literal["before its commit", "after its commit"]
OUTAGE = 75
"""Exit status when it found that PostgreSQL had given it up (EX_TEMPFAIL of sysexits.h)."""


def striking(moment: Moment, blow: signal.Signals) -> Recorder[Said]:
    async def record(session: AsyncSession, entries: Sequence[bytes]) -> Sequence[Outcome[Said]]:
        outcomes = await recorder.record(session, entries)
        if moment == "before its commit":
            os.kill(os.getpid(), blow)
        return outcomes

    def announce(pipeline: "Pipeline", said: Sequence[Said]) -> None:
        if moment == "after its commit":
            os.kill(os.getpid(), blow)
        recorder.announce(pipeline, said)

    return replace(recorder, record=record, announce=announce)


async def drain(moment: Moment, blow: signal.Signals, partition: int) -> int:
    async with open_resources(Settings(_env_file=None)) as resources:
        try:
            await Drain(resources.redis, resources.sessions, striking(moment, blow)).run(partition)
        except Exception as error:
            if is_outage(error):
                return OUTAGE
            raise
    return 0


if __name__ == "__main__":
    given, number, where = sys.argv[1:]
    (chosen,) = (moment for moment in get_args(Moment) if moment == given)
    sys.exit(asyncio.run(drain(chosen, signal.Signals[number], int(where))))
