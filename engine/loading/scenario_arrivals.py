"""How prospects come in, as a scenario says: how many, when in the week and year, how they follow each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.loading import codes, written
from engine.loading.nodes import Keyed, Node, Scalar
from engine.loading.scenario_names import Names
from engine.loading.scenario_values import counted, number, spread
from engine.loading.schema_scenario import MONTHS, WEEKDAYS
from engine.model.scenario import Arrivals, Gaps, Hours, Spread

BLOCK = 4
"""How many weeks that followed each other are drawn together where nothing else is said."""


def arrivals(node: Node | None, names: Names, hours: Sequence[Hours]) -> Arrivals:
    """How prospects come in; told where none ever could."""
    if not isinstance(node, Keyed):
        return Arrivals()
    weeks = tuple(int(number(one) or 0) for one in written.scalars(node.get("weeks")))
    if ("weekly" in node.entries) == ("weeks" in node.entries):
        _not_one(node, names)
    gaps, gap = _gaps(node.get("gaps"), names)
    read = Arrivals(
        weekly=number(node.get("weekly")) or 0.0,
        weeks=weeks,
        block=_block(node, len(weeks), names),
        weekdays=_weights(node, "weekdays", WEEKDAYS, 0, names),
        months=_weights(node, "months", MONTHS, 1, names),
        hours=names.hours_of(node.get("hours")),
        gaps=gaps,
        spread=gap,
        seen=counted(node.get("seen")),
        at=node.at,
    )
    _check_open(node, read, hours, names)
    return read


def _not_one(node: Keyed, names: Names) -> None:
    if "weekly" in node.entries:
        message = "'weekly' and 'weeks' do not go together"
        names.found.error(codes.EXCLUDES, node.at_key("weeks"), message, "keep one of them")
    else:
        hint = "write weekly: 25, or weeks: [21, 25, 30] of the past; weekly: 0 where none come"
        names.found.error(codes.MISSING_KEY, node.at, "nothing says how many prospects come", hint)


def _block(node: Keyed, weeks: int, names: Names) -> int:
    block = written.scalar(node.get("block"))
    if block is None:
        return min(BLOCK, weeks) or BLOCK
    size = int(number(block) or 0)
    if not weeks and "weekly" in node.entries and "weeks" not in node.entries:
        names.found.error(codes.EXCLUDES, node.at_key("block"), "'block' goes with 'weeks' alone", "leave it out")
    elif not 0 < size <= max(weeks, 1):
        message = f"a block of {size} weeks cannot be drawn from {weeks}"
        names.found.error(codes.WRONG_FORM, block.at, message, f"write a number from 1 to {weeks}")
    return size


def _weights(node: Keyed, key: str, all_: Sequence[str], first: int, names: Names) -> Mapping[int, float]:
    """Weights by number, counted from ``first``."""
    read: dict[int, float] = {}
    for name, value in written.pairs(node.get(key)):
        weight = number(value)
        if name.value in all_ and weight is not None:
            read[all_.index(name.value) + first] = weight
    read = dict(sorted(read.items()))
    if len(read) == len(all_) and not any(read.values()):
        message = f"all {key} weigh nothing, so no prospect can ever come"
        names.found.error(codes.NEVER_COMES, node.at_key(key), message, "give one a weight; weekly: 0 where none come")
    return read


def _gaps(node: Node | None, names: Names) -> tuple[Gaps, Spread | None]:
    if isinstance(node, Keyed):
        return Gaps.SPREAD, spread(node, names.found, read=number)
    known = {gaps.value: gaps for gaps in (Gaps.RANDOM, Gaps.EVEN)}
    return known.get(written.text(node) if isinstance(node, Scalar) else "", Gaps.RANDOM), None


def _check_open(node: Keyed, read: Arrivals, hours: Sequence[Hours], names: Names) -> None:
    """Tells weights that leave only days on which the hours are closed."""
    of = next((one for one in hours if one.id == read.hours), None)
    if of is None or not of.days or (len(read.weekdays) == 7 and not any(read.weekdays.values())):
        return
    if not any(read.weekdays.get(day, 1.0) for day in of.days):
        message = f"the hours '{of.id}' are closed on every day that weighs anything"
        hint = "open them on another day, or give a day on which they are open a weight"
        names.found.error(codes.NEVER_COMES, node.at_key("hours"), message, hint)
