"""A plan of deals as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from engine.model.plan import Candidate, Fate, Plan, PlanLine, TrackStep
from engine.model.study import Heading, Section, Study, Unit
from engine.model.values import plain_number
from engine.report.escape import json_string
from engine.report.json_text import plain
from engine.report.study_text import text as study_text
from engine.report.style import Style
from engine.report.wording import both, count

_SHOWN = 20
_OFFERED = 4
_FATES = {
    Fate.STAYS: "in the same stage",
    Fate.FOLLOWS: "in the same stage, under a new name",
    Fate.MAPS: "where the version says",
    Fate.DECIDE: "where you must say",
}


def text(plan: Plan, *, width: int, style: Style, file: str = "") -> str:
    """What becomes of how many deals and how much money, who must still be placed, and what to do next.

    ``file`` is where the plan was written to.
    """
    return study_text(study(plan, file), width=width, style=style)


def study(plan: Plan, file: str = "") -> Study:
    """The plan as sections of figures."""
    sections = [_fates(plan), *_moves(plan), *_facts_changed(plan), *_waiting(plan)]
    title = f"{count(len(plan.lines), 'open deal')} to {plan.process}@{plan.version}"
    return Study(
        "plan",
        title,
        "",
        None,
        tuple(sections),
        says=(*_next_steps(plan, file), *map(_doubt, plan.doubts)),
        notes=(
            *(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in plan.breaks),
            *(f"Not in the plan: {sentence}." for sentence in plan.left_out),
        ),
        currency=plan.currency,
    )


def _fates(plan: Plan) -> Section:
    headings = (
        Heading("fate", "They go on"),
        Heading("deals", "Deals", Unit.COUNT),
        Heading("amount", "Amount", Unit.MONEY),
        Heading("owners", "Owners"),
    )
    rows = []
    for fate in Fate:
        lines = [line for line in plan.lines if line.fate is fate]
        if lines:
            rows.append((_FATES[fate], len(lines), _amount(lines), _owners(lines)))
    return Section("fates", "What becomes of them", headings, tuple(rows), empty="No open deal is on another version.")


def _moves(plan: Plan) -> Iterator[Section]:
    groups: dict[tuple[int, str, str], list[PlanLine]] = {}
    for line in plan.lines:
        if line.fate is not Fate.STAYS:
            groups.setdefault((line.version, line.stage, line.to_stage), []).append(line)
    if not groups:
        return
    headings = (
        Heading("version", "Version", Unit.COUNT),
        Heading("from", "From"),
        Heading("to", "To"),
        Heading("deals", "Deals", Unit.COUNT),
        Heading("amount", "Amount", Unit.MONEY),
        Heading("why", "Why"),
    )
    rows = tuple(
        (version, stage, to or "?", len(lines), _amount(lines), lines[0].why)
        for (version, stage, to), lines in groups.items()
    )
    yield Section("moves", "Which do not simply stay", headings, rows)


def _facts_changed(plan: Plan) -> Iterator[Section]:
    counts = Counter(pair for line in plan.lines for pair in line.facts.items())
    if not counts:
        return
    headings = (Heading("fact", "Fact"), Heading("becomes", "Becomes"), Heading("deals", "Deals", Unit.COUNT))
    rows = tuple((old, new or "unknown", number) for (old, new), number in sorted(counts.items()))
    lost = any(not new for _, new in counts)
    notes = ("Unknown: the version cannot read the value, so it must be recorded anew.",) if lost else ()
    yield Section("facts", "Facts that change", headings, rows, notes=notes)


def _waiting(plan: Plan) -> Iterator[Section]:
    waiting = sorted(plan.undecided, key=lambda line: (-(line.amount or Decimal(0)), line.deal))
    if not waiting:
        return
    headings = (
        Heading("deal", "Deal"),
        Heading("owner", "Owner"),
        Heading("amount", "Amount", Unit.MONEY),
        Heading("stage", "Stage"),
        Heading("candidates", "Could go to (requirements met)"),
    )
    rows = tuple((line.deal, line.owner, line.amount, line.stage, _asked(line)) for line in waiting[:_SHOWN])
    hidden = len(waiting) - len(rows)
    notes = (f"The {_SHOWN} largest are shown; {hidden:,} more stand in the file.",) if hidden else ()
    yield Section("waiting", "Those that wait for you", headings, rows, notes=notes)


def _next_steps(plan: Plan, file: str) -> Iterator[str]:
    if not plan.lines:
        yield "There is nothing to do."
        return
    waiting = len(plan.undecided)
    placed = f"{count(waiting, 'deal')} must be placed" if waiting else "Every deal has its place"
    if file and waiting:
        yield (
            f"{placed} before 'stagewright apply {file}' does anything: fill in to_stage there, or say under migrate"
            " that a deal stays on its version."
        )
    elif file:
        yield f"{placed}: look the file over, then run 'stagewright apply {file}'."
    elif waiting:
        yield (
            f"{placed} before 'stagewright apply' does anything: write plan.csv or plan.xlsx with -o, fill in to_stage"
            " (or 'no' under migrate), and give it back to 'apply'."
        )
    else:
        yield f"{placed}: write a file with -o plan.json, then run 'stagewright apply plan.json'."


def _doubt(sentence: str) -> str:
    return f"{sentence} unless another to_stage is written in the file."


def _amount(lines: Iterable[PlanLine]) -> Decimal | None:
    known = [line.amount for line in lines if line.amount is not None]
    return sum(known, Decimal(0)) if known else None


def _owners(lines: Sequence[PlanLine]) -> str:
    owners = sorted({line.owner for line in lines if line.owner})
    if any(not line.owner for line in lines):
        owners.append("nobody")
    return both(owners) if len(owners) <= 3 else f"{len(owners)} owners"


def _asked(line: PlanLine) -> str:
    tracks = [f"{step.track}: '{step.from_stage}' is gone" for step in line.tracks if step.waits]
    return "; ".join([offered(line.candidates), *tracks] if line.candidates else tracks)


def offered(candidates: Sequence[Candidate]) -> str:
    """``demo 3/3, proposal 1/4``: the furthest that it meets wholly, and those around it first where there are many."""
    shown = _nearest(candidates)
    rest = ", …" if len(shown) < len(candidates) else ""
    return every(shown) + rest


def every(candidates: Sequence[Candidate]) -> str:
    """``demo 3/3, proposal 1/4``, all of them."""
    return ", ".join(f"{each.stage} {each.met}/{each.of}" for each in candidates)


def _nearest(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    if len(candidates) <= _OFFERED + 1:
        return candidates
    whole = [at for at, each in enumerate(candidates) if each.met == each.of]
    start = max(min((whole[-1] if whole else 0) - 1, len(candidates) - _OFFERED), 0)
    return candidates[start : start + _OFFERED]


def json_lines(plan: Plan) -> Iterator[str]:
    """``stagewright/plan/1``, a piece a line."""
    head = {
        "process": _quoted(plan.process),
        "version": str(plan.version),
        "digest": _quoted(plan.digest),
        "made_at": _quoted(plain(plan.made_at)),
        "currency": _quoted(plan.currency),
        "stages": _list(map(_quoted, plan.stages)),
        "left_out": _list(map(_quoted, plan.left_out)),
        "doubts": _list(map(_quoted, plan.doubts)),
        "breaks": _list(map(_quoted, plan.breaks)),
    }
    yield '{\n  "schema": "stagewright/plan/1",\n'
    for name, value in head.items():
        yield f'  "{name}": {value},\n'
    yield '  "lines": ['
    writer = _Lines()
    before = "\n    "
    for line in plan.lines:
        yield before + writer.line(line)
        before = ",\n    "
    yield "\n  ]\n}\n" if plan.lines else "]\n}\n"


class _Lines:
    """Lines as JSON. What many of them share is written once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}
        self._texts: dict[str, str] = {}

    def line(self, line: PlanLine) -> str:
        amount = "null" if line.amount is None else plain_number(line.amount)
        return (
            f'{{"deal": {_quoted(line.deal)}, "owner": {self._text(line.owner)}, "amount": {amount}'
            f', "version": {line.version}, "digest": {self._text(line.digest)}, "length": {line.length}'
            f', "stage": {self._text(line.stage)}, "fate": "{line.fate._value_}"'
            f', "to_stage": {self._text(line.to_stage)}'
            f', "migrate": {"true" if line.migrate else "false"}, "because": {self._text(line.because)}'
            f', "why": {self._text(line.why)}, "candidates": {self._candidates(line.candidates)}'
            f', "tracks": {_tracks(line.tracks)}, "facts": {_facts(line)}}}'
        )

    def _text(self, text: str) -> str:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = _quoted(text)
        return found

    def _candidates(self, candidates: tuple[Candidate, ...]) -> str:
        if not candidates:
            return "[]"
        known = self._known.get(id(candidates))
        if known is None:
            written = _list(
                f'{{"stage": {_quoted(one.stage)}, "met": {one.met}, "of": {one.of}}}' for one in candidates
            )
            # Kept with what it is of, so that no other can take its identity.
            known = self._known[id(candidates)] = (candidates, written)
        return known[1]


def _tracks(steps: Sequence[TrackStep]) -> str:
    if not steps:
        return "[]"
    return _list(
        f'{{"track": {_quoted(step.track)}, "from": {_quoted(step.from_stage)}, "to": {_quoted(step.to_stage)}'
        f', "gone": {"true" if step.is_gone else "false"}}}'
        for step in steps
    )


def _facts(line: PlanLine) -> str:
    pairs = [f"{_quoted(old)}: {_quoted(new)}" for old, new in line.facts.items()]
    return f"{{{', '.join(pairs)}}}"


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"


def _quoted(text: str) -> str:
    return f'"{json_string(text)}"'
