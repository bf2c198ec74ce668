"""The supervisor with small programs in the place of web, worker and beat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config import leftovers
from config.embedded import PROJECT
from config.programs import Program
from config.server_processes import wait_until
from config.supervising import LONGEST_PAUSE, Child

# Starts a process of its own, as granian and Celery do, and says who both are.
PROGRAM = """
import subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print(inner.pid, flush=True)
inner.wait()
"""
SUPERVISOR = f"""
import sys
from pathlib import Path
from config.programs import Program
from config.supervising import Supervisor
mark = {{"{leftovers.MARK}": sys.argv[1]}}
programs = [Program(name, [sys.executable, "-c", {PROGRAM!r}], mark) for name in ("one", "two")]
Supervisor(programs, folder=Path(sys.argv[1]), watch=lambda: None).run()
print("ended", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SUPERVISOR, str(tmp_path)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()
    for left in leftovers.programs(tmp_path):
        left.process.kill()


def lines(process: subprocess.Popen[str], count: int) -> list[list[str]]:
    assert process.stdout is not None
    return [process.stdout.readline().split() for _ in range(count)]


def running(folder: Path) -> set[int]:
    return {each.process.pid for each in leftovers.programs(folder)}


def test_lines_carry_the_name_of_their_program(supervisor: subprocess.Popen[str]) -> None:
    assert {line[0] for line in lines(supervisor, 2)} == {"one", "two"}


def test_killed_program_comes_back_and_leaves_nothing(
    supervisor: subprocess.Popen[str], tmp_path: Path
) -> None:
    inner = {line[0]: int(line[-1]) for line in lines(supervisor, 2)}
    outer = psutil.Process(inner["one"]).parent()
    assert outer is not None
    outer.kill()
    (told,) = lines(supervisor, 1)
    assert told[:5] == ["one", "|", "ended", "with", "SIGKILL;"]
    assert lines(supervisor, 1)[0][0] == "one"
    assert inner["one"] not in running(tmp_path)
    assert inner["two"] in running(tmp_path)
    assert len(running(tmp_path)) == 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_ends_all(
    supervisor: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    lines(supervisor, 2)
    supervisor.send_signal(number)
    assert supervisor.communicate(timeout=20)[0].endswith("ended\n")
    assert not running(tmp_path)


def test_nothing_stays_when_the_supervisor_is_killed(
    supervisor: subprocess.Popen[str], tmp_path: Path
) -> None:
    inner = {int(line[-1]) for line in lines(supervisor, 2)}
    assert inner < running(tmp_path)
    supervisor.kill()
    # The programs hear of it at once; what they started is ended by the next `up`, or `down`.
    assert wait_until(lambda: running(tmp_path) <= inner, 10)
    leftovers.end_programs(tmp_path)
    assert not running(tmp_path)


def test_program_that_cannot_stay_is_started_less_and_less_often(tmp_path: Path) -> None:
    child = Child(Program("short", [sys.executable, "-c", ""]), tmp_path)
    pauses = []
    for _ in range(9):
        os.close(child.start())
        assert child.process is not None
        child.process.wait()
        assert "status 0" in child.bury()
        pauses.append(round(child.start_at - time.monotonic()))
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses[-1] == LONGEST_PAUSE
