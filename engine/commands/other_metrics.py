"""Metrics that a file of the workspace declares, while the version that deals follow has others."""

from __future__ import annotations

from contextlib import suppress

from engine.commands.histories import History
from engine.commands.options import Where
from engine.commands.output import remark
from engine.commands.source import named_process, workspace_of
from engine.model.errors import StagewrightError


def tell_of_other_metrics(history: History, where: Where) -> None:
    """Says so on stderr where the newest file of a journal's process declares other metrics than are measured by.

    The journal keeps each version as it was when deals began to follow it, so what is written since is not there.
    """
    from engine.loading import catalog

    process = history.process
    if history.export is not None:
        return
    # A file that is missing or at fault is no matter of this report: 'check' tells it.
    with suppress(StagewrightError):
        version = catalog.latest(process.id, workspace=workspace_of(where))
        if version < process.version:
            return
        newest = named_process(f"{process.id}@{version}", where).process
        if newest.metrics != process.metrics:
            remark(
                f"measured by {process.name} as the journal keeps it; the file of {newest.name} declares "
                f"other metrics: say --process {newest.name} to measure by those"
            )
