"""A group that plays dice, as workers and API processes do it, without waiting for anybody's clock."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.schemas.cards import RoundCard
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.messages import Messages
from app.domain.game.models import Round
from app.domain.game.schemas.rounds import PickCount, RoundRequest, Slip
from app.domain.game.services import chains, drawing
from app.domain.game.services.picks import Picks
from app.domain.game.services.rounds import Rounds
from app.inbox.batches import Outcome
from app.resources import Sessions

SECRET = b"\x07" * 32


def slip(round_id: int, user_id: int, key: str = "k", **move: Any) -> Slip:  # noqa: ANN401  a field's value
    chosen = {"side": "over", "chance": 50} | move
    return Slip(round_id, user_id, msgspec.Raw(msgspec.msgpack.encode(chosen)), key)


@dataclass
class Table:
    sessions: Sessions
    group: int
    dealer: int
    """Who began the group, and may begin rounds."""
    secret: bytes = SECRET

    async def open(self, key: str = "r", by: int | None = None, **asked: Any) -> tuple[Round, Happening]:  # noqa: ANN401  a field's value
        wanted = {"conversation_id": self.group, "game": "dice", "closes_in": 60} | asked
        async with self.sessions.begin() as session:
            return await Rounds(session=session).open(
                by or self.dealer, msgspec.convert(wanted, RoundRequest), key, self.secret
            )

    async def begin(self, key: str = "r", **asked: Any) -> int:  # noqa: ANN401  a field's value
        return (await self.open(key, **asked))[0].id

    async def cancel(self, round_id: int, by: int | None = None) -> tuple[Round, Happening]:
        async with self.sessions.begin() as session:
            return await Rounds(session=session).cancel(round_id, by or self.dealer, self.secret)

    async def pick(self, *slips: Slip) -> Sequence[Outcome[PickCount]]:
        async with self.sessions.begin() as session:
            return await Picks(session=session).record(slips)

    async def let_close(self, round_id: int) -> None:
        """As if it had been opened in time for a moment that is over."""
        async with self.sessions.begin() as session:
            await close_by_the_clock(session, round_id)

    async def freeze(self, round_id: int) -> None:
        async with self.sessions.begin() as session:
            await drawing.freeze(session, round_id)

    async def draw(self, round_id: int) -> Happening | None:
        async with self.sessions.begin() as session:
            return await drawing.draw(session, round_id, self.secret)

    async def end(self, round_id: int) -> Happening | None:
        await self.let_close(round_id)
        await self.freeze(round_id)
        return await self.draw(round_id)

    async def read(self, round_id: int) -> Round:
        async with self.sessions() as session:
            held = await session.get(Round, round_id)
        assert held
        return held

    async def seed_of(self, held: Round) -> bytes | None:
        async with self.sessions() as session:
            return await chains.seed_of(session, held, self.secret)

    async def told(self) -> list[MessageFrame]:
        async with self.sessions() as session:
            return await Messages(session=session).after(self.group, 0, 100)

    async def cards(self) -> list[RoundCard]:
        return [one.card for one in await self.told() if isinstance(one.card, RoundCard)]

    def with_secret(self, secret: bytes) -> "Table":
        return replace(self, secret=secret)


async def close_by_the_clock(session: AsyncSession, round_id: int) -> None:
    moved = "opened_at = opened_at - interval '1 hour', closes_at = date_trunc('second', clock_timestamp())"
    await session.execute(text(f"UPDATE rounds SET {moved} WHERE id = :id"), {"id": round_id})


def answers(outcomes: Sequence[Outcome[PickCount]]) -> list[Any]:
    """What each was answered: the pick, or the error's kind."""
    return [type(one.refusal) if one.refusal else msgspec.json.decode(one.reply) for one in outcomes]
