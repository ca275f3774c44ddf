"""What deals are worth, each by the version that it follows, and in which currency they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np

from engine.model.errors import BadValue
from engine.model.process import Process
from engine.model.values import parse_number
from engine.tables.build import Tables
from engine.tables.coded import Ints, codes, codes_among, kept, places, where, whole_numbers, with_cells
from engine.versions.became import became
from engine.versions.kept_values import AMOUNT, amount_fact, currency_of, is_told_in


def told_currency(tables: Tables, new: Process, olds: Mapping[int, Process]) -> str:
    """The currency in which the deals of the tables are told."""
    _, versions = codes(kept(tables.deals, where(tables.deals, "process", new.id)), "version")
    return currency_of((olds[version] for version in versions if version in olds), new)


def in_currency(
    tables: Tables, new: Process, olds: Mapping[int, Process], between: Iterable[Process], *, currency: str
) -> tuple[Tables, int]:
    """The tables with the amounts of deals in that currency, and of how many deals the money is in another one.

    What is called the amount now may have had another name in the version that a deal follows.
    """
    between = (*between, *olds.values())
    called = {version: amount_fact(old, became(old, new, between)) for version, old in olds.items()}
    elsewhere = [version for version, old in olds.items() if not is_told_in(old, currency)]
    if not elsewhere and set(called.values()) <= {AMOUNT}:
        return tables, 0
    deals = tables.deals
    here = where(deals, "process", new.id)
    its, versions = codes(deals, "version")
    # A deal that was brought to another version since has its amount under the name of before.
    names = tuple(dict.fromkeys((AMOUNT, *called.values())))
    renamed = np.flatnonzero(here) if len(names) > 1 else np.zeros(0, np.int64)
    deals = with_cells(deals, "amount", renamed, _last(tables, names, renamed))
    lost = np.flatnonzero(here & np.isin(its, [at for at, each in enumerate(versions) if each in elsewhere]))
    return replace(tables, deals=with_cells(deals, "amount", lost, [None] * len(lost))), len(lost)


def _last(tables: Tables, names: tuple[str, ...], deals: Ints) -> list[Decimal | None]:
    """The value that each of these deals had last of a fact that was called so."""
    facts = kept(tables.facts, codes_among(tables.facts, "fact", names) >= 0)
    deal = places(facts, "deal", tables.deals)
    order = np.lexsort((whole_numbers(facts, "seq"), deal))
    value, texts = codes(facts, "value")
    last = np.full(tables.deals.num_rows, -1)
    last[deal[order]] = value[order]
    amounts = [_amount(text) for text in texts]
    return [amounts[at] if at >= 0 else None for at in last[deals].tolist()]


def _amount(text: str) -> Decimal | None:
    try:
        return parse_number(text)
    except BadValue:
        return None
