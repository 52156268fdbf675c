"""Where things are: the state, the sockets (whose paths must be short), binaries that an unprivileged user can run."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.embedded.identity import Identity, identity_of_servers
from app.settings import runtime_directory

SOCKET_PATH_BYTES = 107
"""What a Unix socket's address can hold (unix(7): 108 with the closing NUL)."""
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"

UNREACHABLE_DATA = Path("/var/lib/parlour")
"""Where the servers' data goes when they may not enter the state directory: root's, below a 0700 home."""
UNREACHABLE_BINARIES = Path("/var/cache/parlour")
"""The same for their binaries, when the environment is below a 0700 home."""


class StateInUse(RuntimeError):
    """Another `parlour up` runs over this state."""


@dataclass(frozen=True)
class Places:
    """Everything that the servers need to know about where they are."""

    state: Path
    """Ours: the lock, the secret key, the logs."""
    servers: Path
    """Theirs: the data."""
    sockets: Path
    identity: Identity

    @classmethod
    def prepare(cls, state: Path) -> "Places":
        """Create what is missing. Raises PermissionError when something is another user's."""
        identity = identity_of_servers()
        state.mkdir(parents=True, exist_ok=True)
        state = state.resolve()
        (state / "logs").mkdir(mode=0o700, exist_ok=True)
        return cls(state, data_directory(state, identity), socket_directory(state, identity), identity)

    def log_of(self, name: str) -> Path:
        """Opened by us and inherited, so that a server without rights of its own writes where we read."""
        return self.state / "logs" / f"{name}.log"


def fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


@contextmanager
def exclusive(state: Path) -> Iterator[None]:
    """Hold the state for ourselves; the kernel lets go of it when we die. Raises StateInUse at once when it is held."""
    with (state / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StateInUse(f"Parlour already runs over {state} (process {holder(state)}).") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def holder(state: Path) -> int | None:
    """The process that holds the state, if one does."""
    try:
        with (state / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(lock.read() or 0) or None
    except FileNotFoundError:
        pass
    return None


def data_directory(state: Path, identity: Identity) -> Path:
    """The servers' own part of the state: really there, or behind a link when they could not reach it there."""
    place = state / "servers"
    if not place.exists():
        if identity.can_enter(state):
            place.unlink(missing_ok=True)  # A link whose target was removed.
            identity.make_private(place)
        else:
            elsewhere = UNREACHABLE_DATA / fingerprint(state)
            elsewhere.parent.mkdir(parents=True, exist_ok=True)
            identity.make_private(elsewhere)
            place.unlink(missing_ok=True)
            place.symlink_to(elsewhere)
    return place.resolve()


def socket_directory(state: Path, identity: Identity) -> Path:
    """A short, private directory for this state's sockets. It must be private: behind it PostgreSQL trusts everyone."""
    name = f"parlour-{identity.effective_uid}-{fingerprint(state)}"
    candidates = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108  made private and checked below
    if identity.uid is None and (runtime := runtime_directory()):
        candidates.insert(0, runtime)
    for parent in candidates:
        place = parent / name
        if len(os.fsencode(place)) + len(LONGEST_SOCKET_NAME) <= SOCKET_PATH_BYTES and identity.can_enter(parent):
            identity.make_private(place)
            return place
    raise OSError(f"No directory for sockets: tried {', '.join(map(str, candidates))}")


def binaries_of(package: str, identity: Identity, *needed: str) -> Path:
    """The directory that holds an installed package's files, without importing the package.

    `needed` are the paths beside it in site-packages that must come along when it has to be copied to where
    an unprivileged user can reach it.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {package}, which brings the binaries, is not installed")
    installed = Path(spec.origin).parent
    if identity.can_enter(installed):
        return installed
    copied = UNREACHABLE_BINARIES / f"{package}-{fingerprint(installed)}-{int(installed.stat().st_mtime)}"
    if not copied.exists():
        UNREACHABLE_BINARIES.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=UNREACHABLE_BINARIES))
        for part in needed:
            shutil.copytree(installed.parent / part, fresh / part)
        for path in [fresh, *fresh.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        try:
            fresh.rename(copied)
        except OSError:  # Another start was quicker.
            shutil.rmtree(fresh)
    return copied / package
