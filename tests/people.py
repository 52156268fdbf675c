"""Accounts made beside the server, with one password that is hashed once, for hashing is slow by design."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from app.domain.accounts.hashing import Passwords
from app.domain.accounts.login_sessions import Device, LoginSessions
from app.domain.accounts.models import User
from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import StaffRole, Standing
from app.domain.accounts.tokens import AccessTokens
from app.domain.audit.services import OPERATOR
from app.resources import Resources

PASSWORD = "correct horse battery"
DEVICE = Device("tests", "127.0.0.1")


@dataclass(frozen=True)
class Person:
    id: int
    username: str
    session_id: UUID
    access: str
    refresh: str


class Registry:
    def __init__(self, resources: Resources, password_hash: str) -> None:
        self._resources = resources
        self._password_hash = password_hash

    @classmethod
    async def open(cls, resources: Resources) -> "Registry":
        passwords = Passwords(resources.settings)
        try:
            return cls(resources, await passwords.hash(PASSWORD))
        finally:
            passwords.close()

    async def enter(self, name: str, role: StaffRole = StaffRole.NONE, *, first_name: str = "") -> Person:
        """Somebody new, logged in."""
        username, settings = f"{name.replace('_', '-')}-{uuid4().hex[:10]}", self._resources.settings
        async with self._resources.sessions.begin() as session:
            user = await Accounts(session=session).register(
                username=username,
                email=f"{username}@example.com",
                password_hash=self._password_hash,
                first_name=first_name,
            )
            if role is not StaffRole.NONE:
                user = (await Standing(session, settings).appoint(OPERATOR, user.id, role)).user
            return await self._log_in(user, LoginSessions(session, settings))

    async def log_in_again(self, person: Person) -> Person:
        """The same account with another session."""
        async with self._resources.sessions.begin() as session:
            user = await session.get_one(User, person.id)
            return await self._log_in(user, LoginSessions(session, self._resources.settings))

    async def _log_in(self, user: User, logins: LoginSessions) -> Person:
        opened = await logins.open(user, DEVICE)
        access = AccessTokens(self._resources.settings).issue(user, opened.session_id)
        return Person(user.id, user.username, opened.session_id, access, opened.refresh)
