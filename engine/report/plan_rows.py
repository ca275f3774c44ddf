"""A plan of deals as rows that a person fills in and gives back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.model.plan import Plan, base_text
from engine.model.values import plain_number
from engine.report.escape import csv_cell
from engine.report.plan import every

_SPECIAL = re.compile('[,;"\\t|]')
COLUMNS = "deal owner amount version stage fate to_stage migrate because why candidates".split()
"""The columns of the rows; after them one for each side track, and ``base``."""


def columns(plan: Plan) -> tuple[str, ...]:
    """The names of the columns of the rows."""
    tracks = dict.fromkeys(step.track for line in plan.lines for step in line.tracks if not step.is_gone)
    return (*COLUMNS, *(f"track:{track}" for track in tracks), "base")


def rows(plan: Plan) -> Iterator[tuple[str, ...]]:
    """A row a line: what a person reads, what they fill in, and what the row was made of."""
    tracks = [name[len("track:") :] for name in columns(plan)[len(COLUMNS) : -1]]
    # Deals that meet alike share their candidates, which the plan keeps: they are known by identity.
    offers: dict[int, str] = {}
    for line in plan.lines:
        stands = {step.track: step.to_stage for step in line.tracks}
        yield (
            line.deal,
            line.owner,
            "" if line.amount is None else plain_number(line.amount),
            str(line.version),
            line.stage,
            line.fate.value,
            line.to_stage,
            "yes" if line.migrate else "no",
            line.because,
            line.why,
            offers.get(id(line.candidates)) or offers.setdefault(id(line.candidates), every(line.candidates)),
            *(stands.get(track, "") for track in tracks),
            base_text(plan, line),
        )


def csv_lines(plan: Plan) -> Iterator[str]:
    """The rows as CSV."""
    # Most cells say what many others say.
    cell = lru_cache(maxsize=4096)(_cell)
    yield ",".join(map(_cell, columns(plan))) + "\n"
    for deal, *rest, base in rows(plan):
        yield ",".join([_cell(deal), *map(cell, rest), _cell(base)]) + "\n"


def _cell(text: str) -> str:
    safe = csv_cell(text)
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if _SPECIAL.search(safe) else safe
