from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "kill_writers.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
def test_two_hundred_killed_writers_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(tmp_path), "--rounds", "100", "--writers", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0), done.stdout
    killed, verified = done.stdout.splitlines()
    assert killed.startswith("200 writers killed, ")
    assert int(killed.split()[3]) > 200
    assert verified == "nothing lost, 4 journals verify"
