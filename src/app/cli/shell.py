"""`parlour shell`: Python with everything at hand and `await` at the prompt."""

import ast
import asyncio
import code
import inspect
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import rich_click as click

from app.cli import state as state_of

BANNER = """Parlour. At hand: settings, resources, sessions, redis, select, {models}
  async with sessions.begin() as session: print((await session.scalars(select(User))).all())"""


class Console(code.InteractiveConsole):
    def __init__(self, names: dict[str, Any], runner: asyncio.Runner) -> None:
        super().__init__(names)
        self.names = names
        self.runner = runner
        self.compile.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def runcode(self, code: CodeType) -> None:
        """As in the base class, but a line that awaits is run on the loop."""
        try:
            result = FunctionType(code, self.names)()
            if inspect.iscoroutine(result):
                self.runner.run(result)
        except Exception:  # noqa: BLE001  whatever the line raised is its author's to see
            self.showtraceback()


@click.command()
@state_of.option
def shell(state: Path) -> None:
    """Open a Python prompt with settings, resources, sessions and models at hand. `await` works."""
    from sqlalchemy import select  # noqa: PLC0415  heavy imports belong to the command

    from app import migrating  # noqa: PLC0415
    from app.db import Base  # noqa: PLC0415
    from app.resources import open_resources  # noqa: PLC0415

    settings = state_of.read_settings(state)
    migrating.metadata()
    models = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
    opening = open_resources(settings)
    with asyncio.Runner() as runner:
        resources = runner.run(opening.__aenter__())
        try:
            names = {"settings": settings, "resources": resources, "sessions": resources.sessions}
            names |= {"redis": resources.redis, "select": select, **models}
            Console(names, runner).interact(BANNER.format(models=", ".join(sorted(models))), exitmsg="")
        finally:
            runner.run(opening.__aexit__(None, None, None))
