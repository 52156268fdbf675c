"""What the doctor finds, and that it finds it."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from tests.conftest import settings_for

from app.doctor import machine
from app.doctor.examining import examine
from app.doctor.findings import Finding, Verdict
from app.domain.lottery.tasks import reconcile_draws
from app.health import BEAT_KEPT_SECONDS, beats
from app.inbox.accept import Inbox
from app.resources import Resources
from app.settings import Settings

pytestmark = pytest.mark.anyio

FITS = {"draw_secret": SecretStr("5e" * 32), "log_key": SecretStr("10" * 32)}


@pytest.fixture
def installation(resources: Resources, tmp_path: Path) -> Settings:
    return changed(resources.settings, files_directory=tmp_path / "files", database_pool=5, **FITS)


def changed(settings: Settings, **changes: object) -> Settings:
    copy = settings.model_copy(update=changes)
    for derived in ("seed_secret", "signing_key"):
        copy.__dict__.pop(derived, None)  # The copy has what was derived from the ones before.
    return copy


async def found(settings: Settings, state: Path) -> dict[str, Finding]:
    return {one.check: one for one in await examine(settings, state, at_rest=False)}


async def test_an_installation_that_is_well(
    installation: Settings, redis: "Redis", tmp_path: Path, clean: None
) -> None:
    now, _ = await redis.time()
    for role in ("worker", "scheduler"):
        process = b'{"host":"h","pid":1,"started_at":"2026-11-21T00:00:00Z"}'
        await redis.zadd(beats(role), {process: now})
    seen = await found(installation, tmp_path)
    # Tests relax what costs time, and their disk is whoever runs them's to clear.
    theirs = {"durability", "disk of the state", "disk of the files", "open files"}
    assert {name: one for name, one in seen.items() if one.verdict is not Verdict.FINE and name not in theirs} == {}
    assert seen["at work"].seen == "1 workers, 1 schedulers"
    assert seen["schema"].seen.startswith("revision 00")


async def test_behind_a_pgbouncer_the_processes_are_not_counted(
    installation: Settings, tmp_path: Path, clean: None
) -> None:
    many = changed(installation, database_pool=90)
    assert (await found(many, tmp_path))["connections"].verdict is Verdict.WRONG
    assert (await found(changed(many, pgbouncer=True), tmp_path))["connections"].verdict is Verdict.FINE


async def test_a_database_that_may_lose_what_it_committed(installation: Settings, tmp_path: Path, clean: None) -> None:
    durability = (await found(installation, tmp_path))["durability"]
    assert (durability.verdict, durability.seen) == (Verdict.WRONG, "fsync, full_page_writes off")


async def test_nobody_at_work_and_an_entry_that_waits(
    installation: Settings, inbox: Inbox, redis: "Redis", tmp_path: Path
) -> None:
    await redis.zadd(beats("worker"), {b"long gone": (await redis.time())[0] - BEAT_KEPT_SECONDS - 5})
    waiting = await inbox.submit("chat", 1, b"an entry")
    await redis.xadd("inbox:{chat:2}", {"entry": "old"}, id="1-1")
    seen = await found(installation, tmp_path)
    waiting.cancel()
    assert seen["at work"].seen == "0 workers, 0 schedulers"
    assert "parlour worker" in seen["at work"].advice
    assert seen["backlog"].verdict is Verdict.WRONG
    assert seen["backlog"].seen.startswith("2 entries")


async def test_keys_that_are_not_those_of_this_installation(
    installation: Settings, resources: Resources, tmp_path: Path, clean: None
) -> None:
    here = Resources(installation, resources.engine, resources.sessions, resources.redis)
    await reconcile_draws(here, datetime.now(UTC))
    fits = await found(installation, tmp_path)
    assert (fits["draw secret"].verdict, fits["log key"].verdict) == (Verdict.FINE, Verdict.FINE)

    others = {"draw_secret": SecretStr("ab" * 32), "log_key": SecretStr("cd" * 32)}
    seen = await found(changed(installation, **others), tmp_path)
    assert (seen["draw secret"].verdict, seen["log key"].verdict) == (Verdict.WRONG, Verdict.WRONG)

    moved = await found(changed(installation, public_url="https://elsewhere.example.org"), tmp_path)
    assert moved["log key"].verdict is Verdict.NOTE


async def test_servers_that_are_away_are_told_without_a_traceback(tmp_path: Path) -> None:
    away = settings_for(
        "postgresql://nobody@/nothing?host=/nowhere", "unix:///nowhere.sock", files_directory=tmp_path / "files"
    )
    seen = await found(away, tmp_path)
    assert (seen["PostgreSQL"].verdict, seen["Redis"].verdict) == (Verdict.WRONG, Verdict.WRONG)
    assert seen["keys"].verdict is Verdict.NOTE, "No draw secret and no log key of their own"


async def test_a_database_that_nobody_has_migrated(installation: Settings, tmp_path: Path) -> None:
    empty = installation.database_url.replace("/postgres?", "/template1?")
    schema = (await found(changed(installation, database_url=empty), tmp_path))["schema"]
    assert (schema.verdict, schema.advice) == (Verdict.WRONG, "parlour migrate")


def test_a_key_that_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "log_key").write_text(secrets.token_hex(32))
    (tmp_path / "log_key").chmod(0o644)
    (finding,) = machine.key_files(tmp_path)
    assert finding.verdict is Verdict.WRONG
    (tmp_path / "log_key").chmod(0o600)
    (finding,) = machine.key_files(tmp_path)
    assert finding.verdict is Verdict.FINE


async def test_a_file_store_that_cannot_be_written(installation: Settings, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    finding = await machine.examine_files(changed(installation, files_directory=tmp_path / "a file"))
    assert finding.verdict is Verdict.WRONG
