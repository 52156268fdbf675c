"""One-use tokens sent by mail: that somebody reads a mailbox, and so may verify it or reset its account's password."""

from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.domain.accounts.models import MailedProof, User
from app.domain.accounts.rules import ProofRefused

TOKEN_BYTES = 32

ISSUE_AGAIN_AFTER = timedelta(minutes=1)
"""One mail a minute and purpose: asking more often neither floods a mailbox nor voids the link that is on its way."""


class Purpose(StrEnum):
    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105  a purpose, no password


LIFETIMES = {Purpose.VERIFY_EMAIL: timedelta(days=3), Purpose.RESET_PASSWORD: timedelta(hours=1)}


class MailedProofs(SQLAlchemyAsyncRepositoryService[MailedProof]):
    class Repo(SQLAlchemyAsyncRepository[MailedProof]):
        model_type = MailedProof

    repository_type = Repo

    async def issue(self, user: User, email: str, purpose: Purpose) -> str | None:
        """A new token in place of the last one; None when that one went to the same address within the minute."""
        token = token_urlsafe(TOKEN_BYTES)
        proof = insert(MailedProof).values(
            user_id=user.id,
            purpose=purpose,
            digest=_digest(token),
            email=email,
            expires_at=func.now() + LIFETIMES[purpose],
        )
        new = proof.excluded
        issued = await self.repository.session.scalar(
            proof.on_conflict_do_update(
                index_elements=[MailedProof.user_id, MailedProof.purpose],
                set_={
                    "digest": new.digest,
                    "email": new.email,
                    "issued_at": func.now(),
                    "expires_at": new.expires_at,
                },
                where=(MailedProof.issued_at < func.now() - ISSUE_AGAIN_AFTER) | (MailedProof.email != new.email),
            ).returning(MailedProof.user_id)
        )
        return token if issued else None

    async def whose(self, token: str, purpose: Purpose) -> User:
        """Without using it up. Raises ProofRefused."""
        user: User | None = await self.repository.session.scalar(
            select(User)
            .join(MailedProof, MailedProof.user_id == User.id)
            .where(
                MailedProof.digest == _digest(token),
                MailedProof.purpose == purpose,
                MailedProof.expires_at > func.now(),
                func.lower(MailedProof.email) == func.lower(User.email),
                User.deactivated_at.is_(None),
            )
        )
        if user is None:
            raise ProofRefused
        return user

    async def redeem(self, token: str, purpose: Purpose) -> User:
        """Use it up. Raises ProofRefused, also to the slower of two at once."""
        user = await self.whose(token, purpose)
        gone = await self.repository.session.scalar(
            delete(MailedProof)
            .where(MailedProof.digest == _digest(token))
            .returning(MailedProof.user_id)
            .execution_options(synchronize_session=False)
        )
        if gone is None:
            raise ProofRefused
        return user


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
