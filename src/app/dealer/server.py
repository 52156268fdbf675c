"""Asking the server, with nothing but the standard library. Answers are read for what a dealer needs of them."""

import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import msgspec
from msgspec import Struct

from app.dealer.trouble import Trouble
from app.fairdraw.hashing import Record

PATIENCE_SECONDS = 30
LONGEST_WAIT_SECONDS = 60
TRIES = 3
ANSWER_BYTES = 8 * 1024 * 1024
RECORDS = 100
"""In one answer: as many as there may be."""

BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

Answer = TypeVar("Answer")


class Log(Struct):
    size: int
    key: str
    checkpoint: str | None


class LogRecord(Struct):
    record: dict[str, object]


class LogPage(Struct):
    records: list[LogRecord]


class Span(Struct):
    first: int
    last: int


class Dealer(Struct):
    name: str
    public_key: str
    removed_at: str | None
    committed: list[Span]


class Dealers(Struct):
    coming: int
    dealers: list[Dealer]


class Problem(Struct):
    detail: str


class Server:
    """Every method raises Trouble when there is no answer, or a refusal."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise Trouble("The server's address has to begin with https:// or http://.")
        self.url = url.rstrip("/")

    def log(self) -> Log:
        return self._ask("/api/lottery/log", Log)

    def records(self, start: int, end: int) -> Iterator[Record]:
        """Those from position `start` up to, not with, `end`."""
        while start < end:
            page = self._ask(f"/api/lottery/log/records?start={start}&limit={min(RECORDS, end - start)}", LogPage)
            if not page.records:
                raise Trouble(f"The server has no record {start}, though its log is of {end}.")
            yield from (one.record for one in page.records)
            start += len(page.records)

    def dealers(self, lottery: str) -> Dealers:
        """All of them, with those who were removed."""
        place = f"/api/lottery/lotteries/{lottery}/dealers"
        found = page = self._ask(place, Dealers)
        while page.dealers:
            page = self._ask(f"{place}?offset={len(found.dealers)}", Dealers)
            found.dealers += page.dealers
        return found

    def commit(self, lottery: str, number: int, dealer: str, *, commitment: bytes, signature: bytes) -> None:
        body = {"commitment": commitment.hex(), "signature": signature.hex()}
        self._ask(f"/api/lottery/draws/{lottery}/{number}/dealers/{dealer}/commitment", object, body)

    def reveal(self, lottery: str, number: int, dealer: str, secret: bytes) -> None:
        body = {"secret": secret.hex()}
        self._ask(f"/api/lottery/draws/{lottery}/{number}/dealers/{dealer}/reveal", object, body)

    def _ask(self, path: str, kind: type[Answer], body: object = None) -> Answer:
        headers = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "parlour-dealer"}
        content = None if body is None else msgspec.json.encode(body)
        request = Request(self.url + path, data=content, headers=headers)  # noqa: S310  `__init__` looked at the scheme
        for tries_left in reversed(range(TRIES)):
            try:
                with urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310  the same
                    return msgspec.json.decode(self._read(response), type=kind)
            except HTTPError as refusal:
                with refusal:
                    if refusal.status not in BUSY or not tries_left:
                        raise Trouble(f"{path}: {refusal.status}, {reason_of(refusal)}") from None
                    time.sleep(wait_of(refusal))
            except (URLError, HTTPException, OSError) as error:
                raise Trouble(f"{self.url} does not answer: {error}") from error
            except msgspec.DecodeError as error:
                raise Trouble(f"{path}: the answer cannot be read: {error}") from error
        raise AssertionError

    def _read(self, response: HTTPResponse) -> bytes:
        content = response.read(ANSWER_BYTES + 1)
        if len(content) > ANSWER_BYTES:
            raise Trouble("The server's answer is too large.")
        return content


def reason_of(refusal: HTTPError) -> str:
    try:
        return msgspec.json.decode(refusal.read(ANSWER_BYTES), type=Problem).detail
    except (msgspec.DecodeError, OSError):
        return refusal.reason


def wait_of(refusal: HTTPError) -> float:
    """Seconds."""
    given = refusal.headers.get("Retry-After", "")
    return min(int(given), LONGEST_WAIT_SECONDS) if given.isdecimal() else 1
