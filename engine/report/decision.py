"""A decision told to who asked for the move: what stands in the way, on what evidence, and how it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.model.deal import Deal
from engine.model.decision import About, Decision, Verdict
from engine.model.names import MAIN
from engine.model.process import Process
from engine.report import details, evidence, mend
from engine.report.details import Detail
from engine.report.escape import shown
from engine.report.style import Style, Tone, paint
from engine.report.widths import TERMINAL, wrap
from engine.report.wording import both, count, either, facts_text

_START = "start"

_ABOUT_THE_MOVE = (About.STAGE, About.TARGET, About.REASON)
"""Who asked for the move mends these by asking for another."""


def text(
    process: Process, deal: Deal | None, decision: Decision, *, style: Style = Style.PLAIN, columns: int = TERMINAL
) -> str:
    """The decision as a person reads it: ``allowed`` or ``refused``. ``deal`` ``None``: it was to be started."""
    told = allowed if decision.allowed else refused
    return told(process, deal, decision, style=style, columns=columns)


def allowed(
    process: Process, deal: Deal | None, decision: Decision, *, style: Style = Style.PLAIN, columns: int = TERMINAL
) -> str:
    """One line of what happened, the facts that were recorded with it, and what should have been and is not."""
    head = f"{paint(_action(decision), Tone.GOOD, style)}: {shown(_moved(deal, decision))}"
    more = [Detail(_noted(decision), facts_text(process, decision.sets))] if decision.sets else []
    waived = [verdict for verdict in decision.verdicts if verdict.result.value == "waived"]
    for verdict in (*waived, *decision.warnings):
        more += evidence.verdict_details(process, verdict)
        more += [Detail("fix", verdict.fix, depth=1)] if verdict.fix and verdict not in waived else []
    return "\n".join([head, *details.lines(more, indent=2, style=style, columns=columns)]) + "\n"


def refused(
    process: Process, deal: Deal | None, decision: Decision, *, style: Style = Style.PLAIN, columns: int = TERMINAL
) -> str:
    """Every requirement that stands in the way, in order, and the command that would mend each."""
    name = deal.id if deal else ""
    blocks = [f"{paint('refused', Tone.BAD, style)}  {shown(_stays(deal, decision))}"]
    for number, verdict in enumerate(decision.refusals, start=1):
        says = wrap(shown(evidence.says(verdict)), columns - 4)
        rule = paint(f" [{shown(verdict.rule)}]", Tone.QUIET, style) if verdict.rule else ""
        head = f"{number:>2}  " + "\n    ".join(paint(line, Tone.STRONG, style) for line in says) + rule
        body = details.lines(_refusal(process, name, decision, verdict), indent=4, style=style, columns=columns)
        blocks.append("\n".join([head, *body]))
    if decision.warnings:
        warned = [line for verdict in decision.warnings for line in evidence.verdict_details(process, verdict)]
        blocks.append("\n".join(details.lines(warned, indent=4, style=style, columns=columns)))
    return "\n\n".join([*blocks, *_closing(process, name, decision)]) + "\n"


def _refusal(process: Process, name: str, decision: Decision, verdict: Verdict) -> Iterable[Detail]:
    if verdict.needs:
        yield Detail("needed", verdict.needs)
    yield from (detail for detail in evidence.clause_details(process, verdict) if detail.label != "needed")
    if verdict.who or verdict.about not in _ABOUT_THE_MOVE:
        yield Detail("who", mend.who(verdict))
    if verdict.fix:
        yield Detail("fix", verdict.fix)
    command = mend.command(process, name, decision, verdict)
    if command:
        yield Detail("run", command, literal=True)
    for choice in mend.choices(process, decision, verdict):
        yield Detail("", choice)


def _closing(process: Process, name: str, decision: Decision) -> list[str]:
    number = len(decision.refusals)
    lines = [f"{count(number, 'requirement')} {'stands' if number == 1 else 'stand'} in the way"]
    waive = mend.override(process, name, decision)
    if waive:
        roles = either(mend.overriders(process)) or "anyone"
        lines.append(f"{shown(roles)} may waive {'it' if number == 1 else 'them'}: {waive}")
    return ["\n".join(lines)]


def _action(decision: Decision) -> str:
    return shown(decision.move.action or _START)


def _moved(deal: Deal | None, decision: Decision) -> str:
    if deal is None or not decision.from_stage:
        return f"{deal.id if deal else 'the deal'} starts in {decision.to_stage}"
    track = "" if decision.track == MAIN else f"{decision.track} "
    process, _, stage = decision.to_stage.rpartition("/")
    end = f" ({decision.outcome})" if decision.outcome and decision.outcome != stage else ""
    there = f" of {deal.process}@{deal.version}" if process == deal.process else ""
    return f"{deal.id} went from {track}{decision.from_stage} to {stage if there else decision.to_stage}{there}{end}"


def _noted(decision: Decision) -> str:
    """What becomes of the facts of an allowed decision: a deal that is handed over keeps these and no others."""
    return "kept" if "/" in decision.to_stage else "recorded"


def _stays(deal: Deal | None, decision: Decision) -> str:
    if deal is None:
        return "the deal was not started"
    track = "" if decision.track == MAIN else f"{decision.track} "
    target = f" to {decision.to_stage}" if decision.to_stage else ""
    return f"{decision.move.action}{target}: {deal.id} stays in {track}{decision.from_stage}"


def can(
    process: Process,
    deal: Deal,
    decisions: Sequence[Decision],
    *,
    style: Style = Style.PLAIN,
    columns: int = TERMINAL,
) -> str:
    """Each action that is possible now; for each that is not yet, everything missing; the others by name."""
    possible = [decision for decision in decisions if is_possible(decision)]
    elsewhere = [d for d in decisions if d not in possible and _is_elsewhere(d)]
    later = [decision for decision in decisions if decision not in possible and decision not in elsewhere]
    blocks = [shown(_where(process, deal))]
    if possible:
        blocks.append(_section("possible", Tone.GOOD, [_open(process, group) for group in _grouped(possible)], style))
    if later:
        told = [_missing(process, deal, group, style=style, columns=columns) for group in _grouped(later)]
        blocks.append(_section("not yet", Tone.BAD, told, style))
    if elsewhere:
        names = dict.fromkeys(f"{d.move.action} ({_sources(process, deal, d)})" for d in elsewhere)
        lines = wrap(shown(", ".join(names)), columns - 2)
        blocks.append(_section("from other stages", Tone.QUIET, ["\n  ".join(lines)], style))
    if not decisions:
        blocks.append("no action is declared that could move it")
    return "\n\n".join(blocks) + "\n"


def is_possible(decision: Decision) -> bool:
    """Whether nothing is missing but what is given with the move itself: a reason, a note, one of its targets."""
    return all(_comes_with_the_move(verdict) for verdict in decision.refusals)


def _comes_with_the_move(verdict: Verdict) -> bool:
    if verdict.about is About.REASON:
        return True
    return bool(verdict.missing) and set(verdict.missing) <= {"reason", "note", "to"}


def _is_elsewhere(decision: Decision) -> bool:
    return any(verdict.about is About.STAGE for verdict in decision.refusals)


def _where(process: Process, deal: Deal) -> str:
    tracks = "".join(f", {track}: {stage}" for track, stage in deal.tracks.items())
    return f"{deal.id} is in {deal.stage}{tracks} ({process.name})"


def _section(title: str, tone: Tone, lines: list[str], style: Style) -> str:
    return "\n".join([paint(title, tone, style), *(f"  {line}" for line in lines)])


def _grouped(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """Decisions of one action that are hindered by the same: told once, with all their targets."""
    groups: dict[object, list[Decision]] = {}
    for decision in decisions:
        cause = tuple((verdict.requirement, verdict.result) for verdict in decision.refusals)
        groups.setdefault((decision.track, decision.move.action, cause), []).append(decision)
    return list(groups.values())


def _title(group: Sequence[Decision]) -> str:
    targets = either(dict.fromkeys(decision.to_stage for decision in group if decision.to_stage))
    track = "" if group[0].track == MAIN else f"{group[0].track} "
    return f"{group[0].move.action} → {track}{targets}" if targets else group[0].move.action


def _open(process: Process, group: Sequence[Decision]) -> str:
    first = group[0]
    needs = ["a note"] if mend.needs_note(process, first) else []
    codes = mend.reason_codes(process, first)
    if codes and not first.move.reason:
        needs.append(f"a reason: {either(codes)}")
    lines = [_title(group)]
    lines += [f"      give {' and '.join(needs)}"] if needs else []
    # What is asked may depend on the reason: until that is given, it is only a warning.
    asks = [
        verdict for verdict in first.warnings if verdict.about is About.ASKS and not mend.lacks_only_a_note(verdict)
    ]
    why = ", depending on the reason" if any("reason" in verdict.missing for verdict in asks) else ""
    lines += [f"      may be asked{why}: {both(evidence.says(verdict) for verdict in asks)}"] if asks else []
    should = [verdict for verdict in first.warnings if verdict.about not in (About.ASKS, About.REASON)]
    lines += [f"      should: {evidence.says(verdict)}" for verdict in should]
    return "\n".join(shown(line) for line in lines)


def _missing(process: Process, deal: Deal, group: Sequence[Decision], *, style: Style, columns: int) -> str:
    first = group[0] if len(group) == 1 else replace(group[0], move=replace(group[0].move, to=mend.ELLIPSIS))
    lines = [detail for verdict in first.refusals for detail in _missing_one(process, deal, first, verdict)]
    by_itself = ", by itself" if _is_automatic(process, first) else ""
    head = shown(_title(group) + by_itself)
    return "\n".join([head, *details.lines(lines, indent=6, style=style, columns=columns)])


def _is_automatic(process: Process, decision: Decision) -> bool:
    track = process.track(decision.track)
    return track is not None and any(variant.auto for variant in track.variants(decision.move.action))


def _missing_one(process: Process, deal: Deal, decision: Decision, verdict: Verdict) -> Iterable[Detail]:
    if _comes_with_the_move(verdict):
        yield Detail("give", evidence.says(verdict))
        return
    yield Detail("missing", evidence.says(verdict))
    if verdict.needs:
        yield Detail("needed", verdict.needs)
    if verdict.who:
        yield Detail("who", mend.who(verdict))
    command = mend.command(process, deal.id, decision, verdict)
    if command:
        yield Detail("run", command, literal=True)


def _sources(process: Process, deal: Deal, decision: Decision) -> str:
    """From where else: an action that leads to an earlier stage is of no use in the first, though it may name it."""
    track = process.track(decision.track)
    variants = track.variants(decision.move.action) if track else ()
    here = deal.stage if decision.track == MAIN else deal.tracks.get(decision.track)
    sources = dict.fromkeys(source for variant in variants for source in variant.sources)
    return either([source for source in sources if source != here] or sources)
