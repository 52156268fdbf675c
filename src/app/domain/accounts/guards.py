"""Who is this? The Doorkeeper answers for requests (as Litestar's JWT middleware) and for sockets."""

from collections.abc import Hashable
from functools import partial
from http import HTTPMethod
from typing import Any, Protocol

from litestar import Request, WebSocket
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware.authentication import AuthenticationResult
from litestar.security.jwt import JWTCookieAuth
from litestar.security.jwt.middleware import JWTCookieAuthenticationMiddleware
from redis.asyncio import Redis

from app.domain.accounts.api_keys import PREFIX
from app.domain.accounts.ended import EndedSessions
from app.domain.accounts.hashing import Passwords, TooManyLogins
from app.domain.accounts.known_keys import KnownKeys
from app.domain.accounts.models import User
from app.domain.accounts.rules import WrongCredentials, WrongPassword
from app.domain.accounts.schemas import Actor
from app.domain.accounts.scopes import check_operation
from app.domain.accounts.services import Accounts
from app.domain.accounts.tickets import SocketTickets
from app.domain.accounts.tokens import ALGORITHM, AccessToken, AccessTokens
from app.errors import Forbidden, NotLoggedIn
from app.ratelimits import RateLimits
from app.resources import Sessions
from app.settings import Settings

__all__ = [
    "Actor",
    "ActorRequest",
    "CrossSite",
    "Doorkeeper",
    "NotModerator",
    "NotStaff",
    "Passwords",
    "TooManyLogins",
    "WrongCredentials",
    "WrongPassword",
    "check_own_password",
    "from_our_pages",
    "moderators_only",
    "staff_only",
]

ACCESS_COOKIE = "access"
SAFE_METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS})

AnyConnection = ASGIConnection[Any, Any, Any, Any]
ActorRequest = Request[Actor, Any, Any]
"""The request of somebody who is logged in."""


class CrossSite(Forbidden):
    code = "cross_site"
    detail = "A cookie counts only on pages of this server or of an allowed origin. Use a Bearer token elsewhere."


class NotStaff(Forbidden):
    code = "not_staff"
    detail = "This is for staff."


class NotModerator(Forbidden):
    code = "not_moderator"
    detail = "This is for moderators."


class Attendance(Protocol):
    """Told of every socket of somebody, when it opens and when it is closed."""

    def come(self, device: Hashable, person: int) -> None: ...

    def go(self, device: Hashable, person: int) -> None: ...


