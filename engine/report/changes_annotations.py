"""Changes for programs that pin them to lines: SARIF 2.1.0 and GitHub's workflow commands, ranked and capped."""

from __future__ import annotations

import re
from collections.abc import Mapping
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

_SARIF = {Level.BREAK: "error", Level.TIGHTER: "warning", Level.LOOSER: "warning", Level.NOTE: "note"}
_GITHUB = {**_SARIF, Level.NOTE: "notice"}
_REVISION = re.compile(r"[A-Za-z0-9][^:\\]*:(?=[^\\])")


def sarif(changes: Changes, sides: Sides) -> str:
    """One run; what stood in the old version alone is pinned to the beginning of the new one."""
    found = ranked(changes)
    results = [_result(change, sides) for change in found[:MOST_RESULTS]]
    properties: Mapping[str, Data] = {
        "old": changes.old,
        "new": changes.new,
        "changes": len(found),
        "hidden": len(found) - len(results),
        "unread": changes.unread,
    }
    return sarif_log(results, properties)


def _result(change: Change, sides: Sides) -> Mapping[str, Data]:
    return {
        "ruleId": change.code,
        "level": _SARIF[change.level],
        "message": {"text": _sentence(change, sides)},
        "locations": (sarif_location(_pinned(change, sides)),),
        "properties": {"level": change.level.value, "subject": change.subject.value, "thing": change.thing},
    }


def github(changes: Changes, sides: Sides) -> str:
    """A line a change, as many of each kind as GitHub shows; the last one counts them all."""
    found = [(_GITHUB[change.level], change) for change in ranked(changes)]
    # The last line is a notice too, and what could not be read is an error: both must be seen.
    room = {
        "error": MOST_ANNOTATIONS - bool(changes.unread),
        "warning": MOST_ANNOTATIONS,
        "notice": MOST_ANNOTATIONS - 1,
    }
    shown = [each for kind, most in room.items() for each in [one for one in found if one[0] == kind][:most]]
    lines = [_unread(changes, sides)] if changes.unread else []
    lines += [_command(kind, change, sides) for kind, change in shown]
    return "".join(f"{line}\n" for line in [*lines, _total(changes, sides, len(found) - len(shown))])


def _unread(changes: Changes, sides: Sides) -> str:
    at = Place(_in_repository(sides.new_file))
    return workflow_command("error", at, title="not everything was read", text="; ".join(changes.unread))


def _command(kind: str, change: Change, sides: Sides) -> str:
    name = f"{change.level.value} {change.code}"
    return workflow_command(kind, _pinned(change, sides), title=name, text=_sentence(change, sides))


def _total(changes: Changes, sides: Sides, hidden: int) -> str:
    more = f"; {count(hidden, 'is', 'are')} not shown here, --format text tells all" if hidden else ""
    return workflow_command(
        "notice", Place(_in_repository(sides.new_file)), title=title(changes), text=counted(changes) + more
    )


def _sentence(change: Change, sides: Sides) -> str:
    """What changed, at what level, where it was, and what shows it."""
    told = [f"{change.says} ({change.level.value}: {MEANS[change.level]})", *proof_says(change.proof, sides)]
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
