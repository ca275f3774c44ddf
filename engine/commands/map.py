"""``map``: how a file would be read, as a map to correct."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.options import Where, format_option, where_options
from engine.commands.output import put, remark
from engine.commands.source import FaultyFile, named_process
from engine.model.errors import BadValue, UnreadableFile, UnwritableFile

if TYPE_CHECKING:
    from engine.history.export import Export
    from engine.model.map import Map
    from engine.model.process import Process
    from engine.model.proposal import Proposal


@click.command("map", short_help="Propose how a file of deals is read.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--preset", metavar="NAME", help="Begin with a map that is there, such as salesforce or hubspot.")
@click.option("--name", metavar="NAME", help="The name of the map (default: that of the file).")
@click.option("--process", "process_name", metavar="NAME", help="The process whose stages those of the file become.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the map to this file.")
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

    process = named_process(process_name, where).process if process_name else None
    proposal = _named(_proposal(file, preset, where, process=process), name or (out.stem if out else None))
    text = map_text(proposal)
    export = _read_by(text, file, process)
    if output_format == "json":
        put(report.json(proposal, text))
    elif out is None:
        put(text)
    if out is not None:
        _write(out, text)
    _tell(export, text, proposal.map.id, file, out)
    return int(not export.is_whole)


def _proposal(file: Path, preset: str | None, where: Where, *, process: Process | None) -> Proposal:
    from engine.history.adopt import adopted, from_preset
    from engine.history.propose import propose

    if preset is not None:
        return from_preset(_preset(preset, where), file, process)
    proposal = propose(file)
    return adopted(proposal, process) if process else proposal


def _preset(name: str, where: Where) -> Map:
    from engine.commands.histories import map_path
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
    from engine.commands.histories import tell_misfits
    from engine.loading.map_text import CHECK
    from engine.report.wording import count

    tell_misfits(export, file)
    doubts = text.count(f"# {CHECK}")
    if not export.deal_count:
        raise UnreadableFile(f"no deal of '{file}' can be read by this map", hint=_why(export, doubts))
    remark(f"read by it: {count(export.deal_count, 'deal')} with {count(export.moves, 'move')}")
    check = f"correct what says '{CHECK}' ({doubts}), then" if doubts else "then"
    kept = f"wrote {out};" if out else f"keep it with --out maps/{name}.yaml;"
    remark(f"{kept} {check}: stagewright review {file} --map {out or name}")


def _why(export: Export, doubts: int) -> str:
    """Why nothing could be read, and what to do."""
    from engine.loading.map_text import CHECK

    mend = f"correct what says '{CHECK}'" if doubts else "correct the map"
    if export.bad_cells:
        cell = export.bad_cells[0]
        return f"{cell.cell}: {cell.message}; {mend}"
    if export.left_out:
        return f"row {export.left_out[0].row}: {export.left_out[0].reason}; {mend}"
    return f"all its rows are passed over; {mend}"
