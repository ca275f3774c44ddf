"""``why``: the story of a deal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, where_options
from engine.commands.output import columns, form_of, put, remark, style
from engine.commands.source import open_journal, process_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.journal.store import SqlJournal
    from engine.model.entry import Entry
    from engine.model.process import Process
    from engine.report.page import Proof


FORMS = {".txt": "text", ".md": "markdown", ".json": "json", ".html": "html", ".htm": "html"}


@click.command("why", short_help="Tell the story of a deal: each move and why.")
@click.argument("deal")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
@where_options
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "markdown", "json", "html"]),
    default=None,
    envvar="STAGEWRIGHT_FORMAT",
    help="How the story is written (default: by the ending of --out, else text).",
)
def command(deal: str, out: Path | None, where: Where, output_format: str | None) -> None:
    """Tell the story of DEAL: each move, when, who, why, under which version, and the rules with what they saw.

    It is read from the journal alone; the files of the process may be long gone. As HTML it is one page for whoever
    examines the deal, with what the chain says of it.
    """
    chosen = output_format or form_of(out, FORMS)
    with open_journal(where, read_only=True) as journal:
        told = _told(journal, deal, chosen, to_file=out is not None)
    if out is None:
        put(told)
        return
    from engine.loading.write import whole

    whole(out, told)
    remark(f"wrote {out}")


def _told(journal: SqlJournal, deal: str, output_format: str, *, to_file: bool) -> str:
    from engine.advance.commit import known_deal
    from engine.report import page, story

    known_deal(journal, deal)
    entries = journal.entries(deal)
    read = process_of(journal)
    processes = {entry.digest: read(entry.digest) for entry in entries}
    notes = _notes(journal, deal)
    if output_format == "html":
        return page.page(processes, entries, proof=_proof(journal, deal, entries), notes=notes)
    if output_format == "text":
        return _text(processes, entries, notes, to_file=to_file)
    return (story.json if output_format == "json" else story.markdown)(processes, entries, notes=notes)


def _text(processes: Mapping[str, Process], entries: Sequence[Entry], notes: Sequence[str], *, to_file: bool) -> str:
    from engine.report import story
    from engine.report.style import Style
    from engine.report.widths import TERMINAL

    shape = (Style.PLAIN, TERMINAL) if to_file else (style(), columns())
    return story.story(processes, entries, style=shape[0], columns=shape[1], notes=notes)


def _notes(journal: SqlJournal, deal: str) -> tuple[str, ...]:
    from engine.journal.forget import forgetting_of
    from engine.report import forgotten

    found = journal.deal(deal)
    if found is None or not found.forgotten:
        return ()
    record = forgetting_of(journal, deal)
    return (forgotten.note((record.at, record.by, record.because) if record else None),)


def _proof(journal: SqlJournal, deal: str, entries: Sequence[Entry]) -> Proof:
    from engine.journal.seal import head_of, name_of
    from engine.journal.verify import verify_deal
    from engine.report.page import Proof

    return Proof(
        journal=name_of(journal.session),
        head=head_of(journal.session, deal),
        verified_at=datetime.now(UTC),  # noqa: TID251 - the door is where the clock is read
        faults=tuple(map(str, verify_deal(journal, deal))),
        definitions=tuple(dict.fromkeys((f"{entry.process}@{entry.version}", entry.digest) for entry in entries)),
    )
