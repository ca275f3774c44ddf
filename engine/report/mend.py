"""What would mend a refusal: the facts to record, and the command to type."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from engine.model.decision import WAIVABLE, About, Decision, Result, Verdict
from engine.model.process import Action, Process, roles_that_may, targets_from
from engine.model.rule import Fact
from engine.report.escape import shown
from engine.report.wording import accepted, either

ELLIPSIS = "…"
"""Stands in a command for what only the reader knows."""

_NOT_FACTS = ("reason", "note", "to")


def facts_to_record(process: Process, verdict: Verdict) -> tuple[Fact, ...]:
    """The facts whose recording could let the requirement pass: what is missing, and what a failing clause read."""
    read = [name for clause in verdict.clauses if clause.holds is not True for name, _ in clause.seen]
    found = (process.facts.get(name) for name in dict.fromkeys([*verdict.missing, *read]))
    return tuple(fact for fact in found if fact and fact.table is None)


def command(process: Process, deal_id: str, decision: Decision, verdict: Verdict) -> str:
    """The command that would mend the verdict; empty where none can. ``deal_id`` empty: it is not started yet."""
    facts = facts_to_record(process, verdict)
    if not deal_id:
        known = " ".join(f"--fact {shown(fact.id)}=…" for fact in facts)
        return f"stagewright start {_quoted(process.name)} DEAL {known}" if known else ""
    again = _advance(deal_id, decision, verdict)
    match verdict.about:
        case About.STAGE:
            return f"stagewright can {_quoted(deal_id)}"
        case About.TARGET:
            return f"{again} --to …" if _targets(process, decision) else ""
        case About.ROLE:
            return f"{again} --as WHO --role {_one_of(verdict.who)}"
        case About.REASON:
            return f"{again} --reason …"
        case About.APPROVAL:
            role = _one_of(verdict.who)
            return f"stagewright approve {_quoted(deal_id)} {_quoted(decision.move.action)} --as WHO --role {role}"
    if facts:
        return f"stagewright record {_quoted(deal_id)} " + " ".join(f"{shown(fact.id)}=…" for fact in facts)
    given = [name for name in verdict.missing if name in _NOT_FACTS]
    return f"{again} " + " ".join(f"--{name} …" for name in given) if given else ""


def choices(process: Process, decision: Decision, verdict: Verdict) -> tuple[str, ...]:
    """What may stand for each ``…`` of the command, a line each."""
    if verdict.about is About.REASON:
        return tuple(f"{code}: {title}" if title else code for code, title in _reasons(process, decision))
    if verdict.about is About.TARGET:
        targets = either(_targets(process, decision))
        return (f"to takes {targets}",) if targets else ()
    return tuple(f"{fact.id} takes {accepted(fact.type)}" for fact in facts_to_record(process, verdict))


def reason_codes(process: Process, decision: Decision) -> tuple[str, ...]:
    """The codes that the action takes as its reason."""
    return tuple(code for code, _ in _reasons(process, decision))


def needs_note(process: Process, decision: Decision) -> bool:
    """Whether a note is asked for whatever the reason, as far as is known of the deal, and none was given."""
    asks = [ask for action in _variants(process, decision) for ask in action.asks]
    always = any(ask.fact == "note" and ask.when is None for ask in asks)
    return not decision.move.note and (always or any(lacks_only_a_note(verdict) for verdict in decision.verdicts))


def lacks_only_a_note(verdict: Verdict) -> bool:
    """Whether it is certain that a note is asked for, and it is all that is missing."""
    return verdict.about is About.ASKS and verdict.result is not Result.PASSED and verdict.missing == ("note",)


def override(process: Process, deal_id: str, decision: Decision) -> str:
    """The command that would waive all that refuses; empty where that cannot be waived."""
    if (
        not deal_id
        or process.override_by is None
        or not all(verdict.about in WAIVABLE for verdict in decision.refusals)
    ):
        return ""
    role = _one_of(roles_that_may(process, process.override_by))
    return f"{_advance(deal_id, decision)} --override --as WHO --role {role}"


def overriders(process: Process) -> tuple[str, ...]:
    """The roles that may waive a requirement."""
    return roles_that_may(process, process.override_by) if process.override_by is not None else ()


def who(verdict: Verdict) -> str:
    """The roles that can mend it."""
    return either(verdict.who) or "anyone"


def _reasons(process: Process, decision: Decision) -> tuple[tuple[str, str], ...]:
    variants = _variants(process, decision)
    return tuple({reason.code: reason.title for variant in variants for reason in variant.reasons}.items())


def _variants(process: Process, decision: Decision) -> tuple[Action, ...]:
    track = process.track(decision.track)
    return track.variants(decision.move.action) if track else ()


def _targets(process: Process, decision: Decision) -> tuple[str, ...]:
    track = process.track(decision.track)
    if track is None:
        return ()
    found = [targets_from(track, action, decision.from_stage) for action in track.variants(decision.move.action)]
    return tuple(dict.fromkeys(target for targets in found for target in targets))


def _advance(deal_id: str, decision: Decision, verdict: Verdict | None = None) -> str:
    """The command of the move itself, with what was given and is not at fault."""
    move, about = decision.move, verdict.about if verdict else None
    parts = ["stagewright advance", _quoted(deal_id), _quoted(move.action)]
    parts += [f"--to {_quoted(move.to)}"] if move.to and about is not About.TARGET else []
    parts += [f"--reason {_quoted(move.reason)}"] if move.reason and about is not About.REASON else []
    parts += ["--override"] if move.override and verdict else []
    return " ".join(parts)


def _one_of(roles: Iterable[str]) -> str:
    known = tuple(roles)
    return _quoted(known[0]) if len(known) == 1 else "ROLE"


def _quoted(text: str) -> str:
    return text if text == ELLIPSIS else shlex.quote(shown(text))
