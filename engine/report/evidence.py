"""A verdict told with its evidence: how a requirement came out, which clauses, and the values they saw."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.decision import About, Clause, Result, Verdict
from engine.model.process import Process
from engine.model.rule import Force
from engine.report.details import Detail
from engine.report.style import Tone
from engine.report.wording import value_text

_TONES = {
    Result.PASSED: Tone.GOOD,
    Result.FAILED: Tone.BAD,
    Result.UNKNOWN: Tone.CAUTION,
    Result.WAIVED: Tone.CAUTION,
}

_HOLDS = {True: ("yes", Tone.GOOD), False: ("no", Tone.BAD), None: ("unknown", Tone.CAUTION)}

_SAID_IN_WORDS = (About.STAGE, About.TARGET, About.ROLE, About.REASON, About.ASKS)
"""These look at the move alone: a clause would only say again what is needed."""

_TAKEN_FOR_GRANTED = (About.STAGE, About.TARGET, About.ROLE, About.REASON, About.APPLIES, About.ASKS)
"""What passed here is plain from the line of the move itself."""


def worth_telling(verdict: Verdict) -> bool:
    """Whether a reader learns anything from the verdict."""
    return verdict.result is not Result.PASSED or verdict.about not in _TAKEN_FOR_GRANTED


def verdict_details(process: Process | None, verdict: Verdict, *, depth: int = 0) -> tuple[Detail, ...]:
    """The verdict in one line where it passed, with the clauses that explain it where it did not."""
    if verdict.result is Result.PASSED:
        seen = seen_text(process, verdict.clauses)
        aside = "  ".join(part for part in (seen, verdict.rule and f"[{verdict.rule}]") if part)
        return (Detail("passed", says(verdict), aside, Tone.GOOD, depth),)
    warned = verdict.force is Force.SHOULD and verdict.result is not Result.WAIVED
    label, tone = ("warned", Tone.CAUTION) if warned else (verdict.result.value, _TONES[verdict.result])
    rule = f"[{verdict.rule}]" if verdict.rule else ""
    return (Detail(label, says(verdict), rule, tone, depth), *clause_details(process, verdict, depth=depth + 1))


def says(verdict: Verdict) -> str:
    """What the requirement says, or its id where nobody wrote that down."""
    return verdict.says or verdict.requirement


def clause_details(process: Process | None, verdict: Verdict, *, depth: int = 1) -> tuple[Detail, ...]:
    """The clauses of a condition, one a line, each with the values it saw."""
    clauses = () if verdict.about in _SAID_IN_WORDS else verdict.clauses
    # A group that is the whole condition says no more than its parts and the verdict do, unless any part would do.
    if len(clauses) > 1 and clauses[0].joined == "all" and clauses[0].depth == 0:
        clauses = tuple(clauses[1:])
        depth -= 1
    if not clauses and verdict.needs and verdict.about is not About.ASKS and verdict.result is not Result.WAIVED:
        return (Detail("needed", verdict.needs, depth=depth),)
    return tuple(_clause(process, clause, depth) for clause in clauses)


def _clause(process: Process | None, clause: Clause, depth: int) -> Detail:
    word, tone = _HOLDS[clause.holds]
    text = f"{clause.joined} of" if clause.joined else clause.text
    seen = "" if clause.joined else _seen(process, clause)
    return Detail(word, text, seen, tone, depth + clause.depth)


def _seen(process: Process | None, clause: Clause) -> str:
    # A yes-no fact by itself: yes, no or unknown says it all.
    if len(clause.seen) == 1 and clause.seen[0][0] == clause.text and isinstance(clause.seen[0][1], (bool, type(None))):
        return ""
    return seen_text(process, (clause,))


def seen_text(process: Process | None, clauses: Sequence[Clause]) -> str:
    """``amount 100 EUR, budget_confirmed unknown``: each name once, in the order it was read."""
    seen = dict(pair for clause in clauses for pair in clause.seen)
    return ", ".join(f"{name} {value_text(process, name, value)}" for name, value in seen.items())
