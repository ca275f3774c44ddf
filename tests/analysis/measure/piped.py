"""Deals looked at by the measures of the pipeline, and the rows that these tell, by the ids of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.analysis.asked import Asked
from engine.analysis.journeys import journeys
from engine.analysis.measure.view import View, view
from engine.history.export import Export
from engine.loading.processes import from_definition
from engine.model.entry import Definition
from engine.model.process import Process
from engine.model.study import Estimate, Figure, Section
from engine.tables.build import Tables
from engine.tables.until import until as as_it_stood


def process(text: str, name: str = "sale") -> Process:
    """A process of a text without its head."""
    whole = f"process: {name}\nversion: 1\n{text}"
    return from_definition(Definition(name, 1, "", ((f"processes/{name}/1.yaml", whole),)))


def seen(tables: Tables, of: Process, *, until: datetime | None = None, since: datetime | None = None) -> View:
    """The view of all deals."""
    told = journeys(tables, of, asked=Asked("", since, until, every_version=True))
    return view(told, every=None, within=())


def rows(section: Section) -> list[dict[str, Figure]]:
    """The rows by the ids of their columns; all rows have as many figures as there are columns."""
    ids = [heading.id for heading in section.headings]
    return [dict(zip(ids, row, strict=True)) for row in section.rows]


def row(section: Section, *keys: str) -> dict[str, Figure]:
    """The row of these first columns."""
    (found,) = (each for each in rows(section) if tuple(each.values())[: len(keys)] == keys)
    return found


def column(section: Section, name: str) -> list[Figure]:
    return [each[name] for each in rows(section)]


def figures(each: dict[str, Figure], *names: str) -> list[Figure]:
    """Some figures of a row, without their intervals."""
    return [plain(each[name]) for name in names]


def plain(figure: Figure) -> Figure:
    return figure.value if isinstance(figure, Estimate) else figure


def told_until(export: Export, until: datetime) -> Tables:
    """What an export would have told on that day."""
    ends = {stage.id: stage.ends for stage in export.process.main.stages if stage.ends}
    return as_it_stood(export.tables(), until, ends=ends)


def numbers(values: Sequence[Figure]) -> list[float]:
    """Those that are numbers."""
    return [float(value) for value in map(plain, values) if isinstance(value, (int, float)) or hasattr(value, "scaleb")]
