"""What goes over the wire under /api/users, and Actor: who a request or a socket acts for."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from app.domain.accounts.scopes import Held

ONE_LINE = r"^[^\x00-\x1f\x7f]*\Z"
"""No control characters: they forge log lines and mail headers, and PostgreSQL cannot store NUL."""

Username = Annotated[
    str,
    Meta(max_length=30, pattern=ONE_LINE, description="3 to 30 letters, digits, `.`, `-`, `_`.", examples=["alice"]),
]
Email = Annotated[str, Meta(max_length=254, pattern=ONE_LINE, examples=["alice@example.com"])]
PersonName = Annotated[str, Meta(max_length=150, pattern=ONE_LINE, examples=["Alice"])]
LoginName = Annotated[
    str, Meta(max_length=254, pattern=ONE_LINE, description="A username or an email address.", examples=["alice"])
]
Password = Annotated[str, Meta(min_length=1, max_length=1024, examples=["trombone-otter-41"])]
"""Roomier than the rule, which counts the composed characters."""
OpaqueToken = Annotated[str, Meta(min_length=1, max_length=200, pattern=ONE_LINE)]
AnyToken = Annotated[str, Meta(min_length=1, max_length=4096, pattern=ONE_LINE)]


class Actor(msgspec.Struct, frozen=True):
    """Who a request or a socket acts for: a person by their access token, or a bot by its API key."""

    id: int
    username: str
    session_id: UUID
    """The login session, or the API key: what ends it ends the requests and sockets in its name."""
    is_staff: bool
    expires_at: datetime | None
    """When the credential ends, in UTC. A socket that lives longer asks for a new one by then. None for never."""
    scopes: Held = None
    is_moderator: bool = False
    """Staff may do what moderators may without it."""

    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


class Registration(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    username: Username
    password: Password
    email: Email | None = None
    first_name: PersonName = ""
    last_name: PersonName = ""


class Person(msgspec.Struct, kw_only=True):
    id: int
    username: str
    email: str
    """Empty for an account without one."""
    first_name: str
    last_name: str


class Login(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Either field may hold either kind of name."""

    password: Password
    username: LoginName | None = None
    email: LoginName | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("Give a username or an email")

    @property
    def name(self) -> str:
        return self.username or self.email or ""


class LoggedIn(msgspec.Struct, kw_only=True):
    refresh: str
    access: str
    user: Person


class Renewal(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    refresh: OpaqueToken | None = None
    """Left out, the `refresh` cookie counts."""


class Renewed(msgspec.Struct, kw_only=True):
    access: str
    refresh: str


class TokenToVerify(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    token: AnyToken


class Nothing(msgspec.Struct):
    """`{}`"""


class Profile(msgspec.Struct, kw_only=True):
    id: int
    username: str
    email: str
    email_verified: bool
    first_name: str
    last_name: str
    is_staff: bool
    is_moderator: bool
    created_at: datetime
    avatar_id: UUID | None
    """Of the picture, if there is one. Another one has another id."""


class ProfileChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    first_name: PersonName | UnsetType = UNSET
    last_name: PersonName | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    current_password: Password | UnsetType = UNSET
    """Needed to change the email, because whoever holds the mailbox can reset the password."""


class PasswordChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    current_password: Password
    new_password: Password


class OpenSession(msgspec.Struct, kw_only=True):
    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    current: bool


class Ticket(msgspec.Struct, kw_only=True):
    ticket: str
    expires_in: int
    """Seconds."""


class EmailProof(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    token: OpaqueToken


class ForgottenPassword(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    email: Email


class PasswordReset(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    token: OpaqueToken
    new_password: Password
