"""Two texts compared: what is told there, held to be the mirror of what is told on the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from engine.loading.document import parse_text
from engine.loading.processes import from_definition
from engine.loading.rules import read_rule_set
from engine.model.change import Change, Changes, Level
from engine.model.entry import Definition
from engine.model.process import Process
from engine.model.rule import RuleSet
from engine.versions.codes import CODES
from engine.versions.diff import diff

NOTHING: Mapping[str, str] = {}
MIRRORED = {Level.TIGHTER: Level.LOOSER, Level.LOOSER: Level.TIGHTER}
"""What a level is called backwards; ``break`` and ``note`` have no fixed counterpart."""
_KINDS = {code.code: code for code in CODES}

STAGES = "stages: {lead: {}, demo: {}, won: {ends: won}, lost: {ends: lost}}\n"
ACTIONS = "actions: {show: {from: lead, to: demo}, sign: {from: demo, to: won}, lose: {from: open, to: lost}}\n"


def process(text: str, version: int = 1, rules: Mapping[str, str] = NOTHING) -> Process:
    """A process of a text without its head, and where it has none with usual stages and actions."""
    whole = f"process: tiny\nversion: {version}\n{text}"
    whole += "" if "stages:" in text.splitlines()[0:1] or "\nstages:" in whole else STAGES
    whole += "" if "\nactions:" in whole else ACTIONS
    files = (("processes/tiny/1.yaml", whole), *((f"rules/{name}.yaml", one) for name, one in rules.items()))
    return from_definition(Definition("tiny", version, "", files))


def rule_set(text: str, version: int = 1) -> RuleSet:
    """A rule set of a text without its head."""
    read = read_rule_set(parse_text(f"ruleset: terms\nversion: {version}\n{text}", f"rules/terms/{version}.yaml"))
    assert read.value is not None, read.findings
    return read.value


def changes(old: str, new: str, *, rules: Mapping[str, str] = NOTHING) -> tuple[Change, ...]:
    """What is told of two texts of processes, the way back mirrored."""
    before, after = process(old, 1, rules), process(new, 2, rules)
    there, back = diff(before, after), diff(after, before)
    assert_mirrored(there, back)
    return there.changes


def assert_mirrored(there: Changes, back: Changes) -> None:
    """Each change is told backwards by the code that mirrors it, and a tighter one as looser."""
    forth = Counter(_KINDS[one.code].mirror for one in there.changes)
    assert forth == Counter(one.code for one in back.changes)
    if not there.count(Level.BREAK) and not back.count(Level.BREAK):
        turned = Counter((_KINDS[one.code].mirror, MIRRORED.get(one.level, one.level)) for one in there.changes)
        assert turned == Counter((one.code, one.level) for one in back.changes)


def told(found: Iterable[Change]) -> list[str]:
    """``D405 tighter kind``."""
    return [f"{one.code} {one.level.value} {one.thing}" for one in found]
