"""What was known of deals before they closed: nothing that came with the closing move or after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.analysis.journeys import LOST, WON, Journeys
from engine.model.errors import BadValue
from engine.model.rule import Fact
from engine.model.syntax import Kind
from engine.model.values import parse_date, parse_duration, show_value
from engine.tables.coded import NEVER, Floats, Ints, codes, places, whole_numbers

_FIRST = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Known:
    """The last value that each won or lost deal had of a fact before its close.

    ``code`` is its place in ``texts`` (as a person writes a value), -1: not known then. ``late`` is how many deals have
    no value from before, but one that came with the close or after it, or nobody knows when.
    """

    fact: Fact
    code: Ints
    texts: tuple[str, ...]
    late: int


def known_before_close(told: Journeys) -> tuple[Known, ...]:
    """Of each declared fact that is not reckoned, in the order declared."""
    table, deals = told.tables.facts, told.tables.deals
    number = np.full(deals.num_rows + 1, -1, np.int64)
    number[told.rows] = np.arange(told.count)
    deal = number[places(table, "deal", deals)]
    seq = whole_numbers(table, "seq")
    fact, names = codes(table, "fact")
    value, texts = codes(table, "value")
    compared = np.append(np.isin(told.outcome, (WON, LOST)), False)
    keep = compared[deal] & (value >= 0)
    order = np.flatnonzero(keep)[np.lexsort((seq[keep], deal[keep]))]
    closing = told.visits.seq[told.closing] if len(told.visits.seq) else told.closing
    before = seq[order] < closing[deal[order]]
    found = []
    for name, declared in told.process.facts.items():
        if declared.table is None:
            its = fact[order] == names.index(name) if name in names else np.zeros(len(order), np.bool_)
            found.append(_known(told, declared, deal[order], value[order], texts, (its, its & before)))
    return tuple(found)


def _known(
    told: Journeys, fact: Fact, deal: Ints, value: Ints, texts: tuple[str, ...], rows: tuple[np.ndarray, np.ndarray]
) -> Known:
    its, before = rows
    code = np.full(told.count, -1, np.int64)
    # In order of sequence: the last assignment is the last value.
    code[deal[before]] = value[before]
    ever = np.zeros(told.count, np.bool_)
    ever[deal[its]] = True
    late = int((ever & (code < 0)).sum())
    used, small = np.unique(code[code >= 0], return_inverse=True)
    code[code >= 0] = small.reshape(-1)
    its_texts = tuple(texts[each] for each in used.tolist())
    if fact.default is not None:
        # Until it is recorded, a fact with a default has it.
        text = show_value(fact.default)
        its_texts = its_texts if text in its_texts else (*its_texts, text)
        code[(code < 0) & (told.closing >= 0)] = its_texts.index(text)
    return Known(fact, code, its_texts, late)


def as_numbers(told: Journeys, known: Known) -> Floats:
    """The values as numbers, durations in days, dates as days after the deal's start; ``nan``: unknown."""
    numbers = np.array([*(_number(text, known.fact.type.kind) for text in known.texts), np.nan])
    found: Floats = numbers[known.code]
    if known.fact.type.kind is Kind.DATE:
        started = np.where(told.started == NEVER, np.nan, told.started / 86_400e6)
        found = found - np.floor(started)
    return found


def _number(text: str, kind: Kind) -> float:
    try:
        if kind is Kind.DURATION:
            return parse_duration(text).total_seconds() / 86_400
        if kind is Kind.DATE:
            return float(parse_date(text).toordinal() - _FIRST)
        return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, BadValue):
        return float("nan")
