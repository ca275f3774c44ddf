"""The versions of a process, and the history of a file in git, as tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.model.change import Changes, Level
from engine.model.table import Cell, Table

LEVELS = tuple(Level)

_COUNTED = tuple(level.value for level in LEVELS)

_VERSIONS = ("version", "released", "because", "released_because", *_COUNTED, "open_deals", "file")
_COMMITS = ("commit", "at", "author", "subject", "file", *_COUNTED, "against", "problem")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version. ``changes`` are against the version before; ``None``: there is none, or one of the two does not read.

    ``open_deals`` is ``None`` where there is no journal. ``file`` is ``as released``, ``changed since``,
    ``not released``, ``missing`` or ``has errors``.
    """

    version: int
    released: str
    because: str
    released_because: str
    changes: Changes | None
    open_deals: int | None
    file: str


@dataclass(frozen=True, slots=True)
class CommitRow:
    """A commit that touched a file. ``against`` names what ``changes`` are against; ``problem``: why there are none."""

    commit: str
    at: datetime
    author: str
    subject: str
    file: str
    changes: Changes | None
    against: str
    problem: str


def versions_table(name: str, rows: Iterable[VersionRow], *, notes: Iterable[str] = ()) -> Table:
    """``stagewright/versions/1``, a row a version."""
    cells = tuple(
        (
            *(row.version, row.released, row.because, row.released_because),
            *_counts(row.changes),
            *(row.open_deals, row.file),
        )
        for row in rows
    )
    return Table("versions", _VERSIONS, cells, f"Versions of {name}", tuple(notes))


def commits_table(name: str, rows: Iterable[CommitRow], *, notes: Iterable[str] = ()) -> Table:
    """``stagewright/commits/1``, a row a commit and file, newest first."""
    cells = tuple(
        (
            *(row.commit, row.at, row.author, row.subject, row.file),
            *_counts(row.changes),
            *(row.against, row.problem),
        )
        for row in rows
    )
    return Table("commits", _COMMITS, cells, f"Commits of {name}", tuple(notes))


def brief(table: Table) -> Table:
    """The columns that fit a terminal: those that say the most, and no empty ones; problems go below."""
    left_out = {"released_because", "problem", "against"}
    kept = [i for i, column in enumerate(table.columns) if column not in left_out and not _is_void(table, i)]
    rows = tuple(tuple(_short(table.columns[i], row[i]) for i in kept) for row in table.rows)
    problem = table.columns.index("problem") if "problem" in table.columns else None
    told = () if problem is None else (f"{row[0]}: {row[problem]}" for row in table.rows if row[problem])
    return Table(table.kind, tuple(table.columns[i] for i in kept), rows, table.title, (*told, *table.notes))


def _short(column: str, cell: Cell) -> Cell:
    """A file by its name alone: they all stand in one folder."""
    return cell.rpartition("/")[2] if column == "file" and isinstance(cell, str) else cell


def _is_void(table: Table, column: int) -> bool:
    """A column that tells nothing at all: there is no journal."""
    return table.columns[column] == "open_deals" and all(row[column] is None for row in table.rows)


def _counts(changes: Changes | None) -> tuple[Cell, ...]:
    return tuple(changes.count(level) if changes else None for level in LEVELS)
