"""A worker process that strikes itself dead at an exact moment of ending a round.

`python -m tests.faults.struck_closer MOMENT ROUND`, with the servers' addresses in the environment. It does what
`end_round` of the game's tasks does, transaction by transaction, and never comes to announce anything.
"""

import asyncio
import os
import signal
import sys
from typing import Literal, get_args

from app import migrating
from app.domain.game.services import drawing
from app.resources import open_resources
from app.settings import Settings

Moment = Literal["after freezing", "before its commit", "after its commit"]


def strike_at(moment: Moment, now: Moment) -> None:
    if moment == now:
        os.kill(os.getpid(), signal.SIGKILL)


async def end(moment: Moment, round_id: int) -> None:
    migrating.metadata()  # With all models, as a worker has them.
    async with open_resources(Settings(_env_file=None)) as resources:
        async with resources.sessions.begin() as session:
            await drawing.freeze(session, round_id)
        strike_at(moment, "after freezing")
        async with resources.sessions.begin() as session:
            act = await drawing.draw(session, round_id, resources.settings.seed_secret)
            assert act, "there was nothing to draw"
            strike_at(moment, "before its commit")
        strike_at(moment, "after its commit")


if __name__ == "__main__":
    given, number = sys.argv[1:]
    (chosen,) = (moment for moment in get_args(Moment) if moment == given)
    asyncio.run(end(chosen, int(number)))
