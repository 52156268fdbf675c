"""A backup, restored on an empty installation, is the same installation."""

import io
import sys
import tarfile
from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.archive.conftest import MIDNIGHT, add_file, joined
from tests.domain.game.rounds_of_dice import Table

from app.archive.backup import back_up
from app.archive.manifest import FILES, KEYS, BadArchiveError, Manifest
from app.archive.reading import check, members
from app.archive.restore import TargetNotEmptyError, open_keys, restore
from app.domain.chat.services.conversations import Conversations
from app.domain.files.services.store import FileStore
from app.domain.game.services.epochs import Epochs
from app.domain.game.services.rounds import Rounds
from app.domain.lottery.services.log import key_of
from app.domain.lottery.services.proofs import transcript, whole_log
from app.domain.lottery.services.results import Results
from app.domain.lottery.tasks import reconcile_draws
from app.fairdraw import verifier
from app.resources import Resources
from app.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def archive(community: FileStore, settings_here: Settings, tmp_path: Path) -> Path:
    file = tmp_path / "backup.tar.gz"
    await back_up(settings_here, file, with_keys=True, passphrase=None)
    return file


async def bring_back(archive: Path, target: Resources) -> None:
    store = FileStore.of(target.settings)
    await restore(archive, check(archive), target.settings.database_url, store, lambda: None)


def sums(manifest: Manifest) -> dict[str, str]:
    return {member.name: member.sha256 for member in manifest.members if member.name not in KEYS.values()}


async def test_what_was_restored_has_the_checksums_of_what_was_backed_up(
    archive: Path, elsewhere: Resources, tmp_path: Path
) -> None:
    await bring_back(archive, elsewhere)
    again = await back_up(elsewhere.settings, tmp_path / "again.tar.gz", with_keys=True, passphrase=None)

    first = check(archive)
    assert sums(again) == sums(first)
    assert {member.name for member in first.members if member.rows} >= {"tables/messages", "tables/ballots"}
    assert sum(name.startswith(FILES) for name in sums(first)) == 2
    assert again.sequences == first.sequences


