"""The deals with which a simulation begins: those that are open in the journal, as the version would have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.output import remark
from engine.commands.source import Source, open_journal, process_of
from engine.commands.versions_read import other_versions

if TYPE_CHECKING:
    from engine.journal.store import SqlJournal
    from engine.model.deal import Deal


def open_deals(where: Where, source: Source, begin: datetime) -> tuple[Deal, ...]:
    """The deals of the process that were open at that moment, as they stood then, in the words of this version.

    Those that it cannot place are told and left out.
    """
    from engine.versions.scenario_deals import brought

    process = source.process
    with open_journal(where, read_only=True) as journal:
        deals = sorted(_open_then(journal, process.id, begin), key=lambda deal: deal.id)
        read = process_of(journal)
        olds = {digest: read(digest) for digest in {deal.digest for deal in deals}}
    found = brought(deals, olds, process, other_versions(process, where, olds.values()), now=begin)
    if not deals:
        # A forecast that begins with nothing is low, and nobody who said --from-journal means that.
        then = f"{begin:%Y-%m-%d %H:%M} UTC"
        remark(f"no deal of {process.id} is open in the journal at {then}; 'stagewright deals' tells what is")
    for why, count in found.left.items():
        are = "1 open deal is" if count == 1 else f"{count:,} open deals are"
        remark(f"{are} left out: {why}; 'stagewright plan {process.name}' tells how they come to it")
    return tuple(replace(deal, digest=source.definition.digest) for deal in found.deals)


def _open_then(journal: SqlJournal, process_id: str, begin: datetime) -> Iterator[Deal]:
    from engine.model.deal import fold

    later = 0
    for deal in journal.deals(process=process_id):
        then: Deal | None = deal
        if deal.last_at > begin:
            then = fold(entry for entry in journal.entries(deal.id) if entry.happened_at <= begin)
        later += then is None and not deal.outcome
        if then is not None and not then.outcome and then.process == process_id and not then.forgotten:
            yield then
    if later:
        came = "1 open deal is" if later == 1 else f"{later:,} open deals are"
        undated = "; one that was imported without a date counts from its import"
        remark(f"{came} left out: the journal has nothing of them before {begin:%Y-%m-%d %H:%M} UTC{undated}")
