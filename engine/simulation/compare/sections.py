"""A comparison of two simulations as sections of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.model.study import Figure, Heading, Section, Unit
from engine.simulation.compare.compare import APPROVAL, Comparison
from engine.simulation.compare.paired import Difference
from engine.simulation.results.refusals import told
from engine.simulation.results.ways import stage_name


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two is called: ``title`` above a column, ``phrase`` in a sentence, such as ``with sales@2``."""

    title: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two are called."""

    base: Side
    other: Side


_ENDED = {"won": "won", "lost": "lost", "other": "ended otherwise", "open": "still open at the end"}


def sections(comparison: Comparison, sides: Sides) -> tuple[Section, ...]:
    """The figures, from the whole to the parts."""
    found = [_deals(comparison, sides)]
    if _is_told(comparison.value):
        found.append(_one("value", "What they are worth", "value won", comparison.value, sides, Unit.MONEY))
    found.append(_one("win_rate", "Win rate", "won of won and lost", comparison.win_rate, sides, Unit.SHARE))
    found.append(_one("cycle", "Cycle time in days", "from start to won", comparison.cycle, sides, Unit.DAYS))
    found += [_drivers(comparison), _advance(comparison, sides), _dwell(comparison, sides)]
    if comparison.waits:
        found += [_waits(comparison, sides), _use(comparison, sides)]
    found.append(_refusals(comparison, sides))
    return tuple(found)


def _deals(comparison: Comparison, sides: Sides) -> Section:
    rows = tuple(
        (_ENDED[end], *_row(apart))
        for end, apart in comparison.ended.items()
        if end != "other" or _is_told(apart)
    )  # fmt: skip
    return Section(
        "deals",
        "How deals end",
        _headings("Deals", sides, Unit.NUMBER),
        rows,
        notes=(
            f"Means of {comparison.runs:,} runs in pairs: in each pair prospects come at the same moments and have the "
            "same luck, so what differs comes of what was changed. The interval is of the mean difference; P10 to P90 "
            "is how far apart single pairs are.",
        ),
    )


def _one(section: str, title: str, what: str, apart: Difference, sides: Sides, unit: Unit) -> Section:
    rows = ((what, *_row(apart)),) if apart.base is not None else ()
    return Section(section, title, _headings("Figure", sides, unit), rows, empty="too few deals ended to tell")


def _headings(what: str, sides: Sides, unit: Unit) -> tuple[Heading, ...]:
    return (
        Heading("what", what),
        *_apart(sides, unit),
        Heading("p10", "P10", unit.apart),
        Heading("p90", "P90", unit.apart),
        Heading("more", "More in", Unit.SHARE),
        Heading("less", "Less in", Unit.SHARE),
    )


def _apart(sides: Sides, unit: Unit) -> tuple[Heading, ...]:
    """The base, the other, and the difference of one figure."""
    return (
        Heading("base", capital(sides.base.title), unit),
        Heading("other", capital(sides.other.title), unit),
        Heading("difference", "Difference", unit.apart),
    )


def _row(apart: Difference) -> tuple[Figure, ...]:
    return (apart.base, apart.other, apart.apart, apart.p10, apart.p90, apart.more, apart.less)


def _drivers(comparison: Comparison) -> Section:
    found = comparison.drivers
    rows: list[tuple[Figure, ...]] = [
        (stage_name(each.stage), each.both, each.ways, each.pace) for each in found.stages if each.both.value
    ]
    if found.prospects.value:
        rows.append(("prospects", found.prospects, None, None))
        rows.sort(key=lambda row: -abs(getattr(row[1], "value", 0.0) or 0.0))
    return Section(
        "drivers",
        "What makes the difference in deals won",
        (
            Heading("stage", "Stage"),
            Heading("won", "Deals won", Unit.NUMBER),
            Heading("ways", "By where deals go from there", Unit.NUMBER),
            Heading("pace", "By how many leave it in time", Unit.NUMBER),
        ),
        tuple(rows),
        empty="in all runs as many deals are won",
        notes=("The deals won of all rows add up to the difference.",) if rows else (),
    )


def _advance(comparison: Comparison, sides: Sides) -> Section:
    return _by_stage(
        Section(
            "advance",
            "What goes on from each stage",
            (Heading("stage", "Stage"), *_apart(sides, Unit.SHARE)),
            tuple((stage_name(each.stage), *_three(each.advance)) for each in comparison.stages),
            notes=("Of deals that left the stage before the end: how many went on towards won.",),
        )
    )


def _dwell(comparison: Comparison, sides: Sides) -> Section:
    return _by_stage(
        Section(
            "dwell",
            "Time in each stage",
            (Heading("stage", "Stage"), *_apart(sides, Unit.DAYS)),
            tuple((stage_name(each.stage), *_three(each.dwell)) for each in comparison.stages),
            notes=("Means of deals that left the stage before the end.",),
        )
    )


def _by_stage(section: Section) -> Section:
    rows = tuple(row for row in section.rows if row[1] or row[2])
    return replace(section, rows=rows, notes=section.notes if rows else (), empty="no stage was left")


def _waits(comparison: Comparison, sides: Sides) -> Section:
    rows = tuple((pool, *_three(apart)) for pool, apart in comparison.waits.items())
    return Section("waits", "How long work waits for people", _of_pool(sides, Unit.DAYS), rows, empty="nobody works")


def _use(comparison: Comparison, sides: Sides) -> Section:
    rows = tuple((pool, *_three(apart)) for pool, apart in comparison.use.items())
    return Section("use", "People in use", _of_pool(sides, Unit.SHARE), rows, empty="nobody works")


def _of_pool(sides: Sides, unit: Unit) -> tuple[Heading, ...]:
    return (Heading("pool", "Pool"), *_apart(sides, unit))


def _refusals(comparison: Comparison, sides: Sides) -> Section:
    says = requirements(comparison)
    rows = [(says.get(name, name), name, *_three(apart)) for name, apart in comparison.refused.items()]
    return Section(
        "refusals",
        "What held deals back",
        (Heading("says", "Requirement"), Heading("requirement", "Id"), *_apart(sides, Unit.NUMBER)),
        tuple(rows),
        empty="no rule refused anything in either",
    )


def requirements(comparison: Comparison) -> Mapping[str, str]:
    """What the requirements of both say, by their ids."""
    both = (comparison.base, comparison.other)
    said = {name: says for each in both for name, says in told(each.setup.machine).items()}
    return {**said, APPROVAL: "Nobody approved"}


def _three(apart: Difference) -> tuple[Figure, ...]:
    return (apart.base, apart.other, apart.apart)


def capital(text: str) -> str:
    """The text with a capital at its beginning, to begin a sentence or stand above a column; names stay as they are."""
    return text if "@" in text.partition(" ")[0] else text[:1].upper() + text[1:]


def _is_told(apart: Difference) -> bool:
    return bool(apart.base or apart.other)
