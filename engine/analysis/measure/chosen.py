"""Only some of the deals: those of which a condition holds."""

from __future__ import annotations

from dataclasses import replace

from engine.analysis.measure.asking.asking import everyone
from engine.analysis.measure.declared.looked import looked
from engine.analysis.measure.view import View
from engine.analysis.words import counted
from engine.model.errors import BadValue
from engine.model.expression import Expression


def chosen(view: View, where: Expression | str | None) -> View:
    """The view of those deals, with what is to be said of the others. Raises ``BadValue`` where none is left."""
    if where is None:
        return view
    text = where if isinstance(where, str) else where.text
    its = looked(view, everyone(view.told, view.touched)).which(where)
    kept, unknown = int(its.yes.sum()), int((~(its.yes | its.no)).sum())
    doubt = f"of {counted(unknown, 'deal')} nobody can say, for a fact that is not recorded: left out"
    if not kept:
        hint = doubt if unknown else f"it is false of all {counted(view.told.count, 'deal')}"
        raise BadValue(f"there is no deal of which '{text}' is true", hint=hint)
    notes = [f"Only deals of which '{text}' is true: {kept:,} of {counted(view.told.count, 'deal')}."]
    notes += [f"Whether '{text}' is true: {doubt}."] if unknown else []
    return replace(view.of(its.yes), notes=(*notes, *view.notes))
