"""``deals``: where every deal stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import click

from engine.commands.options import Where, format_option, make_occasion, where_options
from engine.commands.output import columns, put, style
from engine.commands.source import open_journal, people_of, process_of
from engine.model.deal import Deal
from engine.model.errors import UnknownName
from engine.model.names import did_you_mean, same_name
from engine.model.process import Process


@click.command("deals", short_help="List deals and where they stand.")
@click.option("--process", "name", default=None, metavar="NAME", help="Only deals of this process, or NAME@VERSION.")
@click.option("--stage", default=None, metavar="STAGE", help="Only deals in this stage.")
@click.option("--owner", default=None, metavar="WHO", help="Only deals that this person looks after.")
@click.option("--open", "only_open", is_flag=True, help="Only deals that have not ended.")
@click.option("--late", "only_late", is_flag=True, help="Only deals past the target or the alert of their stage.")
@click.option("--fact", "facts", multiple=True, metavar="FACT", help="A fact to show as a further column.")
@click.option("--at", metavar="TIME", envvar="STAGEWRIGHT_AT", help="Reckon time in stage up to then (default: now).")
@where_options
@format_option("text", "json", "csv", "markdown")
def command(
    name: str | None,
    stage: str | None,
    owner: str | None,
    only_open: bool,  # noqa: FBT001 - click hands flags over so
    only_late: bool,  # noqa: FBT001
    facts: tuple[str, ...],
    at: str | None,
    where: Where,
    output_format: str,
) -> None:
    """List deals: where each stands, since when, whether that is too long, its outcome and owner."""
    from engine.report.deals import brief, late, table, zones
    from engine.report.formats import render

    now = make_occasion(at=at, actor="", role="", key="").at
    with open_journal(where, read_only=True) as journal:
        read = process_of(journal)
        processes = {definition.digest: read(definition.digest) for definition in journal.definitions()}
        process, version = _known(name, stage, facts, processes)
        outcome = "" if only_open else None
        found = list(journal.deals(process=process, version=version, stage=stage, outcome=outcome))
    if owner is not None:
        _check_owner(owner, found, where)
        found = [deal for deal in found if same_name(owner) == same_name(deal.owner)]
    if only_open:
        # A forgotten deal never ends, and nobody is to do anything about it.
        found = [deal for deal in found if not deal.forgotten]
    excused = _excused(found, processes, now)
    if only_late:
        found = [deal for deal in found if late(deal, processes, now=now, excused=excused)]
    full = table(found, processes, now=now, facts=facts, excused=excused)
    shown = brief(full, zones(found, processes)) if output_format == "text" else full
    put(render(shown, output_format, width=columns(), style=style()))


def _excused(deals: Iterable[Deal], processes: Mapping[str, Process], now: datetime) -> frozenset[str]:
    """The deals that stand where they do for a stated reason; where no process asks for one, none."""
    if not any(stage.unless for process in processes.values() for stage in process.main.stages):
        return frozenset()
    from engine.analysis.excuses import excused

    return excused(deals, processes, now=now)


def _known(
    name: str | None, stage: str | None, facts: tuple[str, ...], processes: Mapping[str, Process]
) -> tuple[str | None, int | None]:
    """The process and version to look for. Raises ``UnknownName`` for what no version in the journal has."""
    every = tuple(processes.values())
    process, _, version = (name or "").partition("@")
    if name:
        _check("process", name, [one.id for one in every] + [one.name for one in every])
    if stage:
        _check("stage", stage, (each.id for one in every for each in one.main.stages))
    for fact in facts:
        _check("fact", fact, (each for one in every for each in one.facts))
    return process or None, int(version) if version else None


def _check_owner(owner: str, deals: Iterable[Deal], where: Where) -> None:
    """Raises ``UnknownName`` for whoever owns no deal and is in no list of people."""
    people = people_of(where)
    names = [*dict.fromkeys(deal.owner for deal in deals if deal.owner), *(people.ids if people else ())]
    if not any(same_name(owner) == same_name(name) for name in names):
        raise UnknownName(f"nobody of the name '{owner}' looks after a deal", hint=did_you_mean(owner, names))


def _check(what: str, name: str, known: Iterable[str]) -> None:
    names = dict.fromkeys(known)
    if name not in names:
        raise UnknownName(f"the journal knows no {what} '{name}'", hint=did_you_mean(name, names))
