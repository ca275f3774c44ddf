"""What an import brought in, what deviated, and every cell that could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.model.past import BadCell
from engine.report import json_text
from engine.report.escape import shown
from engine.report.json_text import Data
from engine.report.style import Style, Tone, paint
from engine.report.widths import pad, pad_left, width
from engine.report.wording import both, count

SHOWN = 20
"""How many cells and rows are named in text, each."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row, or a deal with the row where it went wrong, that did not go in, and why."""

    row: int
    deal: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What came in. ``deals`` are new ones, ``continued`` got later moves; ``known`` were there before, unchanged.

    ``stages`` are the stages where the deals of the file stand, to how many deals. ``broken`` are the requirements
    that deviating moves broke, to how often; ``unknown`` the moves with a requirement that nobody can judge now.
    ``refused`` deals were left out as strict, ``conflicting`` ones because their past does not fit the journal's.
    ``left_out_rows`` are in no deal, ``repeated_rows`` said nothing new. ``unclear`` are the requirements behind
    ``unknown``. ``unread`` are columns that the map neither reads nor ignores.
    """

    rows: int
    deals: int
    moves: int
    continued: int = 0
    known: int = 0
    deviating: int = 0
    unknown: int = 0
    undated: int = 0
    refused: int = 0
    conflicting: int = 0
    left_out_rows: int = 0
    repeated_rows: int = 0
    bad_cells: int = 0
    stages: Mapping[str, int] = field(default_factory=dict)
    broken: Mapping[str, int] = field(default_factory=dict)
    unclear: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def text(
    counts: ImportCounts,
    bad_cells: Sequence[BadCell] = (),
    left_out: Sequence[LeftOut] = (),
    *,
    style: Style = Style.PLAIN,
) -> str:
    """The sum first, then what deviated, then the cells to mend and what did not go in."""
    blocks = [_sum(counts), *_unclear(counts), *_deviations(counts, style), *_cells(counts, bad_cells, style)]
    blocks += _left_out(counts, left_out, style)
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _sum(counts: ImportCounts) -> list[str]:
    lines = [f"{count(counts.deals, 'new deal')} with {count(counts.moves, 'move')}, from {count(counts.rows, 'row')}"]
    if counts.stages:
        stages = both(f"{number:,} {shown(stage)}" for stage, number in counts.stages.items() if number)
        lines.append(f"the deals of the file stand in: {stages}")
    told = (
        (counts.continued, "deal", "went on: what is new was added"),
        (counts.known, "deal", "of the file stood in the journal already, with the same past"),
        (counts.undated, "start or move", "without a date: counted, left out of times"),
        (counts.repeated_rows, "row", "said nothing new"),
        (counts.refused, "deal", "left out as --strict asks: the process would have refused a move"),
        (counts.conflicting, "deal", "left out: the past in the file does not fit the past in the journal"),
        (counts.left_out_rows, "row", "left out, as part of no deal"),
    )
    lines += [f"{count(number, what, _many(what))} {said}" for number, what, said in told if number]
    if counts.unread:
        lines.append(f"columns not read: {shown(', '.join(counts.unread))}; name them in the map, or under 'ignore'")
    return lines


def _many(what: str) -> str:
    return "starts or moves" if what == "start or move" else ""


def _unclear(counts: ImportCounts) -> list[list[str]]:
    if not counts.unknown:
        return []
    head = f"{count(counts.unknown, 'move')} could not be judged in full: the file does not say what was known then of"
    return [[head, *_counted(counts.unclear)]]


def _deviations(counts: ImportCounts, style: Style) -> list[list[str]]:
    if not counts.deviating:
        return []
    head = paint(f"{count(counts.deviating, 'move')} happened that the process would have refused", Tone.CAUTION, style)
    return [[head, *_counted(counts.broken)]]


def _counted(requirements: Mapping[str, int]) -> list[str]:
    """Each requirement with its number of moves, the most first."""
    ordered = sorted(requirements.items(), key=lambda item: (-item[1], item[0]))
    widest = max((len(f"{number:,}") for number in requirements.values()), default=0)
    return [f"  {pad_left(f'{number:,}', widest)}  {shown(_named(name))}" for name, number in ordered]


def _named(requirement: str) -> str:
    name, _, part = requirement.partition("/")
    return f"{requirement}: no action leads to {name} from where the deals stood" if part == "stage" else requirement


def _cells(counts: ImportCounts, bad_cells: Sequence[BadCell], style: Style) -> list[list[str]]:
    if not bad_cells:
        return []
    widest = max(width(shown(cell.cell)) for cell in bad_cells)
    lines = [paint(f"{count(max(counts.bad_cells, len(bad_cells)), 'cell')} could not be read", Tone.BAD, style)]
    for cell in bad_cells[:SHOWN]:
        column = f" ({shown(cell.column)})" if cell.column else ""
        lines.append(f"  {pad(shown(cell.cell), widest)}{column}  {shown(cell.message)}")
        lines += [f"  {' ' * widest}  {shown(cell.hint)}"] if cell.hint else []
    return [lines + _rest(max(counts.bad_cells, len(bad_cells)))]


def _left_out(counts: ImportCounts, left_out: Sequence[LeftOut], style: Style) -> list[list[str]]:
    if not left_out:
        return []
    number = max(counts.left_out_rows + counts.refused + counts.conflicting, len(left_out))
    lines = [paint("not brought in", Tone.BAD, style)]
    for left in left_out[:SHOWN]:
        deal = f", deal {shown(left.deal)}" if left.deal else ""
        lines.append(f"  row {left.row}{deal}: {shown(left.message)}")
    if counts.conflicting:
        lines.append("what the journal says stays; put a fact right with: stagewright record DEAL FACT=VALUE")
    return [lines + _rest(number)]


def _rest(number: int) -> list[str]:
    return [f"  and {number - SHOWN:,} more; --format json names up to a thousand"] if number > SHOWN else []


def json(counts: ImportCounts, bad_cells: Sequence[BadCell] = (), left_out: Sequence[LeftOut] = ()) -> str:
    """``stagewright/import/1``: the counts, a row a cell that could not be read, and what did not go in."""
    parts: dict[str, Data] = {
        "rows_read": counts.rows,
        "deals": counts.deals,
        "moves": counts.moves,
        "continued": counts.continued,
        "known": counts.known,
        "deviating": counts.deviating,
        "unknown": counts.unknown,
        "undated": counts.undated,
        "refused": counts.refused,
        "conflicting": counts.conflicting,
        "left_out_rows": counts.left_out_rows,
        "repeated_rows": counts.repeated_rows,
        "bad_cells": counts.bad_cells,
        "stages": dict(counts.stages),
        "unread": counts.unread,
        "unclear": tuple({"requirement": name, "moves": number} for name, number in counts.unclear.items()),
        "broken": tuple({"requirement": name, "moves": number} for name, number in counts.broken.items()),
    }
    left: Data = tuple({"row": each.row, "deal": each.deal, "message": each.message} for each in left_out)
    return json_text.document("import", {**parts, "left_out": left, "rows": tuple(_cell(cell) for cell in bad_cells)})


def _cell(cell: BadCell) -> Data:
    return {
        "cell": cell.cell,
        "column": cell.column,
        "value": cell.value,
        "message": cell.message,
        "hint": cell.hint,
        "deal": cell.deal,
    }
