"""The same alignments by r4pm, which others wrote: A* over a Petri net."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from tests.numerics.frequent import Model, petri_net


def projection(traces: Iterable[tuple[str, ...]], folder: Path) -> str:
    """The traces as r4pm holds them: each way of going once."""
    import r4pm
    from r4pm import bindings

    path = folder / "traces.xes"
    with path.open("w", encoding="utf-8") as file:
        file.write('<log xes.version="1.0">')
        for number, trace in enumerate(traces):
            file.write(f"<trace>{_name(str(number))}")
            file.writelines(f"<event>{_name(name)}</event>" for name in trace)
            file.write("</trace>")
        file.write("</log>")
    log = r4pm.import_item("EventLog", str(path))
    found: str = bindings.log_to_activity_projection(log)
    return found


def costs(model: Model, of: str) -> dict[tuple[str, ...], int]:
    """The least cost of each way of going in a projection."""
    from r4pm import bindings

    net: Any = petri_net(model.automaton, model.names)
    found: Any = bindings.align_variants(net, of)
    return {tuple(each["activities"]): int(each["result"]["Ok"]["cost"]) for each in found}


def _name(text: str) -> str:
    return f'<string key="concept:name" value={quoteattr(text)}/>'
