"""The outbox: whoever causes a mail writes it in the same transaction, so that neither happens without the other."""

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import delete, func, select

from app.domain.notices.models import OutgoingMail
from app.domain.notices.rules.mail import MOST_ATTEMPTS, pause_after


class OutgoingMails(SQLAlchemyAsyncRepositoryService[OutgoingMail]):
    class Repo(SQLAlchemyAsyncRepository[OutgoingMail]):
        model_type = OutgoingMail

    repository_type = Repo

    async def write(self, *, recipient: str, subject: str, body: str, unsubscribe_url: str | None = None) -> None:
        """Leaves after the commit: ring `notices.tasks.mail.ring_postman` then."""
        self.repository.session.add(
            OutgoingMail(recipient=recipient, subject=subject, body=body, unsubscribe_url=unsubscribe_url)
        )
        await self.repository.session.flush()

    async def forget(self, recipient: str) -> None:
        """Whatever was written to an address, sent or not."""
        theirs = func.lower(OutgoingMail.recipient) == recipient.lower()
        await self.repository.session.execute(delete(OutgoingMail).where(theirs))

    async def take(self) -> OutgoingMail | None:
        """The mail that has waited longest, counted as tried and put off, as if this attempt failed.

        Commit before sending it: nobody holds a transaction open towards a mail server, and nobody else takes it
        meanwhile. A worker that dies in between leaves it to the next attempt, so a mail may come twice, and never not.
        """
        mail: OutgoingMail | None = await self.repository.session.scalar(
            select(OutgoingMail)
            .where(
                OutgoingMail.sent_at.is_(None),
                OutgoingMail.failed_at.is_(None),
                OutgoingMail.next_attempt_at <= func.now(),
            )
            .order_by(OutgoingMail.next_attempt_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail:
            mail.attempts += 1
            mail.next_attempt_at = func.now() + pause_after(mail.attempts)
            await self.repository.session.flush()
            await self.repository.session.refresh(mail)
        return mail

    async def settle(self, mail: OutgoingMail, *, sent: bool, hopeless: bool = False) -> bool:
        """Whether it was given up now: `hopeless`, or tried often enough. Otherwise it stays for its next attempt."""
        row = await self.repository.session.get_one(OutgoingMail, mail.id, with_for_update=True)
        given_up = not sent and (hopeless or row.attempts >= MOST_ATTEMPTS)
        if sent:
            row.sent_at = func.now()
        elif given_up:
            row.failed_at = func.now()
        if sent or given_up:
            row.body, row.unsubscribe_url = "", None
        await self.repository.session.flush()
        return given_up
