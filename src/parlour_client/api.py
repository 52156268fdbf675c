"""Requests over HTTP in somebody's name, whose tokens are renewed when they run out."""

import asyncio
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, TypeVar

import httpx
import msgspec
from msgspec import Struct

from parlour_client.answers import Person
from parlour_client.errors import LoggedOut, Refused, Unreachable
from parlour_client.pauses import pause

ANSWER_SECONDS = 10.0
"""The server answers within two, or says that it cannot."""

Shape = TypeVar("Shape")
Keep = Callable[[str | None], None]
"""Takes a session's newest refresh token, as soon as it is there, and None when the session is over."""

RENEWAL_SECONDS = 4.0
RENEWALS = 2
"""A refresh token works once. For ten seconds the server gives who lost its answer the same one again; later it takes
them for a thief and ends the session. So the second attempt is over before that."""


class _LoggedIn(Struct):
    access: str
    refresh: str
    user: Person


class _Renewed(Struct):
    access: str
    refresh: str


class _Problem(Struct):
    """RFC 9457, as far as a program needs it."""

    code: str
    title: str = ""
    detail: str = ""


class Api:
    """Raises Refused, LoggedOut and Unreachable."""

    def __init__(
        self, url: str, token: str | None = None, refresh: str | None = None, keep: Keep | None = None
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=ANSWER_SECONDS,
            # The server sets its tokens as cookies as well: for browsers. Here they go in the header alone.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        self._access = token
        self._refresh = refresh
        self._keep = keep
        self._renewal: asyncio.Task[str] | None = None

    async def access(self) -> str:
        """The token for a request or a socket. Raises LoggedOut when there is none."""
        return self._access or await self.renew("")

    async def close(self) -> None:
        if self._renewal:
            self._renewal.cancel()
            await asyncio.wait({self._renewal})
        await self._http.aclose()

    async def log_in(self, name: str, password: str) -> Person:
        answer = await self.send("POST", "/api/users/login", json={"username": name, "password": password})
        entered = read(answer, _LoggedIn)
        self._hold(entered.access, entered.refresh)
        return entered.user

    async def log_out(self) -> None:
        if self._renewal:
            await asyncio.wait({self._renewal})  # It would bring the session back.
        # Also tells which session when the other token has run out.
        body = {"refresh": self._refresh} if self._refresh else None
        try:
            await self.send("POST", "/api/users/logout", self._access, json=body)
        except Refused as refused:
            if refused.status != HTTPStatus.UNAUTHORIZED:
                raise  # Else it has ended already.
        self._hold(None, None)

    def _hold(self, access: str | None, refresh: str | None) -> None:
        self._access, self._refresh = access, refresh
        if self._keep:
            self._keep(refresh)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,  # noqa: ANN401  any JSON
        params: Mapping[str, str | int] | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """One request. A token that has run out is renewed, and the request sent again: it was not carried out."""
        headers = {"Idempotency-Key": key} if key else {}
        access = await self.access()
        try:
            return await self.send(method, path, access, json=json, params=params, headers=headers)
        except Refused as refused:
            if refused.status != HTTPStatus.UNAUTHORIZED:
                raise
        return await self.send(method, path, await self.renew(access), json=json, params=params, headers=headers)

    async def insist(self, method: str, path: str, *, json: Any, key: str) -> httpx.Response:  # noqa: ANN401  any JSON
        """A request that its key makes harmless to repeat, until it is carried out or refused for good."""
        attempt = 0
        while True:
            try:
                response = await self.ask(method, path, json=json, key=key)
                if response.status_code != HTTPStatus.ACCEPTED:
                    return response
                seconds = 0
            except Unreachable:
                seconds = 0
            except Refused as refused:
                if not refused.passing:
                    raise
                seconds = refused.retry_after or 0
            await asyncio.sleep(max(seconds, pause(attempt)))
            attempt += 1

    async def renew(self, refused: str) -> str:
        """Another access token in place of one that was refused, or soon will be. Raises LoggedOut if there is none.

        Of many who ask at once, one renews and all have the same. It goes on when who asked is cancelled: an answer
        that nobody took would cost the session.
        """
        if self._access and self._access != refused:
            return self._access
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew())
            self._renewal.add_done_callback(self._renewal_ended)
        return await asyncio.shield(self._renewal)

    def _renewal_ended(self, renewal: "asyncio.Task[str]") -> None:
        self._renewal = None
        if not renewal.cancelled():
            renewal.exception()  # Nobody may be waiting for it any more.

    async def _renew(self) -> str:
        if not self._refresh:
            why = "The token is no longer good." if self._access else "Log in first."
            raise LoggedOut("not_logged_in", detail=why, status=HTTPStatus.UNAUTHORIZED)
        try:
            renewed = read(await self._renewed(self._refresh), _Renewed)
        except Refused as error:
            if error.passing:
                raise
            self._hold(None, None)
            raise LoggedOut(error.code, error.title, error.detail, error.status) from error
        self._hold(renewed.access, renewed.refresh)
        return renewed.access

    async def _renewed(self, refresh: str) -> httpx.Response:
        for left in reversed(range(RENEWALS)):
            try:
                async with asyncio.timeout(RENEWAL_SECONDS):
                    return await self.send("POST", "/api/users/token/refresh", json={"refresh": refresh})
            except (Unreachable, TimeoutError) as error:
                if not left:
                    raise Unreachable("The token could not be renewed.") from error
        raise AssertionError("unreachable")

    async def send(
        self,
        method: str,
        path: str,
        access: str | None = None,
        *,
        json: Any = None,  # noqa: ANN401  any JSON
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request, in the name of whom the token says; nobody's without one."""
        given = dict(headers or {})
        if access:
            given["Authorization"] = f"Bearer {access}"
        try:
            response = await self._http.request(method, path, json=json, params=params, headers=given)
        except httpx.RequestError as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        if response.is_success:
            return response
        raise _refusal(response)


def read(response: httpx.Response, kind: type[Shape]) -> Shape:
    """Raises Refused for an answer of another form: something else listens at this address."""
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.DecodeError as error:
        raise Refused("not_parlour", detail=f"No answer of a Parlour: {error}", status=response.status_code) from error


def _refusal(response: httpx.Response) -> Refused:
    after = response.headers.get("Retry-After", "")
    try:
        problem = msgspec.json.decode(response.content, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem(f"http_{response.status_code}", response.reason_phrase)
    return Refused(
        problem.code, problem.title, problem.detail, response.status_code, int(after) if after.isdecimal() else None
    )
