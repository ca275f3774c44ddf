"""The facts of a proposed map: what else the columns say of a deal, and since when."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from engine.history import roles
from engine.history.drafted import Draft
from engine.history.seen import Looks, Seen, words_of
from engine.model.map import Column, Known, Shape
from engine.model.names import RESERVED

_MOST = 12
_TYPES = {Looks.NUMBER: "number", Looks.TIME: "date", Looks.YES_NO: "yes-no", Looks.CHOICE: "text", Looks.TEXT: "text"}
_PLUMBING = re.compile(
    r"\b(?:id|key|hash|modstamp|synced|index|url|email|phone|deleted|fivetran|active|probability|forecast|expected|closed|won|name)\b"
)


def facts_of(draft: Draft, deal: Seen) -> None:
    """Adds the facts to a draft, and ignores the other columns, so that each is named once."""
    map_ = draft.map
    used = {map_.deal, map_.stage, map_.happened, map_.owner, map_.actor, *map_.entered.values(), *map_.where}
    free = [each for each in draft.columns if each.name not in used]
    money = roles.money_column(free)
    # Who acts is told for each row, but one who is the same throughout is the owner.
    owner = None if map_.owner or map_.shape is Shape.DEALS else roles.owner_column(free)
    reason = roles.reason_column(free)
    facts: dict[str, Column] = {}
    for column in ([money] if money else []) + [each for each in free if each is not money]:
        if column is owner or column is reason or len(facts) >= _MOST or not _is_fact(column, deal, map_.shape):
            continue
        known, why, sure = _known(draft, column, deal)
        if known is None and column is not money:
            continue
        fact = "amount" if column is money else _fact_id(column.name, facts)
        kind = "money" if column is money or column.has_currency else _TYPES[column.looks]
        facts[fact] = Column(column.name, known=known or Known.MOVE, type="" if kind == "text" else kind)
        draft.say(f"facts/{fact}", why, sure=sure)
    named = {each.name for each in (owner, reason) if each} | _columns(facts)
    left = tuple(each.name for each in free if each.name and each.name not in named)
    said = Column(reason.name) if reason else map_.reason
    draft.map = replace(map_, facts=facts, owner=owner.name if owner else map_.owner, reason=said, ignore=left)


def _columns(facts: dict[str, Column]) -> set[str]:
    return {each.column for each in facts.values()}


def _is_fact(column: Seen, deal: Seen, shape: Shape) -> bool:
    if column is deal or column.distinct < 2 or _PLUMBING.search(column.words):
        return False
    if column.looks is Looks.TEXT:
        return shape is Shape.DEALS and column.distinct * 5 < len(column.cells)
    return column.looks is not Looks.EMPTY


def _known(draft: Draft, column: Seen, deal: Seen) -> tuple[Known | None, str, bool]:
    """When the values of a column were known, why so, and whether that is sure; ``None`` where nobody needs it."""
    seen = f"{column.distinct:,} different values"
    one_row_each = deal.distinct == len(deal.cells)
    if one_row_each:
        filled = column.has_text
        ended = _closed(draft)
        if ended is not None and filled.any() and not filled[~ended].any():
            return Known.CLOSE, f"{seen}; only deals that ended have one", True
        return Known.UNKNOWN, f"{seen}; the file does not say since when", True
    if draft.map.shape is Shape.MOVES and (column.looks is Looks.NUMBER or not roles.same_in_a_deal(column, deal)):
        return Known.MOVE, f"{seen}, as each row says", True
    if roles.same_in_a_deal(column, deal) and column.looks is Looks.TIME:
        return Known.UNKNOWN, f"{seen}, one in all rows of a deal; the file does not say since when", True
    if roles.same_in_a_deal(column, deal):
        return Known.START, f"{seen}, one in all rows of a deal", False
    return None, seen, False


def _closed(draft: Draft) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    """The rows of deals that stand in an end."""
    stage = next(each for each in draft.columns if each.name == draft.map.stage)
    names = {name for name, key in draft.map.stages.items() if key in draft.map.ends}
    if not names:
        return None
    codes = [code for code, text in enumerate(stage.cells.each_text()) if text in names]
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.isin(stage.cells.codes, codes)
    return found


def facts_of_changes(draft: Draft, property_: Seen, value: Seen) -> None:
    """Adds what the properties of a history of changes are: owner, reason, creation, amount, and a few more."""
    map_ = draft.map
    texts = [text for text in property_.texts if text != map_.stage]

    def first(names: tuple[str, ...]) -> str | None:
        return next((text for name in names for text in texts if roles.same(text, name)), None)

    owner, reason, created = (
        first(names) for names in (roles.OWNER_PROPERTIES, roles.REASON_PROPERTIES, roles.CREATED_PROPERTIES)
    )
    # A stage that is a number says nothing of an end; beside it stands whether the deal was won.
    outcome = first(("status",)) if roles.same(map_.stage, "stage id") else None
    facts: dict[str, Column] = {}
    amount = first(("amount", "value"))
    if amount is not None:
        facts["amount"] = Column(amount, type="money")
        draft.say("facts/amount", f"{len(roles.rows_with(property_, amount)):,} rows change it")
    used = {map_.deal, map_.property, map_.value, map_.before, map_.happened, map_.actor}
    draft.map = replace(
        map_,
        owner=owner,
        reason=Column(reason) if reason else None,
        created=created,
        outcome=outcome,
        facts=facts,
        ignore=tuple(each.name for each in draft.columns if each.name not in used and each is not value),
    )
    left = [text for text in texts if text not in {owner, reason, created, amount, outcome}]
    if left:
        names = ", ".join(left[:8]) + (", …" if len(left) > 8 else "")
        draft.says.append(f"other properties: {names}; name one under 'facts' to read it")


def _fact_id(name: str, taken: dict[str, Column]) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", words_of(name).removeprefix("case ")).strip("_") or "fact"
    base = f"the_{base}" if base in RESERVED or base[0].isdigit() else base
    key, again = base, 2
    while key in taken:
        key, again = f"{base}_{again}", again + 1
    return key
