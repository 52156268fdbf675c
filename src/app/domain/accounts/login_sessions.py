"""Logins on devices: opened, renewed by one-use refresh tokens, ended. Opaque tokens; only their SHA-256 is kept."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, Row, ScalarSelect, TextClause, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import LoginSession, RefreshToken, User, in_good_standing
from app.domain.accounts.rules import WrongCredentials, may_answer_again, suspended
from app.settings import Settings

TOKEN_BYTES = 32
USER_AGENT_MAX_LENGTH = 300

OPEN = text(f"""
    INSERT INTO login_sessions (user_id, expires_at, user_agent, address)
    SELECT id, now() + make_interval(secs => :seconds), :user_agent, :address FROM users
    WHERE id = :user_id AND password_hash = :password_hash AND {in_good_standing("users")}
    FOR SHARE
    RETURNING id
""")
"""The password is compared once more, under a lock: a login that checked the old one must not outlive its change.

A suspension waits for that lock as well, and then ends what was opened here.
"""

LOCK = text("""
    SELECT t.session_id, s.user_id, s.user_agent, t.used_at IS NOT NULL AS used,
           coalesce(extract(epoch FROM now() - t.used_at), 0)::float AS seconds_since_use
    FROM refresh_tokens t JOIN login_sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
    WHERE t.digest = :digest AND s.ended_at IS NULL AND s.expires_at > now() AND u.deactivated_at IS NULL
    FOR UPDATE OF t, s
""")

ROTATE = text("""
    WITH spent AS (UPDATE refresh_tokens SET used_at = now() WHERE digest = :digest),
         forgotten AS (
             DELETE FROM refresh_tokens
             WHERE session_id = :session_id AND used_at < now() - make_interval(secs => :seconds)
         ),
         used AS (
             UPDATE login_sessions
             SET last_used_at = now(), expires_at = now() + make_interval(secs => :seconds),
                 user_agent = :user_agent, address = :address
             WHERE id = :session_id
         )
    INSERT INTO refresh_tokens (digest, session_id) VALUES (:successor, :session_id)
""")
"""Used tokens are remembered, to know a thief by, for as long as they could have lived; so is who came last."""


@dataclass(frozen=True)
class Device:
    """What a session's owner sees in the list; its user agent tells a lost answer's repetition from a thief's."""

    user_agent: str
    address: str

    @classmethod
    def named(cls, user_agent: str, address: str) -> "Device":
        return cls(user_agent[:USER_AGENT_MAX_LENGTH], address)


@dataclass(frozen=True)
class Opened:
    session_id: UUID
    refresh: str


@dataclass(frozen=True)
class Continued:
    session_id: UUID
    user: User
    refresh: str


@dataclass(frozen=True)
class Stolen:
    """A used token came again, so its session has been ended. An outcome and no error: it must be committed."""

    session_id: UUID


