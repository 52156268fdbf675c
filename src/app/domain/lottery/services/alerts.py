"""Draws that need an operator: told to staff once for each reason, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.services import Accounts
from app.domain.lottery.models import Draw, DrawAlert, Lottery
from app.domain.lottery.rules.alerts import ADVICE, OVERDUE, Reason
from app.domain.notices.services.mail import OutgoingMails
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications, Notified
from app.settings import Settings


@dataclass(frozen=True)
class Alarm:
    """An alert that is new. After the commit: log it, tell who was notified, and ring the postman."""

    lottery: str
    number: int
    period: str
    reason: Reason
    notified: Sequence[Notified]
    mailed: bool


class Alerts:
    def __init__(self, session: AsyncSession, settings: Settings) -> None:
        self._session = session
        self._settings = settings

    async def raise_once(self, draw_id: int, reason: Reason, now: datetime) -> Alarm | None:
        """Mark the alert, notify all staff, and write to them if there is a mail server; None if it was raised before.

        Of several who do it at once, one does, and the others wait for it. None too for a draw that was held or
        declared void meanwhile.
        """
        marked = insert(DrawAlert).values(draw_id=draw_id, reason=reason.value, alerted_at=now)
        if await self._session.scalar(marked.on_conflict_do_nothing().returning(DrawAlert.draw_id)) is None:
            return None
        about = select(Lottery.name, Draw.number, Draw.period).join(Lottery, Lottery.id == Draw.lottery_id)
        found = await self._session.execute(about.where(Draw.id == draw_id, *_unfinished))
        draw = found.one_or_none()
        if draw is None:
            return None
        body = NoticeBody(lottery=draw.name, number=draw.number, period=draw.period, reason=reason.value)
        staff = await Accounts(session=self._session).staff()
        key = f"draw_alert:{draw_id}:{reason.value}"
        notices = [Notice(user_id=one.id, key=key, kind=Kind.DRAW_ALERT, body=body) for one in staff]
        notified = await Notifications(session=self._session).notify(notices)
        addressed = [one for one in staff if one.email and self._settings.smtp_url]
        for one in addressed:
            await self._write(str(one.email), one.username, body, reason)
        return Alarm(draw.name, draw.number, draw.period, reason, notified, mailed=bool(addressed))

    async def _write(self, recipient: str, username: str, body: NoticeBody, reason: Reason) -> None:
        draw = f"The {body.lottery} draw of {body.period}"
        await OutgoingMails(session=self._session).write(
            recipient=recipient,
            subject=f"{draw} needs an operator",
            body=f"""Hello {username},

{draw} (number {body.number}) at {self._settings.public_url} was not held. {ADVICE[reason]}

You get this once, because you are on the staff.
""",
        )


async def count_overdue(session: AsyncSession, now: datetime) -> int:
    """How many draws should have been held by now. Looks at the unfinished ones alone, which have an index."""
    late = select(func.count()).select_from(Draw).where(*_unfinished, Draw.closes_at <= now - OVERDUE)
    return int(await session.scalar(late) or 0)


_unfinished = (Draw.drawn_at.is_(None), Draw.voided_at.is_(None))
