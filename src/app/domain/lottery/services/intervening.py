"""What an operator may do about draws. Nobody can do it silently: it stands in the log, and in the audit log."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.audit.services import Audit, By, Subject
from app.domain.lottery.models import Lottery
from app.domain.lottery.schemas import DrawView
from app.domain.lottery.services.holding import Holding
from app.domain.lottery.services.results import Results
from app.errors import NotFound
from app.settings import Settings


class Intervention:
    def __init__(self, session: AsyncSession, settings: Settings, by: By) -> None:
        self._session = session
        self._by = by
        self._audit = Audit(session=session)
        self._holding = Holding(session, settings)

    async def void(self, lottery: str, number_or_period: str, reason: str, now: datetime) -> DrawView:
        """A draw without a result, for ever: a second time changes nothing. Raises NotFound, DrawHeld."""
        results = Results(session=self._session)
        draw = await results.draw(lottery, number_or_period)
        if await self._holding.void(draw.id, reason, now):
            await self._audit.record(self._by, "void_draw", Subject("draw", draw.id), reason=reason)
        return await results.of_draw(draw.id, now)

    async def rekey(self, lottery: str, reason: str, now: datetime) -> int:
        """A new seed chain, from today's draw secret. Answers the first draw that is held under it. Raises NotFound.

        Every draw that was opened and not held is void with it, for its seed can no longer be shown.
        """
        found = await self._session.scalar(select(Lottery).where(Lottery.name == lottery))
        if found is None:
            raise NotFound
        first = await self._holding.rekey(found.id, reason, now)
        await self._audit.record(self._by, "rekey_lottery", Subject("lottery", found.id), reason=reason, first=first)
        return first
