"""Argon2id in a few threads behind a short queue, so that a flood of logins slows logins down and nothing else."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.accounts.models import User
from app.domain.accounts.rules import WrongCredentials, check_password, normal_password
from app.errors import Unavailable
from app.settings import Settings

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
"""OWASP's first choice for Argon2id (Password Storage Cheat Sheet)."""
SALT_BYTES = 16
HASH_BYTES = 32

Answer = TypeVar("Answer")


class TooManyLogins(Unavailable):
    code = "too_many_logins"
    detail = "Too many people are logging in at this moment. Try again in a second."


class Passwords:
    """One per process. Hash and check outside of transactions: what waits here must not hold a connection."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=HASH_BYTES, salt_len=SALT_BYTES
        )
        self._threads = ThreadPoolExecutor(settings.hashing_threads, thread_name_prefix="argon2")
        self._min_length = settings.password_min_length
        self._room = settings.hashing_threads + settings.hashing_queue
        self._nobodys_hash = _hash_of_nothing()

    async def choose(self, password: str, *, username: str, email: str | None) -> str:
        """The encoded hash of somebody's new password. Raises PasswordRefused, or TooManyLogins with a full queue."""
        return await self.hash(check_password(password, username=username, email=email, min_length=self._min_length))

    async def hash(self, password: str) -> str:
        """The encoded hash of a password that was accepted before. Raises TooManyLogins when the queue is full."""
        return await self._in_a_thread(self._hasher.hash, normal_password(password))

    async def check(self, user: User | None, password: str) -> User:
        """The user, if this is the password. Raises WrongCredentials, or TooManyLogins when the queue is full.

        Nobody (None) and the deactivated take as long to refuse as anyone, so time tells no names.
        """
        known = user.password_hash if user else self._nobodys_hash
        matches = await self._in_a_thread(self._matches, known, normal_password(password))
        if user is None or user.deactivated_at or not matches:
            raise WrongCredentials
        return user

    def is_outdated(self, password_hash: str) -> bool:
        """Was it made with other parameters than today's? Then hash anew while the password is at hand."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_a_thread(self, work: Callable[..., Answer], *args: str) -> Answer:
        if self._room <= 0:
            raise TooManyLogins
        self._room -= 1
        running = self._threads.submit(work, *args)
        # Room is given back when the thread is done, not when the client has gone: it is the thread that is scarce.
        loop = asyncio.get_running_loop()
        running.add_done_callback(lambda _: loop.call_soon_threadsafe(self._give_room))
        return await asyncio.wrap_future(running)

    def _give_room(self) -> None:
        self._room += 1


def _hash_of_nothing() -> str:
    """Looks like today's hashes, costs as much to check, and no password is known to match."""
    salt, digest = (b64encode(token_bytes(size)).decode().rstrip("=") for size in (SALT_BYTES, HASH_BYTES))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${digest}"
