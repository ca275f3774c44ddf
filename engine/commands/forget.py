"""``forget``: erase what a deal says about people."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from engine.commands.options import Where, actor_option, where_options
from engine.commands.output import put, remark
from engine.commands.source import open_journal, people_of
from engine.model.errors import BadValue, JournalError
from engine.report.escape import shown


@click.command("forget", short_help="Blank what a deal says about people, for good.")
@click.argument("deal")
@click.option("--because", required=True, metavar="TEXT", help="Why; it is kept, so name nobody in it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@actor_option
@where_options
def command(deal: str, because: str, yes: bool, actor: str, where: Where) -> int:  # noqa: FBT001 - click hands flags over so
    """Blank the names, notes, facts and verdicts of DEAL in the journal. It cannot be undone.

    Its name, stages, actions, reason codes and times stay, so that the chain holds and counts do not change.
    It takes no more entries. Backups, exports and copies elsewhere are not touched.
    """
    from engine.advance.commit import known_deal
    from engine.advance.trust import known_actor
    from engine.journal.forget import Forgetting, forget, forgetting_of
    from engine.report import forgotten as report

    if not because.strip():
        raise BadValue("a deal is forgotten for a reason", hint="say why with --because TEXT")
    by = known_actor(people_of(where), actor)
    with open_journal(where) as journal:
        known = known_deal(journal, deal)
        if not known.forgotten and not yes and not _ask(deal, known.length):
            put("nothing was forgotten")
            return 1
        now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
        done = forget(journal, deal, Forgetting(now, by, because))
        record = forgetting_of(journal, deal)
    told = (record.at, record.by, record.because) if record else None
    put(report.text(deal, done.entries, told, repeated=done.repeated))
    if journal.session.dialect.lingering:
        remark(journal.session.dialect.lingering)
    if done.lingering:
        raise JournalError(
            f"'{deal}' is forgotten, but what it said still stands in the file: {done.lingering}",
            hint="when nothing else has the journal open, run the same command again",
        )
    return 0


def _ask(deal: str, entries: int) -> bool:
    if not sys.stdin.isatty():
        raise BadValue(f"'{deal}' would be forgotten for good", hint="say --yes where nobody can be asked")
    remark(f"{shown(deal)} has {entries} entries; what they say about people will be gone for good")
    return click.confirm("Forget it?", err=True)
