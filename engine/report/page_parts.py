"""Parts of the page of a deal: its facts as they changed, and each requirement with what it saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.deal import Deal
from engine.model.decision import Clause, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.process import Process
from engine.model.rule import Force
from engine.report.escape import html
from engine.report.evidence import says
from engine.report.wording import both, count, value_text

_TONES = {Result.PASSED: "good", Result.FAILED: "bad", Result.UNKNOWN: "caution", Result.WAIVED: "caution"}
_HOLDS = {True: ("yes", "good"), False: ("no", "bad"), None: ("unknown", "caution")}
_DEEPEST = 6


def pairs(rows: Sequence[tuple[str, str]]) -> str:
    """Labels and their markup."""
    return "<dl>" + "".join(f"<div><dt>{label}</dt><dd>{markup}</dd></div>" for label, markup in rows) + "</dl>"


def facts(process: Process | None, entry: Entry, deal: Deal | None) -> Iterator[str]:
    """The facts of an entry, and what they were before it."""
    if not entry.facts:
        return
    before = deal.facts if deal else {}
    caption = "Facts offered" if entry.kind is EntryKind.REFUSED else "Facts recorded"
    yield f"<table><caption>{caption}</caption>"
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Fact", "Value", "Before"))
    yield f"<thead><tr>{head}</tr></thead><tbody>"
    for name, value in entry.facts.items():
        was = html(value_text(process, name, before[name])) if name in before else '<span class="quiet">unknown</span>'
        now = html(value_text(process, name, value))
        yield f'<tr><th scope="row">{html(name)}</th><td>{now}</td><td>{was}</td></tr>'
    yield "</tbody></table>"


def requirements(process: Process | None, entry: Entry) -> Iterator[str]:
    """Every verdict: those that stood in the way or need a look are open, those that passed can be opened."""
    told = [verdict for verdict in entry.verdicts if verdict.result is not Result.PASSED]
    passed = [verdict for verdict in entry.verdicts if verdict.result is Result.PASSED]
    if told:
        yield '<ul class="verdicts">' + "".join(_verdict(process, verdict) for verdict in told) + "</ul>"
    if passed:
        yield f"<details><summary>{count(len(passed), 'requirement')} passed</summary>"
        yield '<ul class="verdicts">' + "".join(_verdict(process, verdict) for verdict in passed) + "</ul></details>"


def _verdict(process: Process | None, verdict: Verdict) -> str:
    warned = verdict.force is Force.SHOULD and verdict.result is not Result.PASSED
    label, tone = ("warned", "caution") if warned else (verdict.result.value, _TONES[verdict.result])
    ids = " · ".join(part for part in (verdict.requirement, verdict.rule) if part)
    rows = [("Needed", html(verdict.needs))] if verdict.needs else []
    if not verdict.stands:
        rows += [("Mend", html(verdict.fix))] if verdict.fix else []
        rows += [("Who", html(both(verdict.who)))] if verdict.who else []
    return (
        f'<li><p><strong class="badge {tone}">{label}</strong> {html(says(verdict))}'
        f' <code class="quiet">{html(ids)}</code></p>'
        f"{pairs(rows) if rows else ''}{_clauses(process, verdict.clauses)}</li>"
    )


def _clauses(process: Process | None, clauses: Sequence[Clause]) -> str:
    if not clauses:
        return ""
    return '<ul class="clauses">' + "".join(_clause(process, clause) for clause in clauses) + "</ul>"


def _clause(process: Process | None, clause: Clause) -> str:
    word, tone = _HOLDS[clause.holds]
    text = f"{clause.joined} of" if clause.joined else clause.text
    seen = ", ".join(f"{name} = {value_text(process, name, value)}" for name, value in clause.seen)
    saw = f' <span class="quiet">{html(seen)}</span>' if seen and not clause.joined else ""
    deep = min(clause.depth, _DEEPEST)
    return f'<li class="d{deep}"><span class="{tone}">{word}</span> <code>{html(text)}</code>{saw}</li>'
