"""The measures that a process declares under ``metrics``, as sections of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.analysis.measure.asking.asking import Everyone, everyone
from engine.analysis.measure.declared.counts import Told
from engine.analysis.measure.declared.figures import Figures
from engine.analysis.measure.declared.looked import looked
from engine.analysis.measure.declared.missing import missing_facts
from engine.analysis.measure.sections import Measure
from engine.analysis.measure.view import View
from engine.analysis.words import counted
from engine.model.formula import Formula, refs
from engine.model.metric import TIMES, dimension
from engine.model.process import Metric
from engine.model.study import Chart, Figure, Heading, Mark, Section, Unit

_VALUES = (
    Heading("share", "Share", Unit.SHARE),
    Heading("days", "Days", Unit.DAYS),
    Heading("amount", "Amount", Unit.MONEY),
    Heading("number", "Number", Unit.NUMBER),
    Heading("count", "Count", Unit.COUNT),
)
"""A figure stands below its unit; ``count`` is how many deals."""
_TOGETHER = tuple(heading.id for heading in _VALUES)
_COUNTS = (
    Heading("deals", "Deals", Unit.COUNT),
    Heading("of", "Of", Unit.COUNT),
    Heading("unknown", "Unknown", Unit.COUNT),
)
_HOW = (
    "'Deals' are those counted, 'of' those among which. 'Unknown' are deals of which nobody can say whether they "
    "count, because a fact is not recorded: they are left out."
)
_TIMES = (
    "Of a time, p50 is by when half of the deals had come so far, p90 nine in ten. Deals still open count as long as "
    "they were watched; where some ended without coming there, it is of those that came."
)
_DERIVED = (
    "The interval of what is derived comes of leaving out a twentieth of the deals at a time: it minds that all its "
    "figures are of the same deals. A count and a sum have none: they were counted."
)
_PERIODS = (
    "A deal falls into the period of the date that the measure names with 'by'. '-': there is no deal to tell it of, "
    "or none was watched for so long."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Declared:
    """The metrics to be told, all there are by id, and what their conditions come to for all deals."""

    told: tuple[Metric, ...]
    among: Mapping[str, Metric]
    everyone: Everyone

    def whole(self, view: View) -> Section:
        """Each metric over all that is looked at."""
        figures = Figures(self.among, looked(view, self.everyone))
        rows: list[tuple[Figure, ...]] = []
        notes: list[str] = []
        vague: list[Metric] = []
        for metric in self.told:
            for told in figures.of(metric):
                rows.append((_name(metric, told), metric.title, metric.kind, *self._figures(metric, told)))
                notes += _odd(_name(metric, told), told)
                vague += [metric] if told.unknown else []
        return Section(
            "metrics",
            "What the process measures",
            (Heading("metric", "Measure"), Heading("title", "Title"), Heading("kind", "Kind"), *_VALUES, *_COUNTS),
            tuple(rows),
            notes=(*dict.fromkeys(notes), _HOW, *missing_facts(vague, figures.looked), *self._how),
            empty="The process declares no measures.",
            together=_TOGETHER,
        )

    def by_period(self, view: View) -> Section:
        """Each metric that has dates, period by period."""
        its = looked(view, self.everyone)
        looks = [Figures(self.among, replace(its, period=period)) for period in range(view.periods.count)]
        rows = tuple(
            (_name(metric, told), period, *self._figures(metric, told))
            for metric in self.dated
            for period, figures in zip(view.periods.names, looks, strict=True)
            for told in figures.of(metric)
        )
        drawn = [heading for place, heading in enumerate(_VALUES) if any(row[2 + place] is not None for row in rows)]
        return Section(
            "metrics-by-period",
            "What the process measures, by period",
            (Heading("metric", "Measure"), Heading("period", "Period"), *_VALUES, *_COUNTS),
            rows,
            notes=(_PERIODS,) if rows else (),
            empty="No measure that the process declares says by which date deals fall into a period.",
            together=_TOGETHER,
            charts=tuple(
                Chart(
                    f"metrics-by-period-{heading.id}",
                    f"{heading.title} by period",
                    Mark.LINES,
                    labels=("period",),
                    series=(heading.id,),
                    split="metric",
                )
                for heading in drawn
            ),
        )

    @property
    def _how(self) -> Iterator[str]:
        """How to read what there is."""
        kinds = {metric.kind for metric in self.told}
        yield from (_TIMES,) if kinds & TIMES else ()
        yield from (_DERIVED,) if "derived" in kinds else ()

    @property
    def dated(self) -> tuple[Metric, ...]:
        """Those that say by which date deals fall into a period."""
        return tuple(metric for metric in self.told if _is_dated(metric, self.among))

    def _figures(self, metric: Metric, told: Told) -> Iterator[Figure]:
        unit = dimension(metric, self.among)
        its = Unit.COUNT if metric.kind == "count" else getattr(unit, "unit", Unit.NUMBER)
        yield from (told.value if heading.unit is its else None for heading in _VALUES)
        yield from (told.deals, told.of, told.unknown)


def declared(view: View, *, only: Sequence[str] = ()) -> tuple[Measure, ...]:
    """The measures of what the process declares, for this view and for groups of its deals.

    ``only``: the ids of those to be told; empty: all. What conditions come to is worked out once, for all deals.
    """
    among = {metric.id: metric for metric in view.process.metrics}
    told = tuple(metric for metric in view.process.metrics if not only or metric.id in only)
    if not told:
        return ()
    found = _Declared(told, among, everyone(view.told, view.touched))
    whole = Measure("metrics", found.whole)
    return (whole, Measure("metrics-by-period", found.by_period, keys=2)) if found.dated else (whole,)


def _is_dated(metric: Metric, among: Mapping[str, Metric]) -> bool:
    """Whether its deals fall into periods; what is derived does where all that it is made of does."""
    of = metric.parts.get("of")
    if isinstance(of, Formula):
        return all(_is_dated(among[each.metric], among) for each in refs(of.term))
    sides = (metric.parts, metric.parts.get("numerator"), metric.parts.get("denominator"))
    return any(isinstance(side, Mapping) and "by" in side for side in sides)


def _name(metric: Metric, told: Told) -> str:
    return f"{metric.id}.{told.stat}" if told.stat else metric.id


def _odd(name: str, told: Told) -> Iterator[str]:
    """What is to be known of a figure beside it."""
    if told.why:
        yield f"{name}: {told.why}."
    if told.undated:
        yield f"{name}: left out for want of a date in the time looked at: {counted(told.undated, 'deal')}."
