"""Who hears of a decision: the one place for it. Written in the decision's transaction; ring the postman after."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import User
from app.domain.moderation.rules import Action
from app.domain.notices.services.mail import OutgoingMails


class Telling:
    """By mail, which reaches the suspended too. Nothing is written to those without an address."""

    def __init__(self, session: AsyncSession) -> None:
        self._outbox = OutgoingMails(session=session)

    async def reporter(self, reporter: User, *, acted: bool) -> None:
        """Whether something was done, but not what: that is between the moderators and the person concerned.

        Nor about whom: a block may keep the author of a message from its reporter.
        """
        outcome = "We have acted on it." if acted else "We found nothing that we should act on."
        await self._write(
            reporter, "Your report", f"Thank you for your report. A moderator has looked into it. {outcome}"
        )

    async def reported(self, user: User, action: Action, note: str, until: datetime | None) -> None:
        subject, what = {
            Action.REMOVE_MESSAGE: ("A message of yours was removed", "A moderator has removed a message of yours."),
            Action.WARN: ("A warning", "A moderator warns you."),
            Action.SUSPEND: ("Your account is suspended", f"Your account is suspended {ending(until)}."),
        }[action]
        await self._write(user, subject, f"{what} The reason given:\n\n{note}")

    async def _write(self, user: User, subject: str, body: str) -> None:
        if user.email:
            await self._outbox.write(
                recipient=user.email, subject=subject, body=f"Hello {user.username},\n\n{body}\n\nParlour\n"
            )


def ending(until: datetime | None) -> str:
    return f"until {until:%d %B %Y, %H:%M} UTC" if until else "for good"
