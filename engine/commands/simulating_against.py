"""One simulation beside another: versions, scenarios, or what is set beside what is not, with the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.commands.carried_scenario import in_words_of
from engine.commands.options import F, Where, stack
from engine.commands.output import remark
from engine.commands.simulating import Asked, as_written, assumptions, setup_of, simulated
from engine.commands.source import Source, named_process
from engine.commands.versions_read import other_versions
from engine.model.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from engine.model.scenario import Scenario
    from engine.model.study import Study
    from engine.simulation.compare.sections import Side


@dataclass(frozen=True, slots=True)
class Beside:
    """What it is compared with, as asked on the command line."""

    process: str | None
    scenario: str | None
    compare: bool

    @property
    def is_asked(self) -> bool:
        """Whether anything is to be compared."""
        return self.compare or self.process is not None or self.scenario is not None


def against_options(function: F) -> F:
    """``--against``, ``--against-scenario`` and ``--compare``, handed on as ``beside``."""

    @wraps(function)
    def gathered(*args: Any, against: str | None, against_scenario: str | None, compare: bool, **rest: Any) -> Any:
        return function(*args, beside=Beside(against, against_scenario, compare), **rest)

    decorated: F = stack(
        gathered,
        click.option(
            "--against",
            metavar="PROCESS",
            help="Compare with another version, by the same assumptions and with the same luck.",
        ),
        click.option(
            "--against-scenario", metavar="NAME", help="Compare with another scenario (of the --against version)."
        ),
        click.option("--compare", is_flag=True, help="Compare what --set changes with what it is without."),
    )
    return decorated


def against(
    asked: Asked, beside: Beside, source: Source, where: Where, *, log: Path | None = None
) -> tuple[Study, bool]:
    """The comparison, and whether it was interrupted. Raises what reading and simulating raise, and ``BadValue``."""
    from engine.simulation.compare.compare import compare
    from engine.simulation.compare.comparing import study_of
    from engine.simulation.compare.says import told_runs
    from engine.simulation.compare.sections import Sides

    _check(asked, beside, log)
    two = _other(source, beside, where)
    base, other = _scenarios(asked, beside, (source, two), where)
    _tell_if_alike((source, two), (base, other))
    setup = setup_of(base, asked, source, where)
    # The clock goes on between the two; both begin at the same moment, and of one version with the same deals.
    same = two is source
    setups = (setup, replace(setup, scenario=other) if same else setup_of(other, asked, two, where, begin=setup.begin))
    first = simulated(setups[0], asked, doing="simulating 1 of 2")
    # Of what was interrupted only the runs that are done can be compared.
    second = simulated(setups[1], replace(asked, runs=first.done), doing="simulating 2 of 2")
    found = compare(first, second, called=_called(source, two, where))
    begin = f"from {setup.begin:%Y-%m-%d %H:%M} UTC on"
    study = study_of(
        found,
        Sides(*_sides((source, two), (base, other), asked, beside)),
        subject=f"{_assumed(base, other)}; {begin}, {told_runs(found.runs)} of each",
        asked=(*asked.told(), *((name, value) for name, value in _said(beside) if value)),
    )
    return study, first.interrupted or second.interrupted


def _assumed(base: Scenario, other: Scenario) -> str:
    return f"scenario {base.id}" if base.id == other.id else f"scenarios {base.id} and {other.id}"


def _check(asked: Asked, beside: Beside, log: Path | None) -> None:
    if beside.compare and not asked.settings:
        raise BadValue(
            "--compare has nothing to compare: nothing is set otherwise",
            hint="say what to change, such as --set 'stages.demo.dwell*=0.8'",
        )
    if log is not None:
        raise BadValue(
            "--log writes the deals of one simulation, and two are compared",
            hint="leave out --log here, and simulate the one you mean with --log",
        )


def _other(source: Source, beside: Beside, where: Where) -> Source:
    """The process that is compared with. Raises ``BadValue`` where it is another one."""
    if beside.process is None:
        return source
    two = named_process(beside.process, where)
    if two.process.id != source.process.id:
        raise BadValue(
            f"{source.process.name} and {two.process.name} are different processes",
            hint=f"name another version of {source.process.id}, such as --against {source.process.id}@latest",
        )
    return two


def _scenarios(asked: Asked, beside: Beside, sources: tuple[Source, Source], where: Where) -> tuple[Scenario, Scenario]:
    """What is assumed of both. With ``--compare`` only the other has what is set, else both.

    The other has the same assumptions in its own words, or those of a scenario of its own.
    """
    source, two = sources
    base = _base(asked, beside, source, where)
    if beside.scenario is not None:
        return base, assumptions(asked, two, where, name=beside.scenario)
    # Out of the words it is written in, so that nothing is lost on the way.
    written = as_written(asked, source, where)
    told_for = source.process if written.version in (0, source.process.version) else None
    return base, in_words_of(written, two, where, told_for=told_for, option="--against-scenario")


def _base(asked: Asked, beside: Beside, source: Source, where: Where) -> Scenario:
    """The assumptions of what is compared with; what only the other has is told how to set."""
    if beside.compare:
        return assumptions(asked, source, where, settings=())
    try:
        return assumptions(asked, source, where)
    except UnknownName as error:
        if beside.scenario is None or not asked.settings:
            raise
        as_written(asked, source, where, settings=())  # where the scenario itself is not there, that is told
        hint = f"{error.hint}; what only '{beside.scenario}' has is set with --compare, of that one alone"
        raise UnknownName(str(error), hint=hint) from None


def _tell_if_alike(sources: tuple[Source, Source], scenarios: tuple[Scenario, Scenario]) -> None:
    one, two = sources
    if one.process == two.process and scenarios[0] == scenarios[1]:
        remark(f"both are {one.process.name} with scenario {scenarios[0].id}, so nothing differs")


def _called(source: Source, two: Source, where: Where) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Stages of the one that have another name in the other."""
    from engine.model.names import MAIN
    from engine.versions.became import became

    old, new = source.process, two.process
    names = became(old, new, other_versions(new, where, (old,)))
    told = {stage: [to for to in names.stage(stage) if new.main.stage(to)] for stage in names.stages}
    return {(MAIN, stage): (MAIN, targets[0]) for stage, targets in told.items() if targets}


def _sides(
    sources: tuple[Source, Source], scenarios: tuple[Scenario, Scenario], asked: Asked, beside: Beside
) -> tuple[Side, Side]:
    """What the two are called: by what tells them apart."""
    from engine.simulation.compare.sections import Side

    names = [source.process.name for source in sources]
    if beside.process is None or names[0] == names[1]:
        names = [f"scenario {scenario.id}" for scenario in scenarios]
        if beside.process is not None:
            names = [source.process.name + at for source, at in zip(sources, ("", f" ({beside.process})"), strict=True)]
        elif beside.scenario is None:
            it = "it" if len(asked.settings) == 1 else "them"
            return Side("as it is", f"without {it}"), Side("changed", f"with {_settings(asked)}")
    one, two = (Side(name, f"with {name}") for name in names)
    return one, (Side(f"{two.title}, changed", f"{two.phrase} and {_settings(asked)}") if beside.compare else two)


def _settings(asked: Asked) -> str:
    return asked.settings[0] if len(asked.settings) == 1 else f"{len(asked.settings)} changes"


def _said(beside: Beside) -> tuple[tuple[str, str | None], ...]:
    return ("against", beside.process), ("against scenario", beside.scenario)
