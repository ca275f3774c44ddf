"""``demo``: the whole of it in a temporary workspace, each command as a person would type it."""

from __future__ import annotations

import contextlib
import importlib
import os
import shlex
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from engine.commands.init import EXAMPLE, make_workspace
from engine.model.errors import StagewrightError

Step = tuple[str, str, int]
"""What is said, the command (``{days}`` stands for a time so many days ago), and the exit code it must have."""

STEPS: tuple[Step, ...] = (
    ("Is the process sound?", "check", 0),
    ("Two prospects enter it.", "start inside-sales acme --fact amount=9000 --as ana --role sdr --at {30}", 0),
    ("", "start inside-sales globex --fact amount=40000 --as ana --role sdr --at {28}", 0),
    (
        "One is qualified, with a reason, and sees a demo.",
        "advance acme qualify --reason need-confirmed --fact contact_role=user --as ana --role sdr --at {27}",
        0,
    ),
    ("", "advance acme hold-demo --as ben --role ae --at {21}", 0),
    (
        "May there be a proposal? All that is missing is told at once.",
        "advance acme send-proposal --as ben --role ae --at {20}",
        1,
    ),
    (
        "What was missing becomes known, and the same move is allowed.",
        "record acme contact_role=champion budget_confirmed=true --as ben --role ae --at {18}",
        0,
    ),
    ("", "advance acme send-proposal --as ben --role ae --at {18}", 0),
    ("The other is lost: an end has a reason.", "advance globex lose --reason price --as ana --role ae --at {15}", 1),
    ("", "advance globex lose --reason price --note 'Half the price elsewhere' --as ana --role ae --at {15}", 0),
    ("What can be done next?", "can acme --role ae", 0),
    ("Years later: why did it advance?", "why acme", 0),
    ("Where does everything stand?", "deals", 0),
    (
        "What did it come to? Of one lost deal nobody can say much: the interval shows it.",
        "measure --only outcomes",
        0,
    ),
    ("Does the journal still say what was written?", "verify", 0),
)


@click.command("demo", short_help="See it all in a temporary workspace.")
def command() -> int:
    """Check the shipped process, start prospects, advance some, refuse one and say why, count what came of it."""
    with temporary_workspace():
        for said, line, expected in STEPS:
            if said:
                click.echo(f"\n# {said}")
            code = run_line(line)
            if code != expected:
                raise StagewrightError(f"'{line}' ended with {code} where {expected} was due")
    click.echo("\nThat was all of it. Begin your own: stagewright init sales && cd sales && stagewright check")
    return 0


@contextlib.contextmanager
def temporary_workspace() -> Iterator[None]:
    """A workspace with the example in it, entered, and gone at the end."""
    # What the user has set for real work (a journal, a format) must neither reach the demo nor be reached by it.
    ours = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("STAGEWRIGHT_")}
    try:
        with tempfile.TemporaryDirectory(prefix="stagewright-") as folder:
            make_workspace(Path(folder), EXAMPLE)
            with contextlib.chdir(folder):
                yield
    finally:
        os.environ.update(ours)


def run_line(line: str) -> int:
    """Show a command and run it; returns its exit code."""
    now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    words = [_time(word, now) if word.startswith("{") else word for word in shlex.split(line)]
    click.echo(f"\n$ stagewright {shlex.join(words)}")
    module = importlib.import_module(f"engine.commands.{words[0]}")
    code = module.command.main(args=words[1:], prog_name=f"stagewright {words[0]}", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _time(word: str, now: datetime) -> str:
    days = int(word.strip("{}"))
    return (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
