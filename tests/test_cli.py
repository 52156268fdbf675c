"""The `parlour` command."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.conftest import Register

from app.cli import main
from app.embedded.stack import Stack
from app.settings import environment_with

SLOW_TO_IMPORT = {"litestar", "sqlalchemy", "advanced_alchemy", "taskiq", "uvicorn", "pydantic", "alembic", "redis"}


def run(*words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "app", *words],
        input=stdin,
        env=environment_with(COLUMNS="200", **environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, app.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert SLOW_TO_IMPORT.isdisjoint(loaded.stdout.split())


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_says_what_it_does(command: str) -> None:
    shown = CliRunner().invoke(main, [command, "--help"])
    assert shown.exit_code == 0
    assert main.commands[command].help


def test_a_missing_setting_is_named_without_a_traceback(tmp_path: object) -> None:
    missing = run("migrate", "--state", str(tmp_path), DATABASE_URL="", REDIS_URL="", SECRET_KEY="")
    assert missing.returncode == 1
    assert "DATABASE_URL" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_a_superuser_is_created_and_can_log_in(stack: Stack) -> None:
    words = ("createsuperuser", "--username", "grace", "--email", "grace@example.org")
    created = run(*words, stdin="nanoseconds of wire\n", **stack.addresses, SECRET_KEY="x" * 32)
    assert created.returncode == 0, created.stderr
    login = {"username": "grace", "password": "nanoseconds of wire"}
    assert httpx.post(f"{stack.base_url}/api/users/login", json=login).status_code == 200

    again = run(*words, stdin="nanoseconds of wire\n", **stack.addresses, SECRET_KEY="x" * 32)
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


@pytest.mark.anyio
async def test_roles_shows_and_changes_what_somebody_may_do(stack: Stack, player: Register) -> None:
    linus = await player("linus")

    def roles(*words: str) -> subprocess.CompletedProcess[str]:
        return run("roles", *words, **stack.addresses, SECRET_KEY="x" * 32)

    assert roles(linus.username.upper(), "--staff").stdout == f"{linus.username}: staff\n"
    assert (await linus.http.get("/api/users/profile")).json()["is_staff"]
    nobody = roles("nobody", "--staff")
    assert nobody.returncode == 1
    assert "There is no such user." in nobody.stderr


@pytest.mark.slow
def test_the_operator_lists_creates_changes_and_ends_lotteries(stack: Stack) -> None:
    def lottery(*words: str) -> subprocess.CompletedProcess[str]:
        return run("lottery", *words, **stack.addresses, SECRET_KEY="x" * 32)

    terms = ("--zone", "Europe/Kyiv", "--prizes", "3", "--ballots", "5", "--audience", "verified")
    created = lottery("create", "friday", "weekly:friday", *terms)
    assert created.stdout.splitlines() == [
        "name    cadence        zone         prizes  ballots  audience  ended  title",
        "friday  weekly:friday  Europe/Kyiv  3       5        verified  -      -",
    ]
    assert lottery("create", "friday", "weekly:friday", *terms).stdout == created.stdout
    changed = lottery("change", "friday", "--prizes", "4", "--ballots", "0")
    assert changed.stdout.splitlines()[1].split() == [
        "friday", "weekly:friday", "Europe/Kyiv", "4", "1000", "verified", "-", "-",
    ]  # fmt: skip
    assert "UTC" in lottery("end", "friday").stdout
    listed = [line.split()[0] for line in lottery("list").stdout.splitlines()]
    assert listed[:2] == ["name", "daily"]
    assert "friday" in listed
    for words, said in (
        (("create", "Friday", "daily"), "name"),
        (("create", "monday", "mondays"), "A cadence is"),
        (("change", "friday", "--prizes", "2"), "This lottery has ended."),
        (("end", "daily"), "`daily` always runs"),
    ):
        refused = lottery(*words)
        assert refused.returncode == 1
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr


@pytest.mark.anyio
async def test_the_operator_declares_a_draw_void(stack: Stack, player: Register) -> None:
    def parlour(*words: str) -> subprocess.CompletedProcess[str]:
        return run(*words, **stack.addresses, SECRET_KEY=stack.environment["SECRET_KEY"])

    assert parlour("lottery", "create", "rehearsal", "daily").returncode == 0
    ballot = await (await player("ann")).http.post("/api/lottery/ballots", json={"lottery": "rehearsal"})
    assert ballot.status_code == 201, "with it the draws are open"
    voided = parlour("draws", "void", "rehearsal", "1", "--reason", "a rehearsal")
    assert (voided.stdout, voided.stderr) == (f"rehearsal 1 ({ballot.json()['draw']['period']}) is void.\n", "")


def test_a_key_for_pushes_is_printed_as_the_setting_that_it_is() -> None:
    printed = run("vapid")
    assert printed.returncode == 0, printed.stderr
    given = dict(line.split("=", 1) for line in printed.stdout.splitlines() if not line.startswith("#"))
    assert given.keys() == {"PARLOUR_VAPID_PRIVATE_KEY", "PARLOUR_VAPID_SUBJECT"}
    refused = run("migrate", **given, DATABASE_URL="", REDIS_URL="redis://x", SECRET_KEY="x" * 32)
    assert "DATABASE_URL" in refused.stderr
    assert "VAPID" not in refused.stderr, "what is missing is the database, and nothing else"


def test_migrate_on_a_current_database_changes_nothing(stack: Stack) -> None:
    migrated = run("migrate", **stack.addresses, SECRET_KEY="x" * 32)
    assert migrated.stdout == "Nothing to migrate.\n"


def test_migrate_says_who_is_not_let_in(stack: Stack) -> None:
    addresses = {**stack.addresses, "DATABASE_URL": stack.database_url.replace("/postgres?", "/nowhere?")}
    refused = run("migrate", **addresses, SECRET_KEY="x" * 32)
    assert refused.returncode == 1
    assert 'PostgreSQL does not let us in: database "nowhere" does not exist' in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_running_server_is_backed_up_and_comes_back_in_a_new_state(stack: Stack, tmp_path: Path) -> None:
    keys = {"SECRET_KEY": "x" * 32, "PARLOUR_LOG_KEY": "0109" * 16}
    archive, state, files = tmp_path / "backup.tar.gz", tmp_path / "state", {"PARLOUR_FILES_DIRECTORY": str(tmp_path)}
    written = run("backup", str(archive), **stack.addresses, **keys, **files)
    assert written.returncode == 0, written.stderr
    assert "holds this server's keys in the open" in written.stderr
    assert run("backup", str(archive), **stack.addresses, **keys, **files).returncode == 1, "never over another"

    alone = {"DATABASE_URL": "", "REDIS_URL": ""}
    restored = run("restore", str(archive), "--state", str(state), **alone)
    assert restored.returncode == 0, restored.stderr
    assert (state / "log_key").read_text() == keys["PARLOUR_LOG_KEY"]
    assert (state / "log_key").stat().st_mode & 0o777 == 0o600
    assert run("restore", str(archive), "--state", str(state), **alone).returncode == 1, "never over another"

    looked = run("doctor", "--state", str(state), **alone)
    assert "revision" in looked.stdout
    assert "it rests" in looked.stdout


def test_a_doctor_who_finds_something_wrong_ends_with_one(tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgresql://x@localhost:1/x", "REDIS_URL": "redis://localhost:1", "SECRET_KEY": "x" * 32}
    looked = run("doctor", "--state", str(tmp_path), **away, PARLOUR_FILES_DIRECTORY=str(tmp_path / "files"))
    assert looked.returncode == 1
    assert "compare DATABASE_URL" in looked.stdout
    assert "Traceback" not in looked.stderr