class Doorkeeper:
    """One per API process. Asks no database: a signature, an expiry and the set of ended sessions decide.

    Except for API keys, which are looked up, and remembered for seconds.
    """

    def __init__(
        self,
        settings: Settings,
        redis: "Redis",
        ended: EndedSessions,
        attendance: Attendance,
        keys: KnownKeys,
    ) -> None:
        self.tokens = AccessTokens(settings)
        self.tickets = SocketTickets(redis)
        self.ended = ended
        self.attendance = attendance
        self.keys = keys
        self.origins = settings.origins
        self._secret = settings.secret_key

    def recognise(self, token: str) -> Actor:
        """Whose access token it is. Raises NotLoggedIn."""
        actor = self.tokens.read(token)
        if actor.session_id in self.ended:
            raise NotLoggedIn("This session has ended. Log in again.")
        return actor

    async def recognise_any(self, credential: str) -> Actor:
        """Whose access token or API key it is: also for the first message of a socket. Raises NotLoggedIn.

        Raises what PostgreSQL raises when a key cannot be looked up.
        """
        if not credential.startswith(PREFIX):
            return self.recognise(credential)
        actor = await self.keys.whose(credential)
        if actor.session_id in self.ended or actor.has_expired():
            raise NotLoggedIn("This API key is expired or revoked.")
        return actor

    async def admit(self, connection: AnyConnection) -> Actor:
        """The actor of a request, by its Bearer token or key, or else its cookie. Raises NotLoggedIn, or CrossSite."""
        if bearer := _bearer(connection.headers):
            return await self.recognise_any(bearer)
        cookie = connection.cookies.get(ACCESS_COOKIE)
        if not cookie:
            raise NotLoggedIn
        actor = self.recognise(cookie)
        if connection.scope.get("method") not in SAFE_METHODS and not from_our_pages(connection.headers, self.origins):
            raise CrossSite
        return actor

    async def identify(self, socket: WebSocket[Any, Any, Any]) -> Actor | None:
        """The actor of a socket, or None: close it with 4401, or wait for a first message and recognise its token.

        The first credential there is decides: `?token=`, `?ticket=`, the Authorization header, the `access` cookie. A
        cookie counts only with the exact Origin of one of our pages, or without any as from a program (RFC 6455, 10.2).
        Raises RedisError when a ticket cannot be looked up, and what PostgreSQL raises when a key cannot.
        """
        try:
            if token := socket.query_params.get("token"):
                return await self.recognise_any(token)
            if ticket := socket.query_params.get("ticket"):
                actor = await self.tickets.take(ticket)
                return None if actor is None or actor.session_id in self.ended else actor
            if bearer := _bearer(socket.headers):
                return await self.recognise_any(bearer)
            cookie = socket.cookies.get(ACCESS_COOKIE)
            if cookie and socket.headers.get("origin") in {None, *self.origins}:
                return self.recognise(cookie)
        except NotLoggedIn:
            pass
        return None

    def http_auth(self) -> JWTCookieAuth[Actor, AccessToken]:
        """Litestar's JWT authentication, for requests only: sockets are accepted first, and closed with a reason."""
        return JWTCookieAuth[Actor, AccessToken](
            token_secret=self._secret.get_secret_value(),
            algorithm=ALGORITHM,
            key=ACCESS_COOKIE,
            token_cls=AccessToken,
            retrieve_user_handler=_is_the_actor,
            authentication_middleware_class=partial(DoorkeeperMiddleware, self),  # type: ignore[arg-type]  # only called
            exclude=["^/docs(/|$)"],  # Litestar's own routes, which take no options of ours.
            exclude_http_methods=["OPTIONS"],
            scopes={ScopeType.HTTP},
            description="The access token from `POST /api/users/login`.",
        )


class DoorkeeperMiddleware(JWTCookieAuthenticationMiddleware):
    """Litestar's, except that cookies count on our own pages only, and API keys within their scopes only."""

    def __init__(self, doorkeeper: Doorkeeper, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Litestar's own
        super().__init__(*args, **kwargs)
        self.doorkeeper = doorkeeper

    async def authenticate_request(self, connection: AnyConnection) -> AuthenticationResult:
        actor = await self.doorkeeper.admit(connection)
        check_operation(actor.scopes, connection.scope["route_handler"].handler_name)
        return AuthenticationResult(user=actor, auth=None)


async def _is_the_actor(token: AccessToken, _: AnyConnection) -> AccessToken:
    """Litestar wants one; DoorkeeperMiddleware has answered already."""
    return token


def from_our_pages(headers: Headers, origins: frozenset[str]) -> bool:
    """Was a request that carries a cookie made by one of our pages, or by no page at all (as with curl)?"""
    origin = headers.get("origin")
    if origin is not None:
        return origin in origins
    if referer := headers.get("referer"):
        return any(f"{referer}/".startswith(f"{ours}/") for ours in origins)
    return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


async def staff_only(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """A guard. Raises NotStaff."""
    if _acts(connection) and not connection.user.is_staff:
        raise NotStaff


async def moderators_only(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """A guard, for moderators and staff. Raises NotModerator."""
    if _acts(connection) and not (connection.user.is_moderator or connection.user.is_staff):
        raise NotModerator


def _acts(connection: AnyConnection) -> bool:
    """OPTIONS only asks what a path takes: nobody has to log in for it (see `http_auth`), so nobody is known."""
    return connection.scope.get("method") != HTTPMethod.OPTIONS


async def check_own_password(
    request: ActorRequest, password: str, sessions: Sessions, passwords: Passwords, limits: RateLimits
) -> User:
    """The actor's account. Raises WrongPassword, and TooManyRequests: a stolen token must not serve for guessing."""
    await limits.attempt(request, account=request.user.username)
    async with sessions() as session:
        user = await Accounts(session=session).of_actor(request.user.id)
    try:
        return await passwords.check(user, password)
    except WrongCredentials as error:
        raise WrongPassword from error


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
