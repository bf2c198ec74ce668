"""The key that signs sessions: made once, for its owner alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from config import secret_key
from config.embedded import PROJECT


def test_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    assert secret_key.kept(tmp_path) is None
    secret_key.ensure(tmp_path)
    first = secret_key.kept(tmp_path)
    assert first is not None
    assert len(first) >= 50
    secret_key.ensure(tmp_path)
    assert secret_key.kept(tmp_path) == first
    assert secret_key.file_of(tmp_path).stat().st_mode & 0o777 == 0o600


def test_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config import secret_key as s; d = Path(sys.argv[1])\n"
    )
    program += "s.ensure(d); print(s.kept(d))"
    command = [sys.executable, "-c", program, str(tmp_path)]
    starts = [subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    keys = {start.communicate()[0] for start in starts}
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]
