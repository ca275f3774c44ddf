"""What is simulated: the options that commands share, and from them the scenario, the deals and the runs."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from engine.commands.carried_scenario import in_words_of
from engine.commands.options import F, Where, parse_time, stack
from engine.commands.output import progress, remark
from engine.commands.scenarios import named_scenario
from engine.commands.simulated_deals import open_deals
from engine.commands.source import Source
from engine.model.errors import BadValue
from engine.model.scenario import LONGEST_HORIZON
from engine.model.values import parse_duration

if TYPE_CHECKING:
    from engine.model.scenario import Scenario
    from engine.model.syntax import Value
    from engine.simulation.results.outcome import Outcome
    from engine.simulation.run import Setup

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Asked:
    """What is simulated, how often, and with which luck, as asked on the command line."""

    scenario: str | None
    from_journal: bool
    start: str | None
    horizon: str | None
    settings: tuple[str, ...]
    runs: int
    seed: int
    engine: str
    threads: int

    def told(self) -> tuple[tuple[str, Value | None], ...]:
        """What the answer says of it."""
        return (
            ("runs", Decimal(self.runs)),
            ("seed", Decimal(self.seed)),
            *(("set", each) for each in self.settings),
        )


_NAMES = tuple(each.name for each in fields(Asked))


def run_options(function: F) -> F:
    """Options of all that simulates, handed on as ``asked``."""

    @wraps(function)
    def gathered(*args: Any, **given: Any) -> Any:
        asked = Asked(**{name: given.pop(name) for name in _NAMES})
        return function(*args, asked=asked, **given)

    decorated: F = stack(
        gathered,
        click.option("--scenario", metavar="NAME", help="The assumptions: a name below scenarios/, or a file."),
        click.option("--from-journal", is_flag=True, help="Begin with the deals that are open in the journal."),
        click.option(
            "--start",
            metavar="TIME",
            help="The first moment simulated (default: as the scenario says, or now; with --from-journal: now).",
        ),
        click.option("--horizon", metavar="TIME", help="For how long, such as 13w (default: as the scenario says)."),
        click.option(
            "--set",
            "settings",
            multiple=True,
            metavar="PATH=VALUE",
            help="Change an assumption, such as stages.demo.dwell*=0.8 or pools.ae.people+=2; repeat it for more.",
        ),
        click.option("--runs", type=int, default=100, show_default=True, metavar="N", help="How many runs."),
        click.option(
            "--seed", type=int, default=1, show_default=True, metavar="N", help="The same seed gives the same answer."
        ),
        click.option(
            "--engine", default="", metavar="NAME", help="What plays it (default: the quickest that can; all agree)."
        ),
        click.option(
            "--threads",
            type=int,
            default=0,
            metavar="N",
            help="How many runs at once (default: as many as help; no figure depends on it).",
        ),
    )
    return decorated


def assumptions(
    asked: Asked, source: Source, where: Where, *, name: str | None = None, settings: tuple[str, ...] | None = None
) -> Scenario:
    """The scenario asked for (or ``name``) in the words of the process, with what is set otherwise.

    Settings use the words of the scenario as it is written. Raises what reading and setting raise.
    """
    found = as_written(asked, source, where, name=name, settings=settings)
    return in_words_of(found, source, where)


def as_written(
    asked: Asked, source: Source, where: Where, *, name: str | None = None, settings: tuple[str, ...] | None = None
) -> Scenario:
    """``assumptions``, in the words that the scenario itself uses."""
    from engine.simulation.whatif.changed import changed

    found = named_scenario(name or asked.scenario, where, source)
    if asked.horizon is not None:
        found = replace(found, horizon=_horizon(asked.horizon))
    return changed(found, asked.settings if settings is None else settings)


def setup_of(scenario: Scenario, asked: Asked, source: Source, where: Where, *, begin: datetime | None = None) -> Setup:
    """What is simulated, from when on (``begin``: then) and with which deals. Raises what the journal raises."""
    from engine.simulation.run import setup

    begin = begin or _begin(scenario, asked.start, from_journal=asked.from_journal)
    deals = open_deals(where, source, begin) if asked.from_journal else ()
    return setup(scenario, source.process, begin=begin, open_deals=deals)


def simulated(setup: Setup, asked: Asked, *, doing: str = "simulating") -> Outcome:
    """Plays the runs, and tells on stderr how many are done."""
    from engine.simulation.run import simulate

    with progress(doing, asked.runs) as done:
        outcome = simulate(
            setup, runs=asked.runs, seed=asked.seed, engine=asked.engine, threads=asked.threads, on_run=done
        )
    if outcome.interrupted:
        remark(f"interrupted: what follows is of the {outcome.done:,} runs that were done of {asked.runs:,}")
    return outcome


def _begin(scenario: Scenario, start: str | None, *, from_journal: bool) -> datetime:
    if start:
        return parse_time(start).replace(second=0, microsecond=0)
    if scenario.start is not None and not from_journal:
        return scenario.start.astimezone(UTC)
    now = datetime.now(UTC)  # noqa: TID251 - the door is where the clock is read
    # The next full minute: what was written into the journal a moment ago has happened then.
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _horizon(text: str) -> timedelta:
    try:
        found = parse_duration(text)
    except BadValue as error:
        raise BadValue(f"--horizon: {error}", hint=error.hint or "write so many weeks, such as 13w") from None
    if found <= timedelta(0):
        raise BadValue("--horizon: nothing happens in no time", hint="write so many weeks, such as 13w")
    if found > LONGEST_HORIZON:
        longest = f"{LONGEST_HORIZON.days // 7:,} weeks"
        raise BadValue(f"--horizon: {text} is longer than {longest}", hint="write so many weeks, such as 13w")
    return found
