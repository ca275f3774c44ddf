"""What an enemy who can write to the file of a journal can do to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from engine.journal.connect import connect
from engine.journal.seal import Seal
from engine.journal.tampering import Problem
from engine.journal.triggers import SQLITE
from engine.journal.verify import Verified, verify, verify_against


class Tampered:
    """A copy of a journal of three deals, and a way to do to its file what only an enemy does."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *statements: str) -> tuple[Problem, ...]:
        """Run statements with the triggers out of the way, put the triggers back, and verify."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as raw:
            for name in SQLITE:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)
            for text in SQLITE.values():
                raw.execute(text)
        return self.verify()

    def against(self, *seals: Seal) -> Verified:
        with closing(connect(str(self.path), create=False, read_only=True)) as journal:
            return verify_against(journal, seals)

    def verify(self) -> tuple[Problem, ...]:
        with closing(connect(str(self.path), create=False, read_only=True)) as journal:
            return verify(journal)
