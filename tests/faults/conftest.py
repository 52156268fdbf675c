"""One stack for all fault tests: two API processes, two workers' managers, a scheduler, servers of their own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.conftest import settings_for
from tests.faults import cast
from tests.faults.rig import ENVIRONMENT, Rig

from app import migrating
from app.embedded.stack import Shape, Stack
from app.embedded.temporary import temporary_stack
from app.resources import open_resources


@pytest.fixture(scope="session")
def faulted_stack() -> Iterator[Stack]:
    with temporary_stack(migrating.upgrade_now, Shape(web=2, workers=2), **ENVIRONMENT) as started:
        yield started


@pytest.fixture(scope="session")
async def rig(faulted_stack: Stack) -> AsyncIterator[Rig]:
    settings = settings_for(faulted_stack.database_url, faulted_stack.redis_url)
    async with open_resources(settings) as opened:
        yield Rig(faulted_stack, opened, await cast.gather(faulted_stack.base_urls))
