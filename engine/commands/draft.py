"""``draft``: closed deals in, a first process out."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.histories import history_options, map_path, read_here, told_deals
from engine.commands.options import Where, format_option, parse_time, where_options
from engine.commands.output import columns, put, remark, spare, style
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from engine.commands.histories import History
    from engine.model.draft import Draft
    from engine.model.process import Process


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say, as they were typed."""

    name: str | None
    keep: str
    since: str | None
    out: Path | None


@click.command("draft", short_help="Write a first process from closed deals.")
@history_options
@click.option("--name", metavar="NAME", help="What the process is called (default: as the map).")
@click.option("--keep", default="3%", show_default=True, metavar="SHARE", help="What is rarer stays out of it.")
@click.option("--since", metavar="DATE", help="Count only what happened from then on.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it there, such as processes/NAME/1.yaml; into a file that is there what is new.",
)
@click.option("--at", metavar="TIME", help="As the deals stood then (default: at the last time they tell, or now).")
@where_options
@format_option("text", "json")
def command(
    file: Path | None,
    map_name: str | None,
    process_name: str | None,
    name: str | None,
    keep: str,
    since: str | None,
    out: Path | None,
    at: str | None,
    where: Where,
    output_format: str,
) -> None:
    """Write a first process from the closed deals of FILE or, without one, of the journal.

    Stages in order, actions, losses and returns, targets, probabilities, and beside every line what it rests on. It
    ends with a score card: how well a draft from earlier deals tells the later ones. Without --out the process goes to
    stdout and the card to stderr. Into a file that is there only what is new is written: your changes stay.
    """
    asked = Asked(name, keep, since, out)
    if out is not None and out.suffix.lower() not in (".yaml", ".yml"):
        raise BadValue(f"'{out}': a draft is a process, written as YAML", hint="name a file that ends in .yaml")
    spare(out, *read_here(where, file, map_name))
    history = told_deals(where, file, map_name=map_name, process_name=process_name, at=parse_time(at) if at else None)
    told_order = file is None or _is_ordered(where, map_name, process_name)
    draft, text, told = _drafted(history, asked, where, told_order=told_order)
    if out is not None:
        from engine.loading import write

        write.whole(out, text)
    if output_format == "json":
        from engine.report import draft as report

        put(report.json(draft, text, told))
        return
    _tell(draft, text, told, out)


def _is_ordered(where: Where, map_name: str | None, process_name: str | None) -> bool:
    """Whether somebody said in which order the stages stand: a process, a map, or what 'map' proposes."""
    from engine.loading.maps import load_map

    if map_name is None or process_name is not None:
        return True
    map_ = load_map(map_path(map_name, where)).value
    return map_ is not None and bool(map_.process or map_.stages)


def _drafted(history: History, asked: Asked, where: Where, *, told_order: bool) -> tuple[Draft, str, tuple[str, ...]]:
    from engine.analysis.draft.draft import draft
    from engine.loading.drafted import new_text, text_into
    from engine.model.draft import Drafting, Order

    drafting = Drafting(
        keep=_share(asked.keep),
        order=Order.TOLD if told_order else Order.SEEN,
        since=parse_time(asked.since) if asked.since else None,
        as_of=history.as_of,
        source=Path(history.subject).name,
    )
    found = draft(history.tables, history.process, asked=drafting)
    found = replace(found, process=_named(found, asked))
    on = datetime.now(UTC).date()  # noqa: TID251 - the door is where the clock is read
    if asked.out is None:
        written = new_text(found, on=on)
    else:
        written = text_into(asked.out, found, on=on, workspace=where.workspace)
    return found, written.text, written.told


def _share(text: str) -> float:
    from engine.model.syntax import PERCENT
    from engine.model.values import parse_value

    try:
        share = float(str(parse_value(text, PERCENT)))
    except BadValue as error:
        raise BadValue(f"--keep: {error}", hint=error.hint) from None
    if not 0 <= share < 1:
        raise BadValue(f"--keep: {text} cannot be kept", hint="write a percent from 0% and below 100%, such as 3%")
    return share


def _named(draft: Draft, asked: Asked) -> Process:
    """The process under its name: as said, as its folder, or as the map."""
    from engine.model.names import DASH_ID, RESERVED

    out = asked.out
    in_folder = out is not None and out.stem.isdigit() and out.absolute().parent.parent.name == "processes"
    folder = out.absolute().parent.name if out is not None and in_folder else ""
    name = asked.name or folder or draft.process.id
    if not DASH_ID.match(name) or name in RESERVED:
        raise BadValue(f"'{name}' cannot be the name of a process", hint="use lower-case letters, digits and '-'")
    version = int(out.stem) if out is not None and in_folder and 0 < int(out.stem) < 1_000_000 else 1
    return replace(draft.process, id=name, version=version)


def _tell(draft: Draft, text: str, told: tuple[str, ...], out: Path | None) -> None:
    from engine.report import draft as report
    from engine.report.escape import shown

    card = report.card_text(draft, width=columns(), style=style())
    name = f"{draft.process.id}@{draft.process.version}"
    starters = [path[1] for path, told_ in draft.remarks.items() if any(each.topic == "reasons" for each in told_)]
    hints = _of_reasons(starters)
    if out is None:
        put(text)
        remark(card)
        for each in hints:
            remark(each)
        place = f"processes/{draft.process.id}/{draft.process.version}.yaml"
        remark(f"next: write it to a file with --out {place}")
        return
    put(card)
    click.echo(f"wrote {shown(str(out))}")
    for each in told:
        click.echo(shown(each))
    for each in hints:
        click.echo(each)
    click.echo(f"next: correct its names and run 'stagewright check {shown(shlex.quote(str(out)))}'; then write")
    click.echo(f"'process: {name}' into the map:")
    click.echo("'conform' then tells how far deals keep to it, and 'import' brings them in")


def _of_reasons(actions: list[str]) -> tuple[str, ...]:
    """What to do about reasons that no deal told: they are asked of every loss, and what is imported has none."""
    if not actions:
        return ()
    names = " and ".join(actions)
    return (
        f"no deal told a reason: those of {names} are a start, and are asked of every loss;",
        "imported losses come in as 'reason unknown'. Write your own, or take 'reasons' out if nobody writes any down",
    )