async def test_the_draws_verify_afterwards_and_go_on(archive: Path, elsewhere: Resources, tmp_path: Path) -> None:
    await bring_back(archive, elsewhere)
    for days in (1, 2):
        await reconcile_draws(elsewhere, MIDNIGHT + timedelta(days=days))

    files = {"log.json": b"".join([piece async for piece in whole_log(elsewhere.sessions)])}
    for number in ("1", "2", "3"):
        async with elsewhere.sessions() as session:
            draw = await Results(session=session).held_draw("daily", number)
        pieces = [piece async for piece in transcript(elsewhere.sessions, draw)]
        files[f"draw-{number}.json"] = b"".join(pieces)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    key = key_of(elsewhere.settings).verifier_key
    words = ["-I", verifier.__file__, *[str(tmp_path / name) for name in files], "--key", key]
    ran = await anyio.run_process([sys.executable, *words], check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


async def test_no_seed_that_was_shown_since_decides_a_play(
    community: FileStore, resources: Resources, settings_here: Settings, elsewhere: Resources, tmp_path: Path
) -> None:
    gus = await joined(resources.sessions, "gus")
    async with resources.sessions.begin() as session:
        begun = await Epochs(session=session).begin(gus, "dice", 1, settings_here.seed_secret)
    await back_up(settings_here, tmp_path / "b.tar.gz", with_keys=True, passphrase=None)
    await bring_back(tmp_path / "b.tar.gz", elsewhere)

    async with elsewhere.sessions.begin() as session:
        again = await Epochs(session=session).begin(gus, "dice", 2, settings_here.seed_secret)
        ended = await session.scalar(text("SELECT ended_at FROM epochs WHERE number = 1"))
    assert ended is not None
    assert again.genesis != begun.genesis


async def test_no_seed_that_was_shown_since_decides_a_round(
    community: FileStore, resources: Resources, settings_here: Settings, elsewhere: Resources, tmp_path: Path
) -> None:
    gus = await joined(resources.sessions, "gus")
    async with resources.sessions.begin() as session:
        group = await Conversations(session=session).open_group(gus, [], "Dice", joinable=False)
    begun = await Table(resources.sessions, group.id, gus, settings_here.seed_secret).begin()
    await back_up(settings_here, tmp_path / "b.tar.gz", with_keys=True, passphrase=None)
    await bring_back(tmp_path / "b.tar.gz", elsewhere)

    async with elsewhere.sessions() as session:
        restored = await Rounds(session=session).of_member(begun, gus)
    next_one, _ = await Table(elsewhere.sessions, group.id, gus, settings_here.seed_secret).open("another")
    assert restored.cancelled_because == "called off"
    assert next_one.chain_id != restored.chain_id


async def test_counting_goes_on_and_the_audit_log_is_closed_as_before(archive: Path, elsewhere: Resources) -> None:
    await bring_back(archive, elsewhere)
    assert await joined(elsewhere.sessions, "eve") == 3
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with elsewhere.sessions.begin() as session:
            await session.execute(text("UPDATE audit_entries SET action = 'nothing'"))
    with pytest.raises(DBAPIError, match="foreign key"):
        async with elsewhere.sessions.begin() as session:
            await session.execute(text("INSERT INTO blocks (blocker_id, blocked_id) VALUES (1, 99)"))


async def test_nothing_is_restored_over_what_is_there(archive: Path, elsewhere: Resources) -> None:
    await bring_back(archive, elsewhere)
    with pytest.raises(TargetNotEmptyError, match="file store"):
        await bring_back(archive, elsewhere)
    emptied = elsewhere.settings.model_copy(update={"files_directory": archive.parent / "third"})
    with pytest.raises(TargetNotEmptyError, match="rows in"):
        await restore(archive, check(archive), emptied.database_url, FileStore.of(emptied), lambda: None)


async def test_a_restore_that_fails_leaves_nothing_and_may_be_repeated(archive: Path, elsewhere: Resources) -> None:
    def stop() -> None:
        raise RuntimeError("no room for the keys")

    store = FileStore.of(elsewhere.settings)
    with pytest.raises(RuntimeError, match="no room"):
        await restore(archive, check(archive), elsewhere.settings.database_url, store, stop)
    assert not [file for file in elsewhere.settings.files_directory.rglob("*") if file.is_file()]
    await bring_back(archive, elsewhere)


async def test_one_changed_byte_is_noticed_before_anything_is_touched(archive: Path, tmp_path: Path) -> None:
    for victim in ("tables/messages", "tables/ballots", KEYS["plain"]):
        with pytest.raises(BadArchiveError, match=victim):
            check(rewritten(archive, tmp_path / "changed", victim, lambda content: content[:-1] + b"?"))
    with pytest.raises(BadArchiveError, match=r"tables/users"):
        check(rewritten(archive, tmp_path / "shorter", "tables/users", None))


async def test_half_an_archive_is_none(archive: Path, tmp_path: Path) -> None:
    whole = await anyio.Path(archive).read_bytes()
    for content in (whole[: len(whole) // 2], whole[:-4000], b"not even gzip", b""):
        await anyio.Path(tmp_path / "half").write_bytes(content)
        with pytest.raises(BadArchiveError):
            check(tmp_path / "half")


def rewritten(archive: Path, target: Path, victim: str, change: object) -> Path:
    """The archive with one member changed, or left out."""
    with tarfile.open(target, "w:gz") as written:
        for name, file in members(archive):
            content = file.read()
            if name == victim:
                if not callable(change):
                    continue
                content = change(content)
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            written.addfile(entry, io.BytesIO(content))
    return target


async def test_sealed_keys_open_with_their_passphrase_alone(
    community: FileStore, settings_here: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "sealed"
    manifest = await back_up(settings_here, file, with_keys=True, passphrase="the right one")
    secret = settings_here.secret_key.get_secret_value()
    assert open_keys(file, manifest, "the right one")["secret_key"] == secret
    for other in ("the wrong one", None):
        with pytest.raises(BadArchiveError):
            open_keys(file, manifest, other)
    assert all(secret.encode() not in content.read() for _, content in members(file))


async def test_without_keys_there_are_none(community: FileStore, settings_here: Settings, tmp_path: Path) -> None:
    file = tmp_path / "without"
    manifest = await back_up(settings_here, file, with_keys=False, passphrase=None)
    assert (manifest.keys, open_keys(file, manifest, None)) == ("absent", {})
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_file_that_is_collected_meanwhile_is_told_and_left_out(
    community: FileStore, resources: Resources, settings_here: Settings, tmp_path: Path
) -> None:
    key = await add_file(resources.sessions, community, 1)
    await community.remove([key])
    manifest = await back_up(settings_here, tmp_path / "gone", with_keys=False, passphrase=None)
    assert manifest.files_gone == [key, f"{key}.thumbnail"]


async def test_an_archive_of_a_newer_version_is_refused(archive: Path, elsewhere: Resources) -> None:
    newer = check(archive)
    newer.revision = "9999"
    with pytest.raises(BadArchiveError, match="newer"):
        await restore(archive, newer, elsewhere.settings.database_url, FileStore.of(elsewhere.settings), lambda: None)
