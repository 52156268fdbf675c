"""Dealers and a beacon for the world of one lottery."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.audit.services import OPERATOR
from app.domain.lottery.models.dealing import Dealer
from app.domain.lottery.schemas import DrawView
from app.domain.lottery.schemas.dealing import DealingView, LotteryDealers, NewDealer, SignedCommitment
from app.domain.lottery.services.beacons import Beacons
from app.domain.lottery.services.dealers import Dealers
from app.domain.lottery.services.dealings import Dealings
from app.domain.lottery.services.results import Results
from app.fairdraw.dealing import Hand
from app.fairdraw.draws import BeaconRound
from app.fairdraw.hashing import digest

if TYPE_CHECKING:
    from tests.domain.lottery.conftest import World

ROUND_1000 = BeaconRound(
    1000,
    bytes.fromhex("b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"),
)
"""Of drand's quicknet, made at 15:59:24 on the 23rd of August 2023."""
BEFORE_ROUND_1000 = datetime(2023, 8, 23, 15, 56, 30, tzinfo=UTC)
MARGIN = 142
"""With it, round 1000 decides the minute that begins then."""


def hand_of(name: str, lottery: str = "daily") -> Hand:
    return Hand(digest(b"key " + name.encode()), digest(b"secret " + name.encode()), lottery=lottery, name=name)


@dataclass
class Table:
    world: "World"
    lottery: str = "daily"
    hands: dict[str, Hand] = field(default_factory=dict)

    async def seat(self, name: str) -> Hand:
        hand = self.hands.setdefault(name, hand_of(name, self.lottery))
        async with self.world.resources.sessions.begin() as session:
            wanted = NewDealer(name=name, public_key=hand.public.hex())
            await Dealers(session).add(OPERATOR, self.lottery, wanted, self.world.now)
        return hand

    async def unseat(self, name: str) -> None:
        async with self.world.resources.sessions.begin() as session:
            await Dealers(session).remove(OPERATOR, self.lottery, name, self.world.now)

    async def declare_beacon(self, margin: int | None) -> None:
        async with self.world.resources.sessions.begin() as session:
            await Dealers(session).declare_beacon(OPERATOR, self.lottery, margin)

    async def shown(self) -> LotteryDealers:
        async with self.world.resources.sessions() as session:
            return await Dealers(session).of_lottery(self.lottery, limit=100, offset=0)

    async def commit(
        self, name: str, number: int, *, commitment: bytes | None = None, signature: bytes | None = None
    ) -> DealingView:
        hand = self.hands[name]
        given = SignedCommitment(
            commitment=(commitment or hand.commitment(number)).hex(),
            signature=(signature or hand.signature(number)).hex(),
        )
        async with self.world.resources.sessions.begin() as session:
            return await Dealings(session).commit(self.lottery, number, name, given, self.world.now)

    async def reveal(self, name: str, number: int, secret: bytes | None = None) -> DealingView:
        async with self.world.resources.sessions.begin() as session:
            draw = await Results(session=session).draw(self.lottery, str(number))
            given = secret or self.hands[name].secret(number)
            return await Dealings(session).reveal(draw, name, given, self.world.now)

    async def keep_round(self, given: BeaconRound) -> None:
        async with self.world.resources.sessions.begin() as session:
            await Beacons(session).keep(given, self.world.now)

    async def draw(self, number: int) -> DrawView:
        async with self.world.resources.sessions() as session:
            return await Results(session=session).one(self.lottery, str(number), self.world.now)

    async def dealings(self, number: int) -> list[DealingView]:
        async with self.world.resources.sessions() as session:
            return await Dealings(session).of_draw(await Results(session=session).draw(self.lottery, str(number)))

    async def dealers(self) -> list[Dealer]:
        async with self.world.resources.sessions() as session:
            return list(await session.scalars(select(Dealer).order_by(Dealer.id)))
