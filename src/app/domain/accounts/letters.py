"""Letters to account holders, each written with its proof in the transaction of its cause. Ring the postman after."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts import mails
from app.domain.accounts.mails import Mail
from app.domain.accounts.models import User
from app.domain.accounts.proofs import MailedProofs, Purpose
from app.domain.notices.services.mail import OutgoingMails


class Letters:
    """Nothing is written to those without an address."""

    def __init__(self, session: AsyncSession, public_url: str) -> None:
        self._proofs = MailedProofs(session=session)
        self._outbox = OutgoingMails(session=session)
        self._url = public_url.rstrip("/")

    async def welcome(self, user: User) -> None:
        if user.email and (token := await self._proofs.issue(user, user.email, Purpose.VERIFY_EMAIL)):
            await self._write(user.email, mails.welcome(self._url, user.username, token))

    async def confirm_address(self, user: User) -> None:
        if user.email and (token := await self._proofs.issue(user, user.email, Purpose.VERIFY_EMAIL)):
            await self._write(user.email, mails.confirm_address(self._url, user.username, token))

    async def address_changed(self, user: User, old_email: str) -> None:
        await self._write(old_email, mails.address_changed(self._url, user.username))

    async def password_forgotten(self, user: User) -> None:
        if user.email and (token := await self._proofs.issue(user, user.email, Purpose.RESET_PASSWORD)):
            await self._write(user.email, mails.password_forgotten(self._url, user.username, token))

    async def password_changed(self, user: User) -> None:
        if user.email:
            await self._write(user.email, mails.password_changed(self._url, user.username))

    async def _write(self, recipient: str, mail: Mail) -> None:
        await self._outbox.write(recipient=recipient, subject=mail.subject, body=mail.body)
