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


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What came in. ``deals`` are new ones; ``known`` were in the journal before, and are left as they were.

    ``outcomes`` are (outcome, or ``open``) to deals. ``broken`` are the requirements that deviating moves broke,
    to how often; ``unknown`` the moves with a requirement nobody can judge; ``refused`` the deals left out as strict.
    """

    rows: int
    deals: int
    moves: int
    known: int = 0
    deviating: int = 0
    unknown: int = 0
    undated: int = 0
    refused: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    broken: Mapping[str, int] = field(default_factory=dict)


def text(counts: ImportCounts, bad_cells: Sequence[BadCell] = (), *, style: Style = Style.PLAIN) -> str:
    """The sum first, then what deviated, then the cells to mend."""
    blocks = [_sum(counts), *_deviations(counts, style), *_cells(bad_cells, style)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _sum(counts: ImportCounts) -> list[str]:
    outcomes = both(f"{number:,} {shown(outcome)}" for outcome, number in counts.outcomes.items() if number)
    came = f"{count(counts.deals, 'deal')} with {count(counts.moves, 'move')} from {count(counts.rows, 'row')}"
    lines = [came + (f": {outcomes}" if outcomes else "")]
    if counts.known:
        lines.append(f"{count(counts.known, 'deal')} of the file stood in the journal already and stayed as they were")
    if counts.undated:
        lines.append(f"{count(counts.undated, 'move')} without a date: counted, left out of times")
    if counts.unknown:
        lines.append(f"{count(counts.unknown, 'move')} could not be judged in full: the facts were not known then")
    if counts.refused:
        lines.append(f"{count(counts.refused, 'deal')} left out: the process refuses a move of theirs (--strict)")
    return lines


def _deviations(counts: ImportCounts, style: Style) -> list[list[str]]:
    if not counts.deviating:
        return []
    ordered = sorted(counts.broken.items(), key=lambda item: (-item[1], item[0]))
    widest = max((len(f"{number:,}") for number in counts.broken.values()), default=0)
    head = paint(f"{count(counts.deviating, 'move')} happened that the process would have refused", Tone.CAUTION, style)
    return [[head, *(f"  {pad_left(f'{number:,}', widest)}  {shown(broken)}" for broken, number in ordered)]]


def _cells(bad_cells: Sequence[BadCell], style: Style) -> list[list[str]]:
    if not bad_cells:
        return []
    widest = max(width(shown(cell.cell)) for cell in bad_cells)
    lines = [paint(f"{count(len(bad_cells), 'cell')} could not be read", Tone.BAD, style)]
    for cell in bad_cells:
        column = f" ({shown(cell.column)})" if cell.column else ""
        lines.append(f"  {pad(shown(cell.cell), widest)}{column}  {shown(cell.message)}")
        lines += [f"  {' ' * widest}  {shown(cell.hint)}"] if cell.hint else []
    return [lines]


def json(counts: ImportCounts, bad_cells: Sequence[BadCell] = ()) -> str:
    """``stagewright/import/1``: the counts, and a row a cell that could not be read."""
    parts: dict[str, Data] = {
        "rows_read": counts.rows,
        "deals": counts.deals,
        "moves": counts.moves,
        "known": counts.known,
        "deviating": counts.deviating,
        "unknown": counts.unknown,
        "undated": counts.undated,
        "refused": counts.refused,
        "outcomes": dict(counts.outcomes),
        "broken": tuple({"requirement": name, "moves": number} for name, number in counts.broken.items()),
    }
    return json_text.document("import", {**parts, "rows": tuple(_cell(cell) for cell in bad_cells)})


def _cell(cell: BadCell) -> Data:
    return {
        "cell": cell.cell,
        "column": cell.column,
        "value": cell.value,
        "message": cell.message,
        "hint": cell.hint,
        "deal": cell.deal,
    }
