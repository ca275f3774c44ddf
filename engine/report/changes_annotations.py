"""Changes for programs that pin them to lines: SARIF 2.1.0 and GitHub's workflow commands, ranked and capped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.model.change import Change, Changes, Level
from engine.model.place import NOWHERE, Place
from engine.report.annotations import sarif_location, sarif_log, workflow_command
from engine.report.changes_words import MEANS, Sides, counted, place_text, proof_says, ranked, title
from engine.report.json_text import Data
from engine.report.wording import count

MOST_ANNOTATIONS = 10
"""GitHub shows so many errors, warnings and notices of one step each, and drops the others without a word."""

MOST_RESULTS = 5_000
"""GitHub shows so many results of one SARIF file."""

Told = tuple[Changes, Sides]
"""What changed, and the two that were compared."""

_SARIF = {Level.BREAK: "error", Level.TIGHTER: "warning", Level.LOOSER: "warning", Level.NOTE: "note"}
_GITHUB = {**_SARIF, Level.NOTE: "notice"}
_REVISION = re.compile(r"[A-Za-z0-9][^:\\]*:(?=[^\\])")


def sarif(told: Sequence[Told]) -> str:
    """One run; what stood in the old version alone is pinned to the beginning of the new one."""
    found = list(_ranked(told))
    results = [_result(change, sides) for change, sides in found[:MOST_RESULTS]]
    properties: Mapping[str, Data] = {
        "compared": [{"old": changes.old, "new": changes.new} for changes, _ in told],
        "changes": len(found),
        "hidden": len(found) - len(results),
        "unread": [sentence for changes, _ in told for sentence in changes.unread],
    }
    return sarif_log(results, properties)


def _ranked(told: Sequence[Told]) -> Sequence[tuple[Change, Sides]]:
    """The changes of all that was compared, worst first."""
    every = [(change, sides) for changes, sides in told for change in ranked(changes)]
    return sorted(every, key=lambda one: list(Level).index(one[0].level))


def _result(change: Change, sides: Sides) -> Mapping[str, Data]:
    return {
        "ruleId": change.code,
        "level": _SARIF[change.level],
        "message": {"text": _sentence(change, sides)},
        "locations": (sarif_location(_pinned(change, sides)),),
        "properties": {"level": change.level.value, "subject": change.subject.value, "thing": change.thing},
    }


def github(told: Sequence[Told]) -> str:
    """A line a change, as many of each kind as GitHub shows of a step; then how many there are of all compared."""
    found = [(_GITHUB[change.level], change, sides) for change, sides in _ranked(told)]
    unread = [_unread(*one) for one in told if one[0].unread][:MOST_ANNOTATIONS]
    totals = [_total(*one) for one in told][: MOST_ANNOTATIONS - 1]
    # The last lines are notices too, and what could not be read is an error: all of them must be seen.
    room = {
        "error": MOST_ANNOTATIONS - len(unread),
        "warning": MOST_ANNOTATIONS,
        "notice": MOST_ANNOTATIONS - len(totals) - 1,
    }
    shown = [one for kind, most in room.items() for one in [each for each in found if each[0] == kind][:most]]
    hidden = len(found) - len(shown)
    if hidden:
        text = f"{count(hidden, 'change is', 'changes are')} not shown here; --format text tells all"
        totals.append(workflow_command("notice", Place(""), title="not all changes are shown", text=text))
    return "".join(f"{line}\n" for line in [*unread, *(_command(*one) for one in shown), *totals])


def _unread(changes: Changes, sides: Sides) -> str:
    at = Place(_in_repository(sides.new_file))
    return workflow_command("error", at, title="not everything was read", text="; ".join(changes.unread))


def _command(kind: str, change: Change, sides: Sides) -> str:
    name = f"{change.level.value} {change.code}"
    return workflow_command(kind, _pinned(change, sides), title=name, text=_sentence(change, sides))


def _total(changes: Changes, sides: Sides) -> str:
    return workflow_command(
        "notice", Place(_in_repository(sides.new_file)), title=title(changes), text=counted(changes)
    )


def _sentence(change: Change, sides: Sides) -> str:
    """What changed, at what level, where it was, and what shows it."""
    told = [f"{change.says} ({change.level.value}: {MEANS[change.level]})", *proof_says(change, sides)]
    if change.new is None or change.new == NOWHERE:
        where = place_text(change.old, "")
        told += [f"it was at {where}"] if where else []
    return "; ".join(told)


def _pinned(change: Change, sides: Sides) -> Place:
    """Where the new version has it, or else the beginning of the new version."""
    if change.new is None or change.new == NOWHERE:
        return Place(_in_repository(sides.new_file), 1, 1)
    return replace(change.new, file=_in_repository(change.new.file))


def _in_repository(file: str) -> str:
    """The path without the git revision before it: that is what the file is called in the repository."""
    found = _REVISION.match(file)
    # A drive's letter is no revision.
    return file[found.end() :] if found and found.end() > 2 else file
