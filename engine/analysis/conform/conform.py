"""``conform``: how far deals keep to a process; what they skipped, did unasked and would have failed, deal by deal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from engine.analysis.conform.align import Journey, Models, Step, fits, models_of, overall, steps_of
from engine.analysis.conform.counts import Aligned, not_met_in
from engine.analysis.conform.deal import deal_study
from engine.analysis.conform.deals import HeldDeal, LeftOut, held_deals
from engine.analysis.conform.rules import Known, Rejudge, Verdicts, known_of
from engine.analysis.conform.sections import (
    deal_section,
    fit_section,
    requirement_section,
    skipped_section,
    unasked_section,
    variant_section,
)
from engine.analysis.conform.words import Skipped, Unasked, counted, path_of, skipped_in, told, unasked_in
from engine.machine.compile import compile_process
from engine.model.errors import BadValue, UnknownName
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.quick import seldom_collecting
from engine.model.study import Study
from engine.model.syntax import Value
from engine.tables.build import Tables
from engine.tables.open import opened

KIND = "conform"
_ALL = "all"

Asked = tuple[tuple[str, Value | None], ...]


def conform(
    tables: Tables,
    process: Process,
    *,
    subject: str,
    as_of: datetime,
    since: date | None = None,
    asked: Asked = (),
    done: Callable[[int], None] = lambda _deals: None,
) -> Study:
    """How far the deals of the tables keep to the process. ``done`` is told how many deals were judged so far.

    Raises ``BadValue`` where no deal of the process is there, or where nothing leads to an end of it.
    """
    machine = compile_process(process)
    models = models_of(machine)
    left_out = LeftOut()
    with opened(tables) as it, seldom_collecting():
        known = known_of(it, process)
        rejudge = Rejudge(machine, known, as_of=as_of)
        deals = held_deals(it, process, since=since, left_out=left_out)
        # Of a million moves nothing is kept but what was said of them.
        judged = []
        for deal in deals:
            judged.append((replace(deal, visits=()), rejudge.verdicts(deal)))
            done(len(judged))
    if not judged:
        raise _no_deals(process, left_out)
    aligned = _aligned(models, judged)
    stages = frozenset((model.track, stage) for model in models.tracks for stage in model.stages)
    return Study(
        KIND,
        f"How far deals keep to {process.title or process.name}",
        subject,
        as_of,
        (
            fit_section(aligned),
            variant_section(aligned),
            skipped_section(aligned),
            unasked_section(aligned, stages),
            requirement_section(aligned),
            deal_section(aligned),
        ),
        says=(_in_short(process, aligned),),
        notes=tuple(_notes(process, aligned, left_out, known, since)),
        currency=process.currency,
        asked=asked,
    )


def conform_deal(
    tables: Tables, process: Process, *, deal: str, subject: str, as_of: datetime, asked: Asked = ()
) -> Study:
    """One deal against the process, step by step. Raises as ``conform``, and ``UnknownName`` for a deal not there."""
    machine = compile_process(process)
    models = models_of(machine)
    left_out = LeftOut()
    with opened(tables) as it:
        rejudge = Rejudge(machine, known_of(it, process), as_of=as_of)
        names, chosen = [], []
        for each in held_deals(it, process, since=None, left_out=left_out):
            names.append(each.id)
            chosen += [each] if each.id == deal else []
    if not names:
        raise _no_deals(process, left_out)
    if not chosen:
        raise UnknownName(f"no deal of {process.id} is called '{deal}'", hint=did_you_mean(deal, names))
    (aligned,) = _aligned(models, [(each, rejudge.verdicts(each)) for each in chosen])
    return deal_study(KIND, process, aligned, subject=subject, as_of=as_of, asked=asked)


def fitness(study: Study) -> float:
    """The overall fitness that a study of ``conform`` tells."""
    found = next(row[2] for section in study.sections if section.id == "fit" for row in section.rows if row[0] == _ALL)
    assert isinstance(found, float)  # noqa: S101 - the section is made so
    return found


def _no_deals(process: Process, left_out: LeftOut) -> BadValue:
    too_early = left_out.earlier + left_out.undated
    if too_early:
        return BadValue(
            f"of {counted(too_early, 'deal')} of {process.id} none is open or known to have ended since then",
            hint="choose an earlier day for --since, or leave it out",
        )
    others = f": it has {left_out.elsewhere:,} of other processes" if left_out.elsewhere else ""
    return BadValue(
        f"there is no deal of {process.id}{others}",
        hint="name the process that these deals went through, or a file with its map",
    )


def _aligned(models: Models, judged: Sequence[tuple[HeldDeal, Verdicts]]) -> list[Aligned]:
    """Each deal with its alignment; equal journeys are aligned once."""
    journeys = list(dict.fromkeys(deal.journey for deal, _ in judged))
    fitted = dict(zip(journeys, fits(models, journeys), strict=True))
    steps = dict(zip(journeys, steps_of(models, journeys), strict=True))
    words = {journey: _words(models, journey, steps[journey]) for journey in journeys}
    return [
        Aligned(
            deal,
            fitted[deal.journey],
            steps[deal.journey],
            *words[deal.journey],
            verdicts=verdicts,
            not_met=not_met_in(verdicts),
        )
        for deal, verdicts in judged
    ]


def _words(
    models: Models, journey: Journey, steps: tuple[Step, ...]
) -> tuple[str, str, tuple[Skipped, ...], tuple[Unasked, ...]]:
    return (
        path_of(models, journey),
        told(steps, models, journey),
        skipped_in(steps),
        unasked_in(steps, models, journey),
    )


def _in_short(process: Process, aligned: Sequence[Aligned]) -> str:
    perfect = sum(not each.fit.cost for each in aligned)
    failed = sum(bool(each.failed) for each in aligned)
    every = overall((each.fit, 1) for each in aligned)
    refused = counted(failed, "deal") if failed else "No deal"
    share = 100 * perfect / len(aligned)
    return (
        f"{perfect:,} of {counted(len(aligned), 'deal')} ({share:.1f} %) {'keeps' if perfect == 1 else 'keep'} to "
        f"{process.name} in every move; "
        f"fitness is {100 * every:.1f} % overall. {refused} made a move that a requirement would have refused."
    )


def _notes(
    process: Process, aligned: Sequence[Aligned], left_out: LeftOut, known: Known, since: date | None
) -> Iterator[str]:
    if left_out.elsewhere:
        yield f"Left out: {counted(left_out.elsewhere, 'deal')} of other processes."
    if left_out.earlier or left_out.undated:
        yield (
            f"Left out: {counted(left_out.earlier, 'deal')} that ended before {since}, "
            f"and {left_out.undated:,} of which nobody knows when they ended."
        )
    known_stages = {stage.id for stage in process.main.stages}
    strange = Counter(
        stage
        for each in aligned
        for stage in each.deal.journey.tracks[0]
        # A slash has only a stage of another process, to which a deal was handed over.
        if stage not in known_stages and "/" not in stage
    )
    if strange:
        told_so = ", ".join(f"'{stage}' ({counted(times, 'move')})" for stage, times in strange.most_common(10))
        yield f"{process.name} has no stage {told_so}: to enter one is unasked, and no requirement of it is judged."
    if known.unread:
        values = counted(known.unread, "value")
        yield f"Taken as unknown: {values} of facts that are not of the type that {process.name} declares."
    if any(track.actions for track in process.tracks):
        yield "Requirements are judged for moves of the main track only; the side tracks are held to their stages."
