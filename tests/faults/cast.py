"""The people of a fault run, and the conversations that they have, made over HTTP like anybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from tests.faults.clients import Account

TALKERS = 6
PASSWORD = "six-otters-in-a-row"


@dataclass(frozen=True)
class Cast:
    """Who is there, for as long as the stack runs."""

    talkers: Sequence[Account]
    watchers: Sequence[Account]
    """One for each API process."""
    visitor: Account
    prober: Account
    probed: int
    """The prober's own conversation, which belongs to no run."""


@dataclass(frozen=True)
class Scene:
    """The conversations of one run. Talkers and watchers are in all of them, the visitor comes and goes in `group`."""

    private: Sequence[int]
    group: int

    @property
    def conversations(self) -> list[int]:
        return [*self.private, self.group]


async def gather(base_urls: Sequence[str]) -> Cast:
    async with httpx.AsyncClient(base_url=base_urls[0], timeout=30) as http:
        talkers = [await enter(http, f"talker{n}") for n in range(TALKERS)]
        watchers = [await enter(http, f"watcher{n}") for n in range(len(base_urls))]
        visitor, prober = await enter(http, "visitor"), await enter(http, "prober")
        probed = await post(http, prober, "/api/chat/groups", {"name": "probes"})
    return Cast(talkers, watchers, visitor, prober, probed["id"])


async def set_scene(base_url: str, cast: Cast) -> Scene:
    """Two conversations for talkers and watchers, and a group that anybody may join."""
    everyone = [*cast.talkers, *cast.watchers]
    host, *others = everyone
    async with httpx.AsyncClient(base_url=base_url, timeout=30) as http:
        closed = {"participants": [account.id for account in others], "name": "closed"}
        private = [await post(http, host, "/api/chat/conversations", closed) for _ in range(2)]
        group = await post(http, host, "/api/chat/groups", {"name": "open"})
        for account in others:
            await post(http, account, f"/api/chat/groups/{group['id']}/join")
    return Scene([conversation["id"] for conversation in private], group["id"])


async def enter(http: httpx.AsyncClient, name: str) -> Account:
    """Register and log in."""
    registered = await http.post("/api/users/register", json={"username": name, "password": PASSWORD})
    registered.raise_for_status()
    entered = await http.post("/api/users/login", json={"username": name, "password": PASSWORD})
    entered.raise_for_status()
    return Account(registered.json()["id"], name, entered.json()["access"])


async def post(http: httpx.AsyncClient, account: Account, path: str, body: Any = None) -> Any:  # noqa: ANN401  JSON
    answer = await http.post(path, json=body, headers={"Authorization": f"Bearer {account.token}"})
    answer.raise_for_status()
    return answer.json()
