"""What differs in the rule sets that a process uses: codes D95x. What is in them is told where it is used."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Code, Example, Level, Subject
from engine.model.place import Place
from engine.model.process import Process
from engine.versions import rule_set_diff
from engine.versions.pair import Pair


def rule_set_changes(pair: Pair) -> Iterator[Change]:
    """Rule sets that are used anew, no longer, or in another version."""
    old, new = dict(pair.old.uses), dict(pair.new.uses)
    for name, version in new.items():
        at = _at(pair.new, name)
        if name not in old:
            says = f"the rule set '{name}' is used, in version {version}"
            yield Change("D951", Level.NOTE, Subject.RULE_SETS, name, says, None, at, "", str(version))
        elif old[name] != version:
            says = f"the rule set '{name}' is used in version {version}, no longer in version {old[name]}"
            was = str(old[name])
            yield Change("D953", Level.NOTE, Subject.RULE_SETS, name, says, _at(pair.old, name), at, was, str(version))
    for name, version in old.items():
        if name not in new:
            says = f"the rule set '{name}' is no longer used"
            yield Change("D952", Level.NOTE, Subject.RULE_SETS, name, says, _at(pair.old, name), None, str(version))


def _at(process: Process, name: str) -> Place:
    return process.places.get(f"uses/{name}", process.at)


CODES: tuple[Code, ...] = (
    Code(
        "D951",
        "a rule set is used",
        (Level.NOTE,),
        "D952",
        "Its facts belong to the process from now on. Its rules and lists of reasons count where the process names "
        "them, and are told there.",
        Example("uses: {terms: 1}", "uses: {terms: 1, looks: 1}"),
        "base_rest.yaml",
    ),
    Code(
        "D952",
        "a rule set is no longer used",
        (Level.NOTE,),
        "D951",
        "Its rules, facts and lists of reasons are gone from the process; each that it named is told there.",
        Example("uses: {terms: 1}", ""),
        "base_rest.yaml",
    ),
    Code(
        "D953",
        "a rule set is used in another version",
        (Level.NOTE,),
        "D953",
        "What is another in it is told where the process requires it. `stagewright diff` of the two files of the rule "
        "set tells all of it.",
        Example("uses: {terms: 1}", "uses: {terms: 2}"),
        "base_rest.yaml",
    ),
    *rule_set_diff.CODES,
)
