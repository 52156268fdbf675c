"""A store in a directory of its own, and uploads into it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from obstore.store import LocalStore
from tests.domain.files.samples import PDF, in_pieces

from app.domain.files.models import File
from app.domain.files.services.intake import Intake
from app.domain.files.services.shelf import Shelf
from app.domain.files.services.store import FileStore
from app.resources import Sessions

LIMIT = 20_000_000
QUOTA = 50_000_000

Upload = Callable[..., Awaitable[File]]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(LocalStore(tmp_path), tmp_path)


@pytest.fixture
def intake(store: FileStore) -> Intake:
    return Intake(store, limit=LIMIT)


@pytest.fixture
def upload(intake: Intake, sessions: Sessions) -> Upload:
    """Uploads as the controller does."""

    async def upload_file(
        owner_id: int,
        content: bytes = PDF,
        name: str = "report.pdf",
        *,
        client_id: str | None = None,
        quota: int = QUOTA,
    ) -> File:
        async with (
            intake.shelve(owner_id, name, None, in_pieces(content)) as shelved,
            sessions.begin() as session,
        ):
            return await Shelf(session=session).record(owner_id, client_id, shelved, quota)

    return upload_file


def kept(store: FileStore) -> list[str]:
    """The names of all objects in the store."""
    return sorted(path.relative_to(store.directory).as_posix() for path in store.directory.rglob("*") if path.is_file())
