"""Amounts of money times exact factors, in whole columns: what is in another currency becomes one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.model.errors import BadValue
from engine.tables.build import Tables
from engine.tables.coded import Ints, codes_among, places

_WIDE = pa.decimal256(38, 9)
_FACTOR = pa.decimal256(37, 18)
_CENTS = 2


def times(tables: Tables, columns: Sequence[str], *, factors: Ints, worth: Sequence[Decimal]) -> Tables:
    """The tables with the amounts of these facts times ``worth[factors]``, rounded to cents (a half to the even one).

    ``factors`` has an item a row of ``deals``; amounts of factor 0 stay as they are, to the last digit. The values in
    the table of facts are those of the same deals. Raises ``BadValue`` for a product too large for a table.
    """
    try:
        return replace(
            tables, deals=_deals(tables, columns, factors, worth), facts=_facts(tables, columns, factors, worth)
        )
    except pa.ArrowInvalid:
        raise BadValue(
            "an amount is too large once it is converted", hint="see whether a rate is far too high"
        ) from None


def _deals(tables: Tables, columns: Sequence[str], factors: Ints, worth: Sequence[Decimal]) -> pa.Table:
    deals = tables.deals
    changed = pa.array(factors > 0)
    for name in columns:
        place = deals.schema.get_field_index(name)
        field = deals.schema.field(place)
        amounts = deals.column(place).combine_chunks()
        products = _products(amounts.filter(changed), factors[factors > 0], worth).cast(field.type)
        deals = deals.set_column(place, field, pc.replace_with_mask(amounts, changed, products))
    return deals


def _facts(tables: Tables, columns: Sequence[str], factors: Ints, worth: Sequence[Decimal]) -> pa.Table:
    facts = tables.facts
    factor = np.append(factors, 0)[places(facts, "deal", tables.deals)]
    its = (codes_among(facts, "fact", tuple(columns)) >= 0) & (factor > 0)
    if not its.any():
        return facts
    changed = pa.array(its)
    place = facts.schema.get_field_index("value")
    texts = facts.column(place).combine_chunks()
    products = _products(texts.filter(changed).cast(_WIDE), factor[its], worth).cast(pa.string())
    plain = pc.utf8_rtrim(pc.utf8_rtrim(products, "0"), ".")
    return facts.set_column(place, facts.schema.field(place), pc.replace_with_mask(texts, changed, plain))


def _products(amounts: pa.Array, factors: Ints, worth: Sequence[Decimal]) -> pa.Array:
    """Of the type that cents need: 38 digits times 37 fit into 76, so that nothing is lost before it is rounded."""
    found = pc.multiply(amounts.cast(_WIDE), pa.array(worth, _FACTOR).take(pa.array(factors)))
    return pc.round(found, _CENTS, round_mode="half_to_even").cast(pa.decimal256(76, _CENTS))
