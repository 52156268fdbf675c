"""PostgreSQL and Valkey as child processes: what crashes, strange paths and strange owners do to them."""

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from redis import Redis
from tests.embedded.alive import lives

from app.embedded.identity import OURSELVES, ROOT, identity_of_servers
from app.embedded.places import SOCKET_PATH_BYTES, Places, StateInUse, exclusive
from app.embedded.postgres import Postgres
from app.embedded.process import wait_until
from app.embedded.temporary import Servers, temporary_places, temporary_servers
from app.embedded.valkey import Valkey

GONE_SECONDS = 10


@pytest.fixture
def pair() -> Iterator[Servers]:
    """Servers of this test's own, to break."""
    with temporary_servers() as both:
        yield both


def ask(postgres: Postgres, query: str) -> object:
    async def run() -> object:
        connection = await asyncpg.connect(postgres.url.replace("+asyncpg", ""))
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(run())


def restart(servers: Servers) -> None:
    servers.valkey.start()
    servers.postgres.start()
    servers.postgres.wait_until_ready()
    servers.valkey.wait_until_ready()


def test_what_was_stored_is_there_after_both_servers_were_killed(pair: Servers) -> None:
    ask(pair.postgres, "CREATE TABLE kept AS SELECT 42 AS answer")
    with Redis.from_url(pair.valkey.url) as redis:
        redis.set("kept", "42")
        wait_until(lambda: redis.info("persistence")["aof_pending_bio_fsync"] == 0, 2)

    pair.postgres.process.kill()
    pair.valkey.process.kill()
    restart(pair)

    assert ask(pair.postgres, "SELECT answer FROM kept") == 42
    with Redis.from_url(pair.valkey.url) as redis:
        assert redis.get("kept") == b"42"


def test_the_servers_end_with_their_parent_and_not_with_the_thread_that_started_them(pair: Servers) -> None:
    pair.valkey.process.kill()
    starting = threading.Thread(target=pair.valkey.start)
    starting.start()
    starting.join()
    pair.valkey.wait_until_ready()
    assert pair.valkey.process.alive


def test_a_server_that_an_earlier_run_left_behind_is_ended_first(pair: Servers) -> None:
    orphan = pair.postgres.process.pid
    successor = Postgres(pair.postgres.places, durable=False)
    successor.start()
    try:
        successor.wait_until_ready()
        assert not pair.postgres.process.alive
        assert successor.process.pid != orphan
    finally:
        successor.stop()


def test_a_process_number_that_now_belongs_to_another_process_does_not_keep_postgresql_from_starting(
    pair: Servers,
) -> None:
    pair.postgres.process.kill()
    pid_file = pair.postgres.data / "postmaster.pid"
    # PostgreSQL ignores its own parent's number and other users' processes: only a living one of its user fools it.
    bystander = subprocess.Popen(["sleep", "60"], **pair.postgres.places.identity.of_child())  # noqa: S607
    try:
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        pair.postgres.start()
        pair.postgres.wait_until_ready()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_state_at_a_very_long_path_works() -> None:
    with temporary_places() as places:
        deep = places.state / "with a space" / ("deep" * 30) / ("deeper" * 20)
        for part in reversed(deep.relative_to(places.state).parents):
            (places.state / part).mkdir(exist_ok=True)
        prepared = Places.prepare(deep)
        postgres = Postgres(prepared, durable=False)
        try:
            postgres.start()
            postgres.wait_until_ready()
            assert ask(postgres, "SELECT 1") == 1
            assert len(os.fsencode(prepared.sockets / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
        finally:
            postgres.stop()
            prepared.sockets.joinpath("leftover").unlink(missing_ok=True)
            prepared.sockets.rmdir()


def test_a_socket_directory_that_somebody_else_prepared_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    trap = tmp_path / "sockets"
    trap.symlink_to(elsewhere)
    with pytest.raises(PermissionError, match="somebody else"):
        identity_of_servers().make_private(trap)


def test_a_second_start_over_the_same_state_is_refused(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(StateInUse, match=str(os.getpid())), exclusive(tmp_path):
        pytest.fail("both held it")


def test_two_pairs_live_side_by_side(pair: Servers) -> None:
    with temporary_servers() as other:
        ask(other.postgres, "CREATE TABLE only_here ()")
        assert ask(pair.postgres, "SELECT to_regclass('only_here')") is None
        assert pair.valkey.url != other.valkey.url


def test_root_hands_the_servers_to_an_unprivileged_user() -> None:
    identity = identity_of_servers()
    assert (identity == OURSELVES) == (os.geteuid() != ROOT)


@pytest.mark.skipif(os.geteuid() != ROOT, reason="every other test here already runs as an ordinary user")
def test_an_ordinary_user_starts_them_too() -> None:
    nobody = identity_of_servers()
    interpreters = [Path(sys.executable), Path(f"/usr/bin/python3.{sys.version_info.minor}")]
    python = next((path for path in interpreters if path.exists() and nobody.can_enter(path.resolve().parent)), None)
    package = Path(asyncpg.__file__).parent
    if python is None or not nobody.can_enter(package):
        pytest.skip("no Python that an ordinary user could run")
    script = """
        from app.embedded.temporary import temporary_servers
        with temporary_servers() as both:
            print("up")
    """
    done = subprocess.run(  # noqa: S603
        [python, "-c", textwrap.dedent(script)],
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **nobody.of_child(),
    )
    assert done.stdout == "up\n", done.stderr


def test_killing_the_parent_takes_the_servers_along() -> None:
    script = """
        import sys
        from app.embedded.temporary import temporary_servers
        with temporary_servers() as both:
            places = both.postgres.places
            print(both.postgres.process.pid, both.valkey.process.pid, places.state, places.sockets)
            sys.stdout.flush()
            sys.stdin.read()
    """
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", textwrap.dedent(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        *pids, state, sockets = parent.stdout.readline().split()
        parent.kill()
    assert wait_until(lambda: not any(lives(int(pid)) for pid in pids), GONE_SECONDS)
    for directory in (state, sockets):
        subprocess.run(["rm", "-rf", directory], check=True)  # noqa: S603, S607


def test_valkey_refuses_writes_rather_than_forgetting_when_it_is_full() -> None:
    with temporary_places() as places:
        valkey = Valkey(places)
        try:
            valkey.start()
            valkey.wait_until_ready()
            with Redis.from_url(valkey.url) as redis:
                settings = redis.config_get("maxmemory*")
                assert settings["maxmemory-policy"] == "noeviction"
                assert int(settings["maxmemory"]) > 0
                assert redis.config_get("append*")["appendfsync"] == "everysec"
        finally:
            valkey.stop()
