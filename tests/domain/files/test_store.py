"""Where the bytes are. There is no S3 here to ask: of it, only what it is told is tested."""

import secrets
from pathlib import Path
from typing import Any

import pytest
from obstore.store import LocalStore, S3Store
from pydantic import ValidationError
from tests.conftest import settings_for

from app.domain.files.rules import NoSuchFile
from app.domain.files.services.store import PIECE_BYTES, FileStore, new_key
from app.errors import Unavailable
from app.settings import Settings

pytestmark = pytest.mark.anyio


def settings_with(directory: Path, **others: Any) -> Settings:  # noqa: ANN401  any setting's value
    return settings_for("postgresql://nobody@/nothing", "unix:///nowhere", files_directory=directory, **others)


async def test_bytes_come_back_in_pieces(store: FileStore) -> None:
    key, content = new_key(), secrets.token_bytes(2 * PIECE_BYTES + 1)
    await store.put(key, content)
    pieces = [piece async for piece in store.stream(key, 5, len(content))]
    assert b"".join(pieces) == content[5:]
    assert max(map(len, pieces)) <= PIECE_BYTES


async def test_a_directory_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "files"
    store = FileStore.of(settings_with(directory))
    await store.put(new_key(), b"bytes")
    assert isinstance(store.objects, LocalStore)
    assert directory.stat().st_mode & 0o777 == 0o700


async def test_lost_bytes_are_no_file(store: FileStore) -> None:
    with pytest.raises(NoSuchFile):
        await store.read(new_key(), 0, 10)


async def test_a_store_that_cannot_write_is_unavailable(store: FileStore) -> None:
    key = new_key()
    (store.directory / key[:2]).write_text("A file stands where the directory would be.")
    with pytest.raises(Unavailable):
        await store.put(key, b"bytes")


async def test_what_is_removed_twice_is_gone(store: FileStore) -> None:
    key = new_key()
    await store.put(key, b"bytes")
    for _ in range(2):
        await store.remove([key])
    with pytest.raises(NoSuchFile):
        await store.read(key, 0, 1)


def test_s3_is_told_what_the_settings_say(tmp_path: Path) -> None:
    settings = settings_with(
        tmp_path,
        files_url="s3://a-bucket/parlour/files",
        s3_endpoint="http://127.0.0.1:9",
        s3_region="eu-central-1",
        s3_access_key_id="somebody",
        s3_secret_access_key="nobody's business",
    )
    objects = FileStore.of(settings).objects
    assert isinstance(objects, S3Store)
    assert objects.prefix == "parlour/files"
    assert objects.config == {
        "bucket": "a-bucket",
        "endpoint": "http://127.0.0.1:9",
        "region": "eu-central-1",
        "access_key_id": "somebody",
        "secret_access_key": "nobody's business",
    }
    assert "nobody's business" not in repr(settings)


@pytest.mark.parametrize("url", ["/srv/files", "s3://", "http://bucket", "file:///srv"])
def test_another_address_than_a_buckets_is_refused_at_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError, match="s3://bucket/prefix"):
        settings_with(tmp_path, files_url=url)
