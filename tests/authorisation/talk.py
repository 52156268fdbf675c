"""One frame on one socket, and what comes of it."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from tests.people import Person
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 10
"""Seconds until what was expected has not come."""


@dataclass
class Heard:
    outcome: str
    sentence: str
    """Of a refusal."""
    frames: list[str]
    """All that came, the greeting too."""


async def say(base_url: str, path: str, frame: dict[str, Any], actor: Person | None, expected: str) -> Heard:
    """What comes of a frame: `expected`, or a refusal. After one that nothing answers, a ping is sent for the end."""
    query = f"?token={actor.access}" if actor else ""
    async with connect(f"{base_url.replace('http', 'ws', 1)}{path}{query}") as connection:
        talk = Talk(connection)
        try:
            async with asyncio.timeout(PATIENCE):
                if actor and path == "/ws":
                    await talk.hear("ready")
                await connection.send(json.dumps(frame))
                if expected == "silence":
                    await connection.send(json.dumps({"type": "ping"}))
                return Heard(*await talk.hear(expected), talk.frames)
        except ConnectionClosed as closed:
            code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
            return Heard(f"closed {code}", reason, talk.frames)
        except TimeoutError:
            return Heard(f"neither {expected} nor a refusal", "", talk.frames)


class Talk:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.frames: list[str] = []

    async def hear(self, expected: str) -> tuple[str, str]:
        """Events that are no answer are passed over."""
        while True:
            self.frames.append(str(await self._connection.recv()))
            outcome, sentence = read(json.loads(self.frames[-1]))
            if outcome == "pong" and expected == "silence":
                return "silence", ""
            if outcome == expected or outcome.startswith("error"):
                return outcome, sentence


def read(frame: dict[str, Any]) -> tuple[str, str]:
    """A frame of the documents has no type, but for messages."""
    if frame.get("type") == "error":
        return f"error {frame['code']}", frame["error"]
    if "type" in frame:
        return frame["type"], ""
    return ("error", frame["error"]) if "error" in frame else (next(iter(frame)), "")
