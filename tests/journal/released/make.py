"""Write down a journal of the present revision, as text, for later programs to bring up to date.

    python -m tests.journal.released.make

Run it with the program as it is released, after its last change to ``engine/journal/migrations``. For a program of the
past, check that one out and put it first: ``PYTHONPATH=OLD python tests/journal/released/make.py``. It writes, beside
itself, ``REVISION.sqlite.sql``, ``REVISION.postgresql.sql`` and ``REVISION.json``: what the program then read in them.
"""

from __future__ import annotations

import dataclasses
import io
import json
import shlex
import sqlite3
import sys
import tempfile
from collections.abc import Mapping
from contextlib import chdir, closing, redirect_stdout
from datetime import datetime
from enum import Enum
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import cli
from engine.journal.connect import connect
from engine.journal.forget import forget
from engine.journal.schema import HEAD

HERE = Path(__file__).parent
DEEDS = """
start inside-sales acme --fact amount=9000 --as ana --role ae --at 2026-03-02T09:00 --key first
advance acme qualify --reason need-confirmed --fact contact_role=champion --as ana --role sdr --at 2026-03-03T09:00
advance acme hold-demo --as ana --role ae --at 2026-03-04T09:00 --key demo
advance acme send-proposal --as ana --role ae --at 2026-03-05T09:00
record acme budget_confirmed=true discount=20% decision_date=2026-04-01 --as ana --at 2026-03-06
advance acme send-proposal --as ana --role ae --at 2026-03-06T10:00
advance acme submit-contract --as ana --role ae --at 2026-03-06T11:00
record acme --touchpoint email --as bo --role ae --at 2026-03-07
advance acme negotiate --as ana --role ae --at 2026-03-08
approve acme sign --as max --role manager --at 2026-03-09
advance acme sign --as ana --role ae --at 2026-03-10 --note "signed: 'naïve' 😀 \\\\ % {0}"
start inside-sales Ärger --fact amount=60000 --as bo --role ae --at 2026-03-02T09:00
advance Ärger lose --reason price --note "too dear" --as bo --role ae --at 2026-03-03
advance Ärger reopen --as max --role manager --at 2026-03-04
start inside-sales gone --fact amount=1 --as Wilhelmina --role ae --at 2026-03-02T09:00
record gone --touchpoint call --as Wilhelmina --role ae --at 2026-03-03T09:00
import export.csv --map past.yaml --as max
"""
MAP = """\
map: past
title: What was sold before
process: inside-sales@2
file: {dates: ["%Y-%m-%d"]}
shape: moves
deal: deal
stage: stage
stages: {prospect: prospect, demo: demo, won: won, lost: lost}
happened: at
actor: who
facts: {amount: {column: amount, known: start}}
"""
EXPORT = """\
deal,stage,at,who,amount
old-1,prospect,2025-01-02,eve,5000
old-1,demo,2025-01-03,eve,5000
old-1,won,2025-02-01,eve,5000
old-2,prospect,2025-01-02,eve,700
old-2,lost,,eve,700
"""


def plain(value: object) -> Any:
    """A value of the journal as JSON has it, whatever it is made of."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {name: plain(value[name]) for name in sorted(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def read(url: str) -> dict[str, Any]:
    """All that a program reads in a journal."""
    with closing(connect(url)) as journal:
        return {
            "journal": dict(journal.session.rows("SELECT name, value FROM meta")),
            "entries": plain(tuple(journal.all_entries())),
            "deals": plain(tuple(journal.deals())),
            "definitions": plain(journal.definitions()),
        }


def fill(url: str) -> None:
    """Do the deeds, as a person would, in a new workspace."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("past.yaml").write_text(MAP, encoding="utf-8")
        Path("export.csv").write_text(EXPORT, encoding="utf-8")
        for line in ["init", *DEEDS.strip().splitlines()]:
            with redirect_stdout(io.StringIO()):
                code = cli.run([*shlex.split(line), *([] if line == "init" else ["--journal", url])])
            assert code in (0, 1), line
    with closing(connect(url)) as journal:
        forget(journal, "gone")


def main() -> None:
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        fill(str(path))
        told["sqlite"] = read(str(path))
        with closing(sqlite3.connect(path)) as raw:
            (number,) = raw.execute("PRAGMA application_id").fetchone()
            text = "\n".join((*raw.iterdump(), f"PRAGMA application_id = {number};", ""))
    (HERE / f"{HEAD}.sqlite.sql").write_text(text, encoding="utf-8")
    # By its path: a program of the past has no such module.
    spec = spec_from_file_location("postgres_server", HERE.parent / "postgres_server.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    with module.server() as server, tempfile.TemporaryFile("w+", encoding="utf-8") as dump:
        fill(server.url())
        told["postgresql"] = read(server.url())
        server.run("pg_dump", "--inserts", "--no-owner", server.url(), stdout=dump)
        dump.seek(0)
        # Without the words that only the client of the server itself knows.
        lines = [line for line in dump if not line.startswith("\\")]
        (HERE / f"{HEAD}.postgresql.sql").write_text("".join(lines), encoding="utf-8")
    text = json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (HERE / f"{HEAD}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
