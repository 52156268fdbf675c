"""The examples of the guides run as they are written."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from tests.parlour_client.conftest import Enter
from tests.test_documentation import FENCED, ROOT

from parlour_client import Client, Message

pytestmark = pytest.mark.anyio
GUIDE = ROOT / "docs/guide"


def programs(page: str) -> list[tuple[str, str]]:
    """The whole programs of a page, each with the block after it."""
    blocks = FENCED.findall((GUIDE / page).read_text())
    return [
        (body, after)
        for (kind, body), (_, after) in zip(blocks, [*blocks[1:], ("", "")], strict=True)
        if kind == "python" and "asyncio.run(main())" in body and "parlour_client" in body
    ]


@pytest.mark.parametrize(("program", "shown"), programs("python-client.md"), ids=["first", "stays logged in", "files"])
async def test_what_the_page_shows_happens(program: str, shown: str, base_url: str, tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(program.replace("http://localhost:8000", base_url))
    process = await asyncio.create_subprocess_exec(sys.executable, file, stdout=PIPE, stderr=PIPE, cwd=tmp_path)
    said, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert (said.decode(), complaints.decode()) == (shown, "")


async def test_the_bot_tells_the_time_to_whoever_asks(base_url: str, enter: Enter, tmp_path: Path) -> None:
    ((program, _),) = programs("bots.md")
    assert len(program.strip().splitlines()) <= 25
    ada, her = await enter("ada")
    bot = await ada.request("POST", "/api/bots", {"username": f"clock-{her.id}", "name": "Speaking clock"})
    group = (await ada.request("POST", "/api/chat/groups", {"name": "Time"}))["id"]
    await ada.request("PUT", f"/api/bots/{bot['id']}/conversations/{group}")
    scopes = {"name": "test", "scopes": ["messages:read", "messages:write"]}
    key = (await ada.request("POST", f"/api/bots/{bot['id']}/keys", scopes))["key"]
    file = tmp_path / "clock.py"
    file.write_text(program.replace("GROUP = 1", f"GROUP = {group}"))

    process = await asyncio.create_subprocess_exec(
        sys.executable, file, env={**os.environ, "URL": base_url, "KEY": key}, stderr=PIPE
    )
    answer = ""
    asking = asyncio.create_task(ask_until_answered(ada, group))
    try:
        await ada.subscribe(group)
        async with asyncio.timeout(30):
            async for event in ada.events():
                if isinstance(event, Message) and event.sender_id == bot["id"]:
                    answer = event.message
                    break
    finally:
        asking.cancel()
        process.terminate()
        _, complaints = await process.communicate()
    assert answer.startswith("It is "), complaints.decode()


async def ask_until_answered(ada: Client, group: int) -> None:
    """It hears what is said from when it is there."""
    while True:
        await ada.send(group, "What time is it?")
        await asyncio.sleep(0.3)
