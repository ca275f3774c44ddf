"""What the changes between two versions do to open deals and would have done to past moves: for ``diff``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.commands.options import Where
from engine.commands.past_moves import Period, read_by, replay_journal, replay_told
from engine.commands.source import JOURNAL_FILE, Source, open_journal, process_of
from engine.model.errors import BadValue, StagewrightError

if TYPE_CHECKING:
    from engine.journal.store import SqlJournal
    from engine.model.change import Changes
    from engine.model.deal import Deal
    from engine.model.process import Process
    from engine.model.study import Study
    from engine.versions.impact import Impact


class TwoVersions(Protocol):
    """Two versions of one process; ``between`` are those through which the one follows the other."""

    @property
    def old(self) -> Source:
        """The version of now."""

    @property
    def new(self) -> Source:
        """The version that may come."""

    @property
    def between(self) -> tuple[Process, ...]:
        """Those between."""


@dataclass(frozen=True, slots=True)
class Deals:
    """Where deals are told: in a file, read by a map, or (``file`` is ``None``) in the journal."""

    file: Path | None = None
    map_name: str | None = None


def with_impact(
    changes: Changes,
    two: TwoVersions,
    where: Where,
    *,
    deals: Deals | None = None,
    history: Deals | None = None,
    at: datetime | None = None,
) -> Changes:
    """The changes with what they do to open ``deals``, and would have done to the moves of ``history``.

    ``None``: not asked for. ``at`` is when deals are judged (default: now). Raises what reading them raises; deals that
    cannot be judged are told of in ``unread``.
    """
    if deals is not None:
        from engine.versions.impact_sections import impact_says, sections

        found = _impact(two, where, deals, at=at)
        changes = replace(
            changes,
            impact=(*changes.impact, *sections(found)),
            impact_says=(*changes.impact_says, *impact_says(found)),
            unread=(*changes.unread, *found.unread),
            # Deals are told in their own money, whatever the new version counts in.
            currency=found.currency,
        )
    if history is not None:
        # Both are told in one currency.
        study = _replay(two, where, history, at=at, currency=changes.currency if deals is not None else "")
        changes = replace(
            changes,
            impact=(*changes.impact, *(replace(each, id=f"replay-{each.id}") for each in study.sections)),
            impact_says=(*changes.impact_says, *study.says),
            currency=study.currency,
        )
    return changes


def _impact(two: TwoVersions, where: Where, deals: Deals, *, at: datetime | None) -> Impact:
    from engine.versions.impact import impact

    new = two.new.process
    now = at or datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    between = (*two.between, two.old.process)
    if deals.file is None:
        if deals.map_name is not None:
            raise BadValue("--map says how a file is read, and no FILE is given", hint="name the file after --deals")
        with open_journal(where, read_only=True) as journal:
            return impact(_open_deals(journal, new.id), _reader(journal), new, between=between, now=now)
    with _imported(two.old, where, deals, now=now) as (journal, left_out):
        found = impact(_open_deals(journal, new.id), lambda _: two.old.process, new, between=between, now=now)
    if not left_out:
        return found
    told = f"{left_out:,} rows of {deals.file} could not be read, and their deals are not among these"
    return replace(found, unread=(*found.unread, told))


def _open_deals(journal: SqlJournal, process: str) -> Iterable[Deal]:
    return (deal for deal in journal.deals(process=process) if not deal.outcome)


def _reader(journal: SqlJournal) -> Callable[[str], Process | str]:
    """Versions by digest, or why one cannot be read."""
    read = process_of(journal)

    def told(digest: str) -> Process | str:
        try:
            return read(digest)
        except StagewrightError as error:
            return str(error)

    return told


@contextmanager
def _imported(old: Source, where: Where, deals: Deals, *, now: datetime) -> Iterator[tuple[SqlJournal, int]]:
    """A journal in a temporary folder with the deals of a file, as they went by the old version; and how many rows of
    it could not be read.
    """
    from engine.advance.many import import_past
    from engine.journal.connect import connect

    assert deals.file is not None  # noqa: S101 - of the journal nothing is imported
    export = read_by(old.process, where, file=deals.file, map_name=deals.map_name)
    with tempfile.TemporaryDirectory(prefix="stagewright-") as folder:
        journal = connect(str(Path(folder) / JOURNAL_FILE), create=True)
        try:
            import_past(journal, old.process, old.definition, export.deals, now=now, map_id="read")
            yield journal, export.left_out_rows
        finally:
            journal.close()


def _replay(two: TwoVersions, where: Where, history: Deals, *, at: datetime | None, currency: str) -> Study:
    if history.file is None:
        return replay_journal(two.new.process, where, Period(), at=at, currency=currency)
    return replay_told(
        two.new.process,
        two.old.process,
        where,
        between=two.between,
        file=history.file,
        map_name=history.map_name,
        currency=currency,
    )
