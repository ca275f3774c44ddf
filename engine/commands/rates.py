"""``--rates FILE``: what other currencies are worth, where the deals are in several."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.failure import say
from engine.commands.options import F
from engine.commands.output import remark
from engine.model.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.commands.histories import History
    from engine.model.rates import Rates

_SHOWN = 20
"""So many faults are told one by one."""


def rates_option(function: F) -> F:
    """``--rates``, handed on as ``rates``."""
    return click.option(
        "--rates",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="What other currencies are worth in that of the process: a CSV file with currency,rate and maybe from.",
    )(function)


def rates_of(path: Path | None) -> Rates | None:
    """The rates of the file, if there is one. Raises ``UnreadableFile``, or ``BadValue`` once each fault is told."""
    if path is None:
        return None
    from engine.loading.rates import load_rates
    from engine.report.wording import count

    rates, faults = load_rates(path)
    for fault in faults[:_SHOWN]:
        say(f"{path}, {fault.at}: {fault.message}", fault.hint)
    if faults:
        more = f"; {len(faults) - _SHOWN:,} of them are not told here" if len(faults) > _SHOWN else ""
        remark(f"{count(len(faults), 'fault')} in the rates{more}")
        raise BadValue(f"'{path}' cannot be used, and nothing was reckoned", hint="mend the rows and try again")
    return rates


def currencies_of(history: History) -> Mapping[int, str]:
    """The currency of each version of the process that the journal knows."""
    its = history.process.id
    return {each.version: each.currency for each in history.versions if each.id == its}
