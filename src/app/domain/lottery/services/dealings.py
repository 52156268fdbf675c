"""The part of dealers in draws: commitments before a draw opens, secrets once it is closed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as insert_if_new
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.lottery.models import Draw, Lottery
from app.domain.lottery.models.dealing import Dealer, DealerCommitment
from app.domain.lottery.rules import DrawNotClosedYet
from app.domain.lottery.rules.dealing import (
    DRAWS_AHEAD,
    CommitmentNotSigned,
    CommittedOtherwise,
    DrawOpened,
    DrawTooFarAhead,
    NoSuchDealer,
    NotDealt,
    SecretDoesNotFit,
)
from app.domain.lottery.schemas.dealing import DealingView, SignedCommitment
from app.domain.lottery.services.dealers import serving
from app.errors import NotFound
from app.fairdraw.dealing import Dealing, fits


class Dealings:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def commit(
        self, lottery_name: str, number: int, name: str, given: SignedCommitment, now: datetime
    ) -> DealingView:
        """Whoever hands it in: the signature says whose it is. The same again changes nothing.

        Raises NotFound, NoSuchDealer, CommitmentNotSigned, CommittedOtherwise, DrawOpened, DrawTooFarAhead.
        """
        lottery_id = await self._session.scalar(select(Lottery.id).where(Lottery.name == lottery_name))
        if lottery_id is None:
            raise NotFound
        dealer = await self._session.scalar(
            select(Dealer).where(Dealer.lottery_id == lottery_id, Dealer.name == name, Dealer.removed_at.is_(None))
        )
        if dealer is None:
            raise NoSuchDealer
        commitment, signature = bytes.fromhex(given.commitment), bytes.fromhex(given.signature)
        if not Dealing(lottery_name, number, name, commitment).is_signed(dealer.public_key, signature):
            raise CommitmentNotSigned
        earlier = await self._session.get(DealerCommitment, (dealer.id, number))
        if earlier is None:
            await self._check_time(lottery_id, number)
            values = {"dealer_id": dealer.id, "number": number, "commitment": commitment}
            await self._session.execute(
                insert_if_new(DealerCommitment)
                .values(**values, signature=signature, committed_at=now)
                .on_conflict_do_nothing()
            )
            earlier = await self._session.get_one(DealerCommitment, (dealer.id, number))
        if earlier.commitment != commitment:
            raise CommittedOtherwise
        return view_of(dealer, earlier)

    async def _check_time(self, lottery_id: int, number: int) -> None:
        """No draw of the lottery opens from here to the commit. Raises DrawOpened, DrawTooFarAhead.

        Only a dealer gets so far: strangers could keep those who open draws from the lock.
        """
        await self._session.execute(select(Lottery.id).where(Lottery.id == lottery_id).with_for_update(read=True))
        draw = await self._session.scalar(select(Draw).where(Draw.lottery_id == lottery_id, Draw.number == number))
        if draw and (draw.open_id or draw.drawn_at or draw.voided_at):
            raise DrawOpened
        newest = await self._session.scalar(select(func.max(Draw.number)).where(Draw.lottery_id == lottery_id))
        if number > (newest or 0) + DRAWS_AHEAD:
            raise DrawTooFarAhead

    async def reveal(self, draw: Draw, name: str, secret: bytes, now: datetime) -> DealingView:
        """Whoever hands it in: it is the secret or it is not. The same again changes nothing.

        Raises NoSuchDealer, NotDealt, DrawNotClosedYet, SecretDoesNotFit.
        """
        dealer = await self._session.scalar(
            select(Dealer).where(Dealer.lottery_id == draw.lottery_id, Dealer.name == name)
        )
        if dealer is None:
            raise NoSuchDealer
        dealt = await self._session.get(DealerCommitment, (dealer.id, draw.number))
        if dealt is None or (draw.open_id and dealt.place is None):
            raise NotDealt
        if draw.close_id is None:
            raise DrawNotClosedYet
        if not fits(dealt.commitment, draw.number, secret):
            raise SecretDoesNotFit
        if dealt.secret is None:
            dealt.secret, dealt.revealed_at = secret, now
            await self._session.flush()
        return view_of(dealer, dealt)

    async def of_draw(self, draw: Draw) -> list[DealingView]:
        """In the order of the open record, or before there is one, of those that it waits for."""
        if draw.open_id:
            return [view_of(dealer, dealt) for dealer, dealt in await self._opened(draw)]
        if draw.drawn_at or draw.voided_at:
            return []
        dealers = await serving(self._session, draw.lottery_id)
        return [view_of(one, await self._session.get(DealerCommitment, (one.id, draw.number))) for one in dealers]

    async def take_up(self, draw: Draw) -> list[bytes] | None:
        """The commitments for the draw's open record; None while a dealer's is missing."""
        dealers = await serving(self._session, draw.lottery_id)
        dealt = [await self._session.get(DealerCommitment, (dealer.id, draw.number)) for dealer in dealers]
        complete = [one for one in dealt if one]
        if len(complete) < len(dealers):
            return None
        for place, one in enumerate(complete):
            one.place = place
        return [one.commitment for one in complete]

    async def secrets(self, draw: Draw) -> list[bytes] | None:
        """Those of the open record's dealers, in its order; None while one is missing."""
        secrets = [dealt.secret for _, dealt in await self._opened(draw)]
        known = [secret for secret in secrets if secret]
        return known if len(known) == len(secrets) else None

    async def _opened(self, draw: Draw) -> Sequence[tuple[Dealer, DealerCommitment]]:
        rows = await self._session.execute(
            select(Dealer, DealerCommitment)
            .join(DealerCommitment, DealerCommitment.dealer_id == Dealer.id)
            .where(Dealer.lottery_id == draw.lottery_id, DealerCommitment.number == draw.number)
            .where(DealerCommitment.place.is_not(None))
            .order_by(DealerCommitment.place)
            .execution_options(populate_existing=True)
        )
        return [(dealer, dealt) for dealer, dealt in rows]


def view_of(dealer: Dealer, dealt: DealerCommitment | None) -> DealingView:
    return DealingView(
        dealer=dealer.name,
        state="awaited" if dealt is None else "revealed" if dealt.secret else "committed",
        commitment=dealt.commitment.hex() if dealt else None,
        committed_at=dealt.committed_at if dealt else None,
        revealed_at=dealt.revealed_at if dealt else None,
    )
