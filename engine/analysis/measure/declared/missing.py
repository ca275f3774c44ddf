"""Why nobody can say of some deals whether they count: which facts that metrics ask for are not recorded of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from engine.analysis.measure.declared.looked import Looked
from engine.analysis.words import counted
from engine.machine.vectors import Inexact, known
from engine.model.expression import Expression
from engine.model.process import Metric, MetricPart
from engine.model.syntax import Tree, facts_read
from engine.tables.coded import Mask


def missing_facts(metrics: Iterable[Metric], looked: Looked) -> Iterator[str]:
    """A sentence that names them, each with the number of deals of which it is recorded; none where all are."""
    asked = {name for metric in metrics for tree in _trees(metric.parts) for name in facts_read(tree)}
    declared = looked.view.process.facts
    # A fact that a table reckons is never recorded itself.
    own = [name for name in declared if name in asked and declared[name].table is None]
    counts = {name: int(_known(name, looked)[looked.place].sum()) for name in own}
    few = [f"'{name}' (of {count})" for name, count in counts.items() if count < looked.told.count]
    if few:
        yield f"Not recorded of all {counted(looked.told.count, 'deal')}: {', '.join(few)}."


def _trees(part: MetricPart) -> Iterator[Tree]:
    if isinstance(part, Expression):
        yield part.tree
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from _trees(each)


def _known(name: str, looked: Looked) -> Mask:
    """Of which of all deals the fact is known, recorded or by default."""
    columns = looked.everyone.columns
    try:
        found = columns.fact(name)
    except Inexact:
        return np.array([value is not None for value in columns.recorded(name)], np.bool_)
    return np.zeros(columns.told.count, np.bool_) if found is None else known(found)
