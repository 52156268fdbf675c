"""Accounts, their sessions and refresh tokens, the keys of bots, and proofs sent by mail."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Numbered
from app.domain.accounts.rules import SUSPENSION_REASON_MAX_LENGTH, StaffRole

DIGEST = LargeBinary(32)
"""SHA-256 of a random token. The token itself is kept nowhere."""


def in_good_standing(alias: str) -> str:
    """SQL: the user whose row goes by this alias is neither deactivated nor suspended."""
    return f"({alias}.deactivated_at IS NULL AND ({alias}.suspended_until IS NULL OR {alias}.suspended_until <= now()))"


class User(Numbered):
    __tablename__ = "users"
    __table_args__ = (
        # lower() rather than citext, which is an extension that the embedded PostgreSQL does not bring.
        Index("uq_users_username_lower", func.lower(text("username")), unique=True),
        Index("uq_users_email_lower", func.lower(text("email")), unique=True),
        Index("ix_users_bot_owner_id", "bot_owner_id", postgresql_where=text("bot_owner_id IS NOT NULL")),
        Index("ix_users_deactivated_at", "deactivated_at", postgresql_where=text("deactivated_at IS NOT NULL")),
        Index("ix_users_suspended_at", "suspended_at", postgresql_where=text("suspended_until IS NOT NULL")),
    )

    username: Mapped[str] = mapped_column(String(30, collation="C"))
    """ASCII, and collated so whatever the database's own collation is: people are searched by how their name begins."""
    email: Mapped[str | None] = mapped_column(String(254))
    """Absent for those who registered without one, as document E's clients do."""
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(String(255))
    first_name: Mapped[str] = mapped_column(String(150), server_default="")
    last_name: Mapped[str] = mapped_column(String(150), server_default="")
    is_moderator: Mapped[bool] = mapped_column(server_default=text("false"))
    is_staff: Mapped[bool] = mapped_column(server_default=text("false"))
    is_superuser: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    deactivated_at: Mapped[datetime | None]
    bot_owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who answers for this account, if a program uses it. Such an account has no password and no email."""
    avatar_id: Mapped[UUID | None]
    """The file of their picture. Files know of people, people not of files: there is no foreign key."""
    suspended_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    """Counts while it is to come, so that nobody has to end a suspension; `infinity` for ever (`rules.FOR_EVER`)."""
    suspension_reason: Mapped[str | None] = mapped_column(String(SUSPENSION_REASON_MAX_LENGTH))

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > datetime.now(UTC)

    @property
    def role(self) -> StaffRole:
        if self.is_superuser:
            return StaffRole.SUPERUSER
        if self.is_staff:
            return StaffRole.STAFF
        return StaffRole.MODERATOR if self.is_moderator else StaffRole.NONE

    @role.setter
    def role(self, role: StaffRole) -> None:
        self.is_moderator = role == StaffRole.MODERATOR
        self.is_staff = role in {StaffRole.STAFF, StaffRole.SUPERUSER}
        self.is_superuser = role == StaffRole.SUPERUSER


class LoginSession(Base):
    """One login on one device, through all its refreshes: the family that its refresh tokens belong to."""

    __tablename__ = "login_sessions"
    __table_args__ = (Index("ix_login_sessions_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    """Moves along with every refresh."""
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(64))


class RefreshToken(Base):
    __tablename__ = "refresh_tokens"

    digest: Mapped[bytes] = mapped_column(DIGEST, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("login_sessions.id", ondelete="CASCADE"), index=True)
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]


class ApiKey(Base):
    """By its id it counts as a session: what ends it closes its sockets (EndedSessions)."""

    __tablename__ = "api_keys"
    __table_args__ = (
        Index("uq_api_keys_bot_id_name", "bot_id", "name", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_api_keys_ended_at", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    bot_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    """How the key begins: enough to tell it by, not enough to use it."""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To within ten minutes."""
    ended_at: Mapped[datetime | None]


class MailedProof(Base):
    """A one-use token that was mailed to an address: who brings it back reads that mailbox. A newer one replaces it."""

    __tablename__ = "mailed_proofs"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16), primary_key=True)
    digest: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    email: Mapped[str] = mapped_column(String(254))
    """The address it went to; a proof says nothing about an address that was changed since."""
    issued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
