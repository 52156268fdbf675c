"""Oneself: name, email, password, where one is logged in, and tickets for opening sockets."""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from msgspec import UNSET

from app.domain.accounts import schemas
from app.domain.accounts.guards import ActorRequest, Doorkeeper, check_own_password
from app.domain.accounts.hashing import Passwords, TooManyLogins
from app.domain.accounts.letters import Letters
from app.domain.accounts.login_sessions import LoginSessions
from app.domain.accounts.models import User
from app.domain.accounts.rules import EmailRefused, EmailTaken, PasswordRefused, WrongCredentials, WrongPassword
from app.domain.accounts.services import Accounts
from app.domain.accounts.tickets import TICKET_SECONDS
from app.domain.notices.tasks.mail import ring_postman
from app.errors import NotFound
from app.problems import refuses
from app.ratelimits import RateLimits
from app.resources import Sessions
from app.settings import Settings


class OwnProfile(Controller):
    path = "/api/users"
    tags = ("Accounts",)

    @get("/profile")
    async def read_profile(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> schemas.Profile:
        """The account that is logged in."""
        async with sessions() as session:
            return _profile(await Accounts(session=session).of_actor(request.user.id))

    @patch(
        "/profile",
        opt=refuses(WrongPassword, EmailRefused, EmailTaken, TooManyLogins),
    )
    async def change_profile(
        self,
        request: ActorRequest,
        data: JSONBody[schemas.ProfileChange],
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        passwords: NamedDependency[Passwords],
        limits: NamedDependency[RateLimits],
    ) -> Response[schemas.Profile]:
        """Change one's names or email; what is left out stays.

        A new email needs `current_password`, and is sent a link that verifies it; the old one is told. An empty email
        removes it.
        """
        new_email = data.email
        after = None
        if new_email is not UNSET:
            await check_own_password(request, data.current_password or "", sessions, passwords, limits)
        async with sessions.begin() as session:
            accounts = Accounts(session=session)
            user = await accounts.of_actor(request.user.id)
            await accounts.rename(
                user,
                first_name=user.first_name if data.first_name is UNSET else data.first_name,
                last_name=user.last_name if data.last_name is UNSET else data.last_name,
            )
            if new_email is not UNSET and new_email != (user.email or ""):
                letters, old_email = Letters(session, settings.public_url), user.email
                await accounts.change_email(user, new_email)
                await letters.confirm_address(user)
                if old_email:
                    await letters.address_changed(user, old_email)
                after = BackgroundTask(ring_postman)
        return Response(_profile(user), background=after)

    @post(
        "/password",
        status_code=HTTP_204_NO_CONTENT,
        opt=refuses(WrongPassword, WrongCredentials, PasswordRefused, TooManyLogins),
    )
    async def change_password(
        self,
        request: ActorRequest,
        data: JSONBody[schemas.PasswordChange],
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        passwords: NamedDependency[Passwords],
        doorkeeper: NamedDependency[Doorkeeper],
        limits: NamedDependency[RateLimits],
    ) -> Response[None]:
        """Change one's password. All other sessions end."""
        user = await check_own_password(request, data.current_password, sessions, passwords, limits)
        password_hash = await passwords.choose(data.new_password, username=user.username, email=user.email)
        async with sessions.begin() as session:
            await Accounts(session=session).change_password(user, password_hash)
            ended = await LoginSessions(session, settings).end_all(user.id, except_for=request.user.session_id)
            await Letters(session, settings.public_url).password_changed(user)
        doorkeeper.ended.note(ended)
        return Response(None, background=BackgroundTask(ring_postman))

    @post("/socket-ticket", status_code=HTTP_200_OK)
    async def issue_socket_ticket(
        self, request: ActorRequest, doorkeeper: NamedDependency[Doorkeeper]
    ) -> schemas.Ticket:
        """A ticket for opening one socket with `?ticket=`, within 30 seconds and once."""
        ticket = await doorkeeper.tickets.issue(request.user)
        return schemas.Ticket(ticket=ticket, expires_in=TICKET_SECONDS)


class OwnSessions(Controller):
    path = "/api/users/sessions"
    tags = ("Accounts",)

    @get()
    async def list_sessions(
        self, request: ActorRequest, sessions: NamedDependency[Sessions], settings: NamedDependency[Settings]
    ) -> list[schemas.OpenSession]:
        """Where one is logged in, the latest used first."""
        async with sessions() as session:
            found = await LoginSessions(session, settings).open_ones(request.user.id)
        return [
            schemas.OpenSession(
                id=login.id,
                created_at=login.created_at,
                last_used_at=login.last_used_at,
                expires_at=login.expires_at,
                user_agent=login.user_agent,
                address=login.address,
                current=login.id == request.user.session_id,
            )
            for login in found
        ]

    @delete("/{session_id:uuid}")
    async def end_session(
        self,
        request: ActorRequest,
        session_id: FromPath[UUID],
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
    ) -> None:
        """Log out somewhere else: its tokens are refused and its sockets closed within five seconds."""
        async with sessions.begin() as session:
            ended = await LoginSessions(session, settings).end_one(request.user.id, session_id)
        if not ended:
            raise NotFound
        doorkeeper.ended.note(ended)

    @delete()
    async def end_sessions(
        self,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
    ) -> None:
        """Log out everywhere, here too: all tokens are refused and all sockets closed within five seconds."""
        async with sessions.begin() as session:
            ended = await LoginSessions(session, settings).end_all(request.user.id)
        doorkeeper.ended.note(ended)


def _profile(user: User) -> schemas.Profile:
    return schemas.Profile(
        id=user.id,
        username=user.username,
        email=user.email or "",
        email_verified=user.email_verified_at is not None,
        first_name=user.first_name,
        last_name=user.last_name,
        is_staff=user.is_staff,
        is_moderator=user.is_moderator,
        created_at=user.created_at,
        avatar_id=user.avatar_id,
    )
