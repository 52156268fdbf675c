"""The machine that it runs on: the file store, the disk, open files, and who may read the keys."""

import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from app.doctor.findings import Finding, fine, judged, note, wrong
from app.domain.files.services.store import FileStore, new_key
from app.errors import Unavailable
from app.settings import GIB, Settings

LEAST_FREE_BYTES = GIB
LEAST_FREE_SHARE = 0.05
FEW_OPEN_FILES = 4096
"""A socket is a file; below this an API process is full with four thousand of them."""
OTHERS = 0o077
KEY_FILES = ("secret_key", "draw_secret", "log_key", "vapid_private_key", "environment")


def examine_machine(settings: Settings, state: Path) -> Iterator[Finding]:
    yield python()
    yield open_files()
    places = {"disk of the state": state, "disk of the files": settings.files_directory}
    if settings.log_directory:
        places["disk of the logs"] = settings.log_directory
    for name, place in places.items():
        if nearest := next((one for one in [place, *place.absolute().parents] if one.exists()), None):
            yield disk(name, nearest)
    yield from key_files(state)
    yield from keys(settings)


def python() -> Finding:
    seen = ".".join(map(str, sys.version_info[:3]))
    return judged("Python", seen, good=sys.version_info >= (3, 11), advice="Install Python 3.11 or newer.")


def open_files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FEW_OPEN_FILES:
        return note("open files", f"{soft} a process", "For more sockets raise it: ulimit -n 65536, or LimitNOFILE.")
    return fine("open files", f"{soft} a process")


def disk(name: str, place: Path) -> Finding:
    usage = shutil.disk_usage(place)
    return judged(
        name,
        f"{usage.free / GIB:.1f} of {usage.total / GIB:.1f} GiB free",
        good=usage.free >= LEAST_FREE_BYTES and usage.free >= usage.total * LEAST_FREE_SHARE,
        advice=f"Make room where {place} is: a full disk stops PostgreSQL, and with it everything.",
    )


def key_files(state: Path) -> Iterator[Finding]:
    found = [state / name for name in KEY_FILES if (state / name).exists()]
    open_to_others = [file for file in found if file.stat().st_mode & OTHERS]
    if open_to_others:
        names = " ".join(map(str, open_to_others))
        yield wrong("key files", f"others may read {names}", f"chmod 600 {names}; then make new keys.")
    elif found:
        yield fine("key files", f"{len(found)} in {state}, readable by their owner alone")


def keys(settings: Settings) -> Iterator[Finding]:
    missing = [name for name in ("draw_secret", "log_key") if getattr(settings, name) is None]
    if missing:
        yield note(
            "keys",
            f"{' and '.join(missing)} follow from the secret key",
            "Give each a value of its own before draws are held that count; later needs a new seed chain.",
        )
    if settings.previous_secret_key:
        yield note(
            "keys",
            "the previous secret key is still accepted",
            f"Take it away {settings.access_token_seconds} s after all processes have the new one.",
        )


async def examine_files(settings: Settings) -> Finding:
    """Written, read and removed, as an upload is."""
    place = settings.files_url or str(settings.files_directory)
    try:
        store, key = FileStore.of(settings), new_key()
        await store.put(key, b"doctor")
        good = await store.read(key, 0, 6) == b"doctor"
        await store.remove([key])
    except (OSError, Unavailable) as error:
        return wrong("file store", f"{place}: {error!r}", "It must be writable for API processes and workers.")
    return judged("file store", place, good=good, advice="It gives back other bytes than it was given: replace it.")
