"""The door: register, log in, renew, verify, log out."""

from typing import Any

from litestar import Controller, Request, Response, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from app.domain.accounts import schemas
from app.domain.accounts.controllers.cookies import clear_cookies, refresh_cookie, token_cookies
from app.domain.accounts.guards import Actor, CrossSite, Doorkeeper
from app.domain.accounts.hashing import Passwords, TooManyLogins
from app.domain.accounts.letters import Letters
from app.domain.accounts.login_sessions import Continued, Device, LoginSessions, Stolen
from app.domain.accounts.models import User
from app.domain.accounts.rules import (
    AccountSuspended,
    EmailRefused,
    EmailTaken,
    PasswordRefused,
    RefreshRefused,
    UsernameRefused,
    UsernameTaken,
    WrongCredentials,
)
from app.domain.accounts.services import Accounts
from app.domain.notices.tasks.mail import ring_postman
from app.errors import NotLoggedIn
from app.problems import refuses
from app.ratelimits import RateLimits, client_address
from app.resources import Sessions
from app.settings import Settings

AnyRequest = Request[Any, Any, Any]


class Entry(Controller):
    path = "/api/users"
    tags = ("Accounts",)
    opt = {"exclude_from_auth": True}  # noqa: RUF012  Litestar reads it from the class

    @post(
        "/register",
        opt=refuses(UsernameRefused, EmailRefused, PasswordRefused, UsernameTaken, EmailTaken, TooManyLogins),
    )
    async def register(
        self,
        data: JSONBody[schemas.Registration],
        request: AnyRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        passwords: NamedDependency[Passwords],
        limits: NamedDependency[RateLimits],
    ) -> Response[schemas.Person]:
        """Make an account. With an email, a welcome with a link that verifies it is sent there."""
        await limits.attempt(request)
        password_hash = await passwords.choose(data.password, username=data.username, email=data.email)
        async with sessions.begin() as session:
            user = await Accounts(session=session).register(
                username=data.username,
                email=data.email,
                password_hash=password_hash,
                first_name=data.first_name,
                last_name=data.last_name,
            )
            await Letters(session, settings.public_url).welcome(user)
        return Response(person(user), status_code=HTTP_201_CREATED, background=BackgroundTask(ring_postman))

    @post("/login", status_code=HTTP_200_OK, opt=refuses(WrongCredentials, AccountSuspended, TooManyLogins))
    async def log_in(
        self,
        data: JSONBody[schemas.Login],
        request: AnyRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        passwords: NamedDependency[Passwords],
        doorkeeper: NamedDependency[Doorkeeper],
        limits: NamedDependency[RateLimits],
    ) -> Response[schemas.LoggedIn]:
        """Log in by username or email, in either field. Also sets the cookies `access` and `refresh` (HttpOnly)."""
        await limits.attempt(request, account=data.name)
        async with sessions() as session:
            found = await Accounts(session=session).find_by_login(data.name)
        user = await passwords.check(found, data.password)
        newer_hash = await passwords.hash(data.password) if passwords.is_outdated(user.password_hash) else None
        async with sessions.begin() as session:
            if newer_hash:
                await Accounts(session=session).change_password(user, newer_hash)
            opened = await LoginSessions(session, settings).open(user, _device(request, settings))
        access = doorkeeper.tokens.issue(user, opened.session_id)
        return Response(
            schemas.LoggedIn(refresh=opened.refresh, access=access, user=person(user)),
            cookies=token_cookies(request, settings, access, opened.refresh),
        )

    @post("/token/refresh", status_code=HTTP_200_OK, opt=refuses(RefreshRefused, AccountSuspended, CrossSite))
    async def refresh_tokens(
        self,
        request: AnyRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
        data: JSONBody[schemas.Renewal | None] = None,
    ) -> Response[schemas.Renewed]:
        """Exchange a refresh token, from the body or the cookie, for new tokens. Each works once.

        A token that comes again ends its session, because one of the two who had it stole it. For ten seconds, the same
        device is given the same successor again instead, in case the answer was lost or two tabs asked at once.
        """
        refresh = (data and data.refresh) or refresh_cookie(request, settings)
        if not refresh:
            raise RefreshRefused
        async with sessions.begin() as session:
            outcome = await LoginSessions(session, settings).renew(refresh, _device(request, settings))
        if isinstance(outcome, Stolen):
            doorkeeper.ended.note([outcome.session_id])
        if not isinstance(outcome, Continued):
            raise RefreshRefused
        access = doorkeeper.tokens.issue(outcome.user, outcome.session_id)
        return Response(
            schemas.Renewed(access=access, refresh=outcome.refresh),
            cookies=token_cookies(request, settings, access, outcome.refresh),
        )

    @post("/token/verify", status_code=HTTP_200_OK, opt=refuses(NotLoggedIn))
    async def verify_token(
        self,
        data: JSONBody[schemas.TokenToVerify],
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
    ) -> schemas.Nothing:
        """Is this access or refresh token good? `{}` if so."""
        try:
            doorkeeper.recognise(data.token)
        except NotLoggedIn:
            async with sessions() as session:
                if not await LoginSessions(session, settings).is_good(data.token):
                    raise
        return schemas.Nothing()

    @post("/logout", status_code=HTTP_204_NO_CONTENT, opt=refuses(NotLoggedIn, CrossSite))
    async def log_out(
        self,
        request: AnyRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
        data: JSONBody[schemas.Renewal | None] = None,
    ) -> Response[None]:
        """End the session of the access token, and that of the refresh token; one of them is enough.

        Clears the cookies. Within five seconds, its open sockets are closed and its access tokens refused everywhere.
        """
        refresh = (data and data.refresh) or refresh_cookie(request, settings)
        actor = await _actor_if_any(doorkeeper, request)
        async with sessions.begin() as session:
            logins = LoginSessions(session, settings)
            ended = [*(await logins.end_one(actor.id, actor.session_id) if actor else [])]
            ended += await logins.end_by_refresh(refresh) if refresh else []
        if not ended:
            raise NotLoggedIn
        doorkeeper.ended.note(ended)
        return Response(None, cookies=clear_cookies(settings))


def person(user: User) -> schemas.Person:
    return schemas.Person(
        id=user.id,
        username=user.username,
        email=user.email or "",
        first_name=user.first_name,
        last_name=user.last_name,
    )


def _device(request: AnyRequest, settings: Settings) -> Device:
    return Device.named(request.headers.get("user-agent", ""), client_address(request, settings.trusted_proxies))


async def _actor_if_any(doorkeeper: Doorkeeper, request: AnyRequest) -> Actor | None:
    try:
        return await doorkeeper.admit(request)
    except NotLoggedIn:
        return None
