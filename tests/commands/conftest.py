"""A workspace to run commands in, as a person would."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

import pytest

import cli


@dataclass(frozen=True)
class Ran:
    """What a command answered, what it said beside, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs a command line in this process."""
    monkeypatch.setenv("NO_COLOR", "1")

    def typed(line: str) -> Ran:
        capsys.readouterr()
        code = cli.run(shlex.split(line))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Ran(code, captured.out, captured.err)

    return typed


@pytest.fixture
def workspace(run, tmp_path, monkeypatch):
    """A workspace made by ``init``, entered."""
    monkeypatch.chdir(tmp_path)
    assert run("init").code == 0
    return tmp_path


@pytest.fixture
def acme(run, workspace):
    """A deal that has been started."""
    assert run("start inside-sales acme --fact amount=9000 --as ana --role ae --at 2026-03-02T09:00").code == 0
    return workspace