class LoginSessions(SQLAlchemyAsyncRepositoryService[LoginSession]):
    class Repo(SQLAlchemyAsyncRepository[LoginSession]):
        model_type = LoginSession

    repository_type = Repo

    def __init__(self, session: AsyncSession, settings: Settings) -> None:
        super().__init__(session=session)
        self._session = session
        self._seconds = settings.refresh_token_seconds
        self._secret = settings.secret_key.get_secret_value().encode()

    async def open(self, user: User, device: Device) -> Opened:
        """Raises AccountSuspended.

        Raises WrongCredentials if the password changed, or the account was deactivated, since `user` was read.
        """
        session_id = await self._session.scalar(
            OPEN,
            {
                "user_id": user.id,
                "password_hash": user.password_hash,
                "seconds": self._seconds,
                **asdict(device),
            },
        )
        if session_id is None:
            await self._check_suspension(User.id == user.id, User.password_hash == user.password_hash)
            raise WrongCredentials
        refresh = token_urlsafe(TOKEN_BYTES)
        self._session.add(RefreshToken(digest=_digest(refresh), session_id=session_id))
        await self._session.flush()
        return Opened(session_id, refresh)

    async def renew(self, refresh: str, device: Device) -> Continued | Stolen | None:
        """Exchange a refresh token for its one successor; None when it is worth nothing (any more).

        Of two at once, the row lock lets one rotate; `may_answer_again` says what the other gets. Raises
        AccountSuspended for a token that would be good otherwise.
        """
        found = await self._row(LOCK, digest=_digest(refresh))
        if found is None:
            await self._check_suspension(User.id == _owner_of(refresh))
            return None
        successor = self._successor_of(refresh)
        if found.used:
            if not await self._may_answer_again(found, successor, device):
                await self.end(LoginSession.id == found.session_id)
                return Stolen(found.session_id)
        else:
            await self._session.execute(
                ROTATE,
                {
                    "digest": _digest(refresh),
                    "successor": _digest(successor),
                    "session_id": found.session_id,
                    "seconds": self._seconds,
                    **asdict(device),
                },
            )
        user = await self._session.get_one(User, found.user_id)
        return Continued(found.session_id, user, successor)

    async def is_good(self, refresh: str) -> bool:
        """Would it be renewed now?"""
        found = await self._row(LOCK, digest=_digest(refresh))
        return found is not None and not found.used

    async def end(self, *which: ColumnElement[bool]) -> Sequence[UUID]:
        """End the sessions that match and are not ended yet. Tell EndedSessions after the commit."""
        ended = await self._session.scalars(
            update(LoginSession)
            .where(*which, LoginSession.ended_at.is_(None))
            .values(ended_at=func.now())
            .returning(LoginSession.id)
            .execution_options(synchronize_session=False)
        )
        return ended.all()

    async def end_one(self, user_id: int, session_id: UUID) -> Sequence[UUID]:
        """Nothing is ended when it is somebody else's."""
        return await self.end(LoginSession.user_id == user_id, LoginSession.id == session_id)

    async def end_by_refresh(self, refresh: str) -> Sequence[UUID]:
        of_token = select(RefreshToken.session_id).where(RefreshToken.digest == _digest(refresh))
        return await self.end(LoginSession.id == of_token.scalar_subquery())

    async def end_all(self, user_id: int, *, except_for: UUID | None = None) -> Sequence[UUID]:
        return await self.end(LoginSession.user_id == user_id, LoginSession.id.is_distinct_from(except_for))

    async def open_ones(self, user_id: int) -> Sequence[LoginSession]:
        """The latest used first."""
        found = await self._session.scalars(
            select(LoginSession)
            .where(
                LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > func.now()
            )
            .order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())
        )
        return found.all()

    async def _check_suspension(self, *which: ColumnElement[bool]) -> None:
        """Raises AccountSuspended if such an account is there, and is suspended."""
        those = (*which, User.deactivated_at.is_(None), User.suspended_until > func.now())
        row = (await self._session.execute(select(User.suspended_until, User.suspension_reason).where(*those))).first()
        if row and row.suspended_until:
            raise suspended(row.suspended_until, row.suspension_reason or "")

    async def _may_answer_again(self, found: Row[Any], successor: str, device: Device) -> bool:
        unused = await self._session.scalar(
            select(RefreshToken.digest).where(RefreshToken.digest == _digest(successor), RefreshToken.used_at.is_(None))
        )
        return may_answer_again(
            seconds_since_use=found.seconds_since_use,
            same_device=found.user_agent == device.user_agent,
            successor_used=unused is None,
        )

    def _successor_of(self, refresh: str) -> str:
        """Always the same, so that it can be answered again without being kept; not to be guessed without our key."""
        return urlsafe_b64encode(hmac.digest(self._secret, b"refresh:" + refresh.encode(), sha256)).decode().rstrip("=")

    async def _row(self, statement: TextClause, **values: object) -> Row[Any] | None:
        return (await self._session.execute(statement, values)).one_or_none()


def _owner_of(refresh: str) -> ScalarSelect[int]:
    """Whose unused token it is, also after its session was ended."""
    return (
        select(LoginSession.user_id)
        .join(RefreshToken, RefreshToken.session_id == LoginSession.id)
        .where(RefreshToken.digest == _digest(refresh), RefreshToken.used_at.is_(None))
        .where(LoginSession.expires_at > func.now())
        .scalar_subquery()
    )


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
