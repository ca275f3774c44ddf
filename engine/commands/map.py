"""``map``: how a file would be read, as a map to correct."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.histories import check_any, map_path, tell_misfits
from engine.commands.options import Where, format_option, where_options
from engine.commands.output import put, remark, spare
from engine.commands.source import FaultyFile, named_process
from engine.model.errors import BadValue, UnwritableFile

if TYPE_CHECKING:
    from engine.history.export import Export
    from engine.model.map import Map
    from engine.model.process import Process
    from engine.model.proposal import Proposal


_MEND = "is it an export of deals, with a column for the deal, the stage and the time?"


@click.command("map", short_help="Propose how a file of deals is read.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--preset", metavar="NAME", help="Begin with a map that is there, such as salesforce or hubspot.")
@click.option("--name", metavar="NAME", help="The name of the map (default: that of the file).")
@click.option("--process", "process_name", metavar="NAME", help="The process whose stages those of the file become.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the map to this file.")
@where_options
@format_option("text", "json")
def command(
    file: Path,
    preset: str | None,
    name: str | None,
    process_name: str | None,
    out: Path | None,
    where: Where,
    output_format: str,
) -> int:
    """Look at FILE and write down which column is what, as a map with the evidence beside each line.

    What is not sure says `# check this`: correct it, then read the file by the map with review, draft or conform. Exit
    1 where a cell or row of the file could not be read by the map.
    """
    from engine.loading.map_text import map_text
    from engine.report import proposal as report

    spare(out, file)
    process = named_process(process_name, where).process if process_name else None
    found = _proposal(file, preset, where, process=process)
    proposal = _named(found, name or (out.stem if out else _own_name(found, file)))
    text = map_text(proposal)
    export = _read_by(text, file, process)
    if output_format == "json":
        put(report.json(proposal, text))
    elif out is None:
        put(text)
    if out is not None:
        # What answers nothing writes nothing.
        check_any(export, file, mend=_MEND)
        _write(out, text)
    # The map is shown even so: correcting it is the way on.
    check_any(export, file, mend=_MEND)
    tell_misfits(export, file)
    _tell(export, text, proposal.map.id, file, out)
    return int(not export.is_whole)


def _proposal(file: Path, preset: str | None, where: Where, *, process: Process | None) -> Proposal:
    from engine.history.adopt import adopted, from_preset
    from engine.history.propose import propose

    if preset is not None:
        return from_preset(_preset(preset, where), file, process)
    proposal = propose(file)
    return adopted(proposal, process) if process else proposal


def _own_name(proposal: Proposal, file: Path) -> str:
    """Never that of a shipped map, for '--map NAME' would mean that one: it is called after the file."""
    from engine.history.propose import named_after
    from engine.loading import catalog

    shipped = {path.stem for path in (catalog.shipped() / "maps").glob("*.yaml")}
    names = (proposal.map.id, named_after(file))
    return next((name for name in names if name not in shipped), f"our-{names[1]}")


def _preset(name: str, where: Where) -> Map:
    from engine.loading.maps import load_map

    loaded = load_map(map_path(name, where))
    if loaded.value is None:
        raise FaultyFile(loaded.findings)
    return loaded.value


def _named(proposal: Proposal, name: str | None) -> Proposal:
    from dataclasses import replace

    from engine.model.names import DASH_ID

    if name is None:
        return proposal
    if not DASH_ID.match(name):
        raise BadValue(f"'{name}' cannot name a map", hint="write small letters, digits and -, such as our-crm")
    return replace(proposal, map=replace(proposal.map, id=name))


def _read_by(text: str, file: Path, process: Process | None) -> Export:
    """The file, read by the map as it was written: what the user gets is what was tried."""
    from engine.history.read import read
    from engine.loading.document import parse_text
    from engine.loading.maps import read_map

    loaded = read_map(parse_text(text, "the map"), Path("map.yaml"), process=process)
    if loaded.value is None:
        raise FaultyFile(loaded.findings)
    return read(file, loaded.value, process)


def _write(out: Path, text: str) -> None:
    from engine.loading import write

    if out.exists():
        raise UnwritableFile(f"'{out}' is there already; nothing was written", hint="name another file with --out")
    write.whole(out, text)


def _tell(export: Export, text: str, name: str, file: Path, out: Path | None) -> None:
    from engine.loading.map_text import CHECK
    from engine.report.wording import count

    doubts = text.count(f"# {CHECK}")
    remark(f"read by it: {count(export.deal_count, 'deal')} with {count(export.moves, 'move')}")
    check = f"correct what says '{CHECK}' ({doubts}), then" if doubts else "then"
    path = shlex.quote(str(out or f"maps/{name}.yaml"))
    kept = f"wrote {out};" if out else f"keep it with --out {path};"
    remark(f"{kept} {check}: stagewright review {shlex.quote(str(file))} --map {path}")
