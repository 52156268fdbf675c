"""Requests over HTTP in somebody's name, whose tokens are renewed when they run out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from msgspec import Struct

from parlour_client.answers import Person
from parlour_client.errors import LoggedOut, Refused, Unreachable
from parlour_client.pauses import pause
from parlour_client.reading import read, refusal, unreachable

ANSWER_SECONDS = 10.0
"""The server answers within two, or says that it cannot."""

Keep = Callable[[str | None], None]
"""Takes a session's newest refresh token, as soon as it is there, and None when the session is over."""

RENEWAL_SECONDS = 4.0
RENEWALS = 2
"""A refresh token works once. For ten seconds the server gives who lost its answer the same one again; later it takes
them for a thief and ends the session. So the second attempt is over before that."""


@dataclass
class Body:
    """Bytes that are read as they are sent, and anew for each attempt."""

    length: int
    pieces: Callable[[], AsyncIterator[bytes]]
    answer_seconds: float
    """How long the server may take over them."""


class _LoggedIn(Struct):
    access: str
    refresh: str
    user: Person


class _Renewed(Struct):
    access: str
    refresh: str


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
            if not self._keep:
                self._renewal.cancel()  # Else its answer is what the next program goes on with.
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
        body: Body | None = None,
        stream: bool = False,
    ) -> httpx.Response:
        """One request. A token that has run out is renewed, and the request sent again: it was not carried out."""
        send = partial(self.send, method, path, json=json, params=params, key=key, body=body, stream=stream)
        access = await self.access()
        try:
            return await send(access)
        except Refused as refused:
            if refused.status != HTTPStatus.UNAUTHORIZED:
                raise
        return await send(await self.renew(access))

    @asynccontextmanager
    async def stream(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """An answer piece by piece."""
        response = await self.ask("GET", path, stream=True)
        try:
            yield response.aiter_bytes()
        except httpx.RequestError as error:
            raise unreachable(error) from error
        finally:
            await response.aclose()

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
        refresh = self._refresh
        if not refresh:
            why = "The token is no longer good." if self._access else "Log in first."
            raise LoggedOut("not_logged_in", detail=why, status=HTTPStatus.UNAUTHORIZED)
        try:
            renewed = read(await self._renewed(refresh), _Renewed)
        except Refused as error:
            if error.passing or self._refresh != refresh:
                raise
            self._hold(None, None)
            raise LoggedOut(error.code, error.title, error.detail, error.status) from error
        if self._refresh == refresh:  # Else somebody has logged in meanwhile.
            self._hold(renewed.access, renewed.refresh)
        return await self.access()

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
        key: str | None = None,
        body: Body | None = None,
        stream: bool = False,
    ) -> httpx.Response:
        """One request, in the name of whom the token says; nobody's without one. `stream` leaves its answer unread."""
        headers = {"Authorization": f"Bearer {access}"} if access else {}
        if key:
            headers["Idempotency-Key"] = key
        if body:
            headers["Content-Length"] = str(body.length)
        request = self._http.build_request(
            method,
            path,
            json=json,
            params=params,
            headers=headers,
            content=body.pieces() if body else None,
            timeout=httpx.Timeout(ANSWER_SECONDS, read=body.answer_seconds) if body else httpx.USE_CLIENT_DEFAULT,
        )
        try:
            response = await self._http.send(request, stream=stream)
            if response.is_success:
                return response
            await response.aread()
        except httpx.RequestError as error:
            raise unreachable(error) from error
        raise refusal(response)
