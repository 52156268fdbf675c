"""Accounts: register, find, change. Passwords arrive hashed, because hashing waits and a transaction must not."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, ScalarResult, Uuid, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.domain.accounts.models import LoginSession, MailedProof, RefreshToken, User, in_good_standing
from app.domain.accounts.rules import (
    NO_PASSWORD,
    EmailTaken,
    UsernameTaken,
    WrongCredentials,
    check_email,
    check_username,
    name_of_deleted,
)
from app.errors import NotLoggedIn

avatar_change = (
    text("UPDATE users SET avatar_id = :file_id WHERE id = :user_id RETURNING old.avatar_id")
    .bindparams(bindparam("file_id", type_=Uuid()))
    .columns(avatar_id=Uuid())
)


class Accounts(SQLAlchemyAsyncRepositoryService[User]):
    class Repo(SQLAlchemyAsyncRepository[User]):
        model_type = User

    repository_type = Repo

    async def register(
        self,
        *,
        username: str,
        email: str | None,
        password_hash: str,
        first_name: str = "",
        last_name: str = "",
        is_superuser: bool = False,
    ) -> User:
        """Raises UsernameRefused, EmailRefused, UsernameTaken or EmailTaken. A superuser is staff as well."""
        username = check_username(username)
        email = check_email(email) if email else None
        newcomer = (
            insert(User)
            .values(
                username=username,
                email=email,
                password_hash=password_hash,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                is_staff=is_superuser,
                is_superuser=is_superuser,
            )
            .on_conflict_do_nothing()
            .returning(User)
        )
        user: User | None = (await self.repository.session.scalars(newcomer)).one_or_none()
        if user is None:
            raise UsernameTaken if await self._exists(_is_named(username)) else EmailTaken
        return user

    async def find_by_login(self, name: str) -> User | None:
        """By email if the name has an @, which no username has. Deactivated accounts too: refusing takes as long.

        Never a bot, which has no password.
        """
        return await self._find(_has_email(name) if "@" in name else _is_named(name), User.bot_owner_id.is_(None))

    async def find_by_username(self, username: str) -> User | None:
        """Without regard to case; nobody for a deactivated account."""
        return await self._find(_is_named(username), User.deactivated_at.is_(None))

    async def find_by_email(self, email: str) -> User | None:
        """Without regard to case; nobody for a deactivated account."""
        return await self._find(_has_email(email), User.deactivated_at.is_(None))

    async def of_actor(self, user_id: int) -> User:
        """The account behind a token. Raises NotLoggedIn when it was deactivated or deleted since."""
        user = await self._find(User.id == user_id, User.deactivated_at.is_(None))
        if user is None:
            raise NotLoggedIn
        return user

    async def people(self, ids: Iterable[int]) -> dict[int, User]:
        """By id, in one query; unknown ids are left out. The deactivated are in: what they wrote keeps its author."""
        found = await self.repository.session.scalars(select(User).where(User.id.in_(set(ids))))
        return {user.id: user for user in found}

    async def staff(self) -> Sequence[User]:
        """Staff and superusers, but for those who are suspended."""
        found: ScalarResult[User] = await self.repository.session.scalars(
            select(User).where(User.is_staff, text(in_good_standing("users"))).order_by(User.id)
        )
        return found.all()

    async def search(self, *, q: str, suspended: bool, before: int | None, limit: int) -> Sequence[User]:
        """Whose username contains `q`, without regard to case; the newest account first. `suspended`: only those."""
        found = select(User).where(func.lower(User.username).contains(q.lower(), autoescape=True))
        if suspended:
            found = found.where(User.suspended_until > func.now())
        if before is not None:
            found = found.where(User.id < before)
        users: Sequence[User] = (
            await self.repository.session.scalars(found.order_by(User.id.desc()).limit(limit))
        ).all()
        return users

    async def rename(self, user: User, *, first_name: str, last_name: str) -> None:
        user.first_name, user.last_name = first_name.strip(), last_name.strip()
        await self.repository.session.flush()

    async def change_avatar(self, user_id: int, file_id: UUID | None) -> UUID | None:
        """What there was before, also for the second of two who choose at once. The file itself is the caller's."""
        changed = await self.repository.session.execute(avatar_change, {"user_id": user_id, "file_id": file_id})
        before: UUID | None = changed.scalar_one()
        return before

    async def change_email(self, user: User, email: str | None) -> None:
        """The new address counts as unverified. Raises EmailRefused or EmailTaken."""
        email = check_email(email) if email else None
        try:
            async with self.repository.session.begin_nested():
                user.email, user.email_verified_at = email, None
        except IntegrityError as error:
            raise EmailTaken from error

    async def mark_email_verified(self, user: User) -> None:
        user.email_verified_at = user.email_verified_at or datetime.now(UTC)
        await self.repository.session.flush()

    async def change_password(self, user: User, password_hash: str) -> None:
        """Only from the password that `user` was read with. Raises WrongCredentials if it was changed meanwhile.

        Sessions are not ended here: see LoginSessions.
        """
        changed = await self.repository.session.scalars(
            update(User)
            .where(User.id == user.id, User.password_hash == user.password_hash, User.deactivated_at.is_(None))
            .values(password_hash=password_hash)
            .returning(User.id)
            .execution_options(synchronize_session=False)
        )
        if changed.one_or_none() is None:
            raise WrongCredentials
        user.password_hash = password_hash

    async def close(self, user: User) -> Sequence[UUID]:
        """Close an account for good, and answer the sessions that end with it: tell EndedSessions after the commit.

        The row stays, for what hangs on its number, under a name that nobody can register. Its own name and address are
        free again. Nothing of where it was logged in is kept. Raises WrongCredentials if the password was changed since
        `user` was read, or the account is closed already.
        """
        session = self.repository.session
        closed = await session.scalars(
            update(User)
            .where(User.id == user.id, User.password_hash == user.password_hash, User.deactivated_at.is_(None))
            .values(
                username=name_of_deleted(user.id),
                email=None,
                email_verified_at=None,
                password_hash=NO_PASSWORD,
                first_name="",
                last_name="",
                is_moderator=False,
                is_staff=False,
                is_superuser=False,
                suspension_reason=None,
                deactivated_at=func.now(),
            )
            .returning(User.id)
            .execution_options(synchronize_session=False)
        )
        if closed.one_or_none() is None:
            raise WrongCredentials
        # A login at the same moment has the row shared until its commit, so its session is among these.
        logins = select(LoginSession.id).where(LoginSession.user_id == user.id)
        await session.execute(delete(RefreshToken).where(RefreshToken.session_id.in_(logins)))
        await session.execute(delete(MailedProof).where(MailedProof.user_id == user.id))
        ended: ScalarResult[UUID] = await session.scalars(
            update(LoginSession)
            .where(LoginSession.user_id == user.id)
            .values(ended_at=func.coalesce(LoginSession.ended_at, func.now()), user_agent="", address="")
            .returning(LoginSession.id)
            .execution_options(synchronize_session=False)
        )
        return ended.all()

    async def logins_of(self, user_id: int, after: UUID | None, limit: int) -> Sequence[LoginSession]:
        """All that are remembered, the first one first, from after a login's id on."""
        found = select(LoginSession).where(LoginSession.user_id == user_id).order_by(LoginSession.id).limit(limit)
        if after:
            found = found.where(LoginSession.id > after)
        logins: ScalarResult[LoginSession] = await self.repository.session.scalars(found)
        return logins.all()

    async def _find(self, *conditions: ColumnElement[bool]) -> User | None:
        found: User | None = await self.repository.session.scalar(select(User).where(*conditions))
        return found

    async def _exists(self, condition: ColumnElement[bool]) -> bool:
        return bool(await self.repository.session.scalar(select(select(User.id).where(condition).exists())))


def _is_named(username: str) -> ColumnElement[bool]:
    return func.lower(User.username) == func.lower(username)


def _has_email(email: str) -> ColumnElement[bool]:
    return func.lower(User.email) == func.lower(email)
