"""The session that a terminal goes on with when it is started again: a refresh token, in a file of its owner's."""

import fcntl
import os
from typing import IO
from urllib.parse import quote, urlsplit

from platformdirs import user_state_path

OWNERS_ALONE = 0o600


class KeptSession:
    """For one terminal at a time: two that renewed the same token would be taken for a thief and their victim.

    So whoever does not get the lock keeps nothing, and logs in for as long as it runs.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url.rstrip("/"))
        self._file = user_state_path("parlour", appauthor=False) / quote(
            f"{parts.scheme}://{parts.netloc.lower()}{parts.path}", safe=""
        )
        self._lock: IO[str] | None = None

    def claim(self) -> str | None:
        """The refresh token, if one is kept and no other terminal has it. Raises OSError."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self._file.with_name(f"{self._file.name}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        self._lock = lock
        return self._file.read_text(errors="replace") if self._file.exists() else None

    @property
    def is_ours(self) -> bool:
        return self._lock is not None

    def keep(self, refresh: str | None) -> None:
        """In place of the one before, all at once; None removes it. Raises OSError."""
        if not self.is_ours:
            return
        if refresh is None:
            self._file.unlink(missing_ok=True)
            return
        newer = self._file.with_name(f"{self._file.name}.new")
        with os.fdopen(os.open(newer, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNERS_ALONE), "w") as written:
            written.write(refresh)
            written.flush()
            os.fsync(written.fileno())
        newer.replace(self._file)

    def release(self) -> None:
        """To the next terminal."""
        if self._lock:
            self._lock.close()
            self._lock = None
