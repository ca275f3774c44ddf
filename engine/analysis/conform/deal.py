"""One deal against the process: its alignment step by step, and what each of its moves would have failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.analysis.conform.counts import Aligned
from engine.analysis.conform.deals import Visit
from engine.analysis.conform.words import placed
from engine.model.decision import Result
from engine.model.process import Process
from engine.model.study import Figure, Heading, Section, Study, Unit
from engine.model.syntax import Value
from engine.numerics.alignment import Kind

_STEP = {Kind.BOTH: "as the process has it", Kind.MODEL: "skipped", Kind.LOG: "unasked"}


def deal_study(
    kind: str,
    process: Process,
    aligned: Aligned,
    *,
    subject: str,
    as_of: datetime,
    asked: tuple[tuple[str, Value | None], ...],
) -> Study:
    """The deal's alignment, and its requirements that did not pass."""
    deal = aligned.deal
    owner = f", owner {deal.owner}" if deal.owner else ""
    fitness = 100 * aligned.fit.fitness
    return Study(
        kind,
        f"{deal.id} against {process.title or process.name}",
        subject,
        as_of,
        (_steps(aligned), _requirements(aligned)),
        says=(f"{deal.outcome}{owner}; fitness {fitness:.1f} %, cost {aligned.fit.cost}: {aligned.told}.",),
        currency=process.currency,
        asked=asked,
    )


def _steps(aligned: Aligned) -> Section:
    return Section(
        "steps",
        "Step by step",
        (
            Heading("stage", "Stage"),
            Heading("step", "Step"),
            Heading("actions", "By one of"),
            Heading("entered_at", "Entered (UTC)", Unit.TIME),
            Heading("actor", "By whom"),
            Heading("failed", "Requirements failed"),
        ),
        tuple(_step_rows(aligned)),
    )


def _step_rows(aligned: Aligned) -> Iterator[tuple[Figure, ...]]:
    for step in aligned.steps:
        visit = _visit(aligned, step.track, step.place)
        verdicts = aligned.verdicts.get(visit.seq, ()) if visit else ()
        yield (
            placed(step.track, step.stage),
            _STEP[step.kind],
            ", ".join(step.actions),
            visit.entered_at if visit else None,
            visit.actor if visit else "",
            ", ".join(each.requirement for each in verdicts if each.result is Result.FAILED),
        )


def _visit(aligned: Aligned, track: str, place: int) -> Visit | None:
    """The row of a step; a step that was skipped has none."""
    if place < 0:
        return None
    return [visit for visit in aligned.deal.visits if visit.track == track][place]


def _requirements(aligned: Aligned) -> Section:
    stages = {visit.seq: visit.stage for visit in aligned.deal.visits}
    rows = tuple(
        (stages[seq], each.requirement, each.result.value, each.says, each.fix or each.needs)
        for seq, verdicts in sorted(aligned.verdicts.items())
        for each in verdicts
        if each.result is not Result.PASSED
    )
    return Section(
        "requirements",
        "Requirements not met, or of which nobody can say",
        (
            Heading("stage", "Entering"),
            Heading("requirement", "Requirement"),
            Heading("verdict", "Verdict"),
            Heading("says", "What it says"),
            Heading("fix", "What to do"),
        ),
        rows,
        notes=("Judged with the facts as they were known then; unknown: nobody wrote it down by then.",),
        empty="Every requirement of its moves was met.",
    )
