"""Names that are declared and used by nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.checks.expressions import uses
from engine.model.finding import Finding, Severity
from engine.model.place import Place
from engine.model.process import MetricPart, Process
from engine.model.rule import Fact, Requirement
from engine.model.syntax import Compare, ContextRef, In, Literal, Tree, facts_read, walk

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

KEPT = frozenset({"amount", "currency", "team"})
"""Facts that are read by their name: in tables of deals, for the money of ``measure`` and for its teams."""


_TITLE_IT = "remove it, ask for it where it must be known, or give it a title if people alone read it"


def unused_facts(process: Process) -> Iterator[Finding]:
    """P111: a fact that nothing asks for, reads or gives, and that has no title by which people would know it."""
    used = _used_facts(process)
    for fact in process.facts.values():
        # What a rule set brings along is the rule set's to use.
        own = fact.at.file == process.at.file
        if own and fact.id not in used and fact.id not in KEPT and not fact.title:
            message = f"nothing asks for fact '{fact.id}', reads it or sets it"
            yield _unused("P111", fact.at, message, _TITLE_IT)


def _used_facts(process: Process) -> frozenset[str]:
    used: set[str] = set()
    for use in uses(process):
        used |= facts_read(use.expression.tree)
    for track in process.all_tracks():
        asks = (*(stage.asks for stage in track.stages), *(action.asks for action in track.actions))
        gives = (*(stage.stamps for stage in track.stages), *(action.sets for action in track.actions))
        used.update(ask.fact for asked in asks for ask in asked)
        used.update(value.fact for given in gives for value in given)
    used.update(fact for clock in process.clocks for fact in clock.activity)
    used.update(word for metric in process.metrics for word in _words(metric.parts))
    return frozenset(used)


def _words(part: MetricPart) -> Iterator[str]:
    """Names that a metric gives as plain words."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        yield from part
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from _words(inner)


def unused_groups(process: Process) -> Iterator[Finding]:
    """P112: a group that no list of stages and no condition can be naming."""
    lists = [frozenset(action.sources) for track in process.all_tracks() for action in track.actions]
    lists += [frozenset(action.targets) for track in process.all_tracks() for action in track.actions]
    lists += [frozenset(clock.stages) for clock in process.clocks]
    lists += [frozenset(_words(metric.parts)) for metric in process.metrics]
    words = frozenset(word for use in uses(process) for word in _NAME.findall(use.expression.text))
    for group, stages in process.groups.items():
        # Lists have their groups spelled out by now: one that holds all the stages may have named the group.
        if group not in words and not any(listed.issuperset(stages) for listed in lists):
            message = f"nothing names the group '{group}'"
            yield _unused(
                "P112",
                _place(process, f"groups/{group}"),
                message,
                "remove it, or write it where its stages are listed",
            )


def unused_roles(process: Process) -> Iterator[Finding]:
    """P113: a role that nobody needs: named nowhere, and including none that is."""
    named = _named_roles(process)
    for role in process.roles:
        if not _with_included(process, role) & named:
            message = f"nothing is for role '{role}': no 'by', approval, override or condition names it"
            yield _unused("P113", _place(process, f"roles/{role}"), message, "remove it, or say in 'by' what it may do")


def _named_roles(process: Process) -> frozenset[str]:
    named = {*process.by, *(process.override_by or ())}
    for track in process.all_tracks():
        for action in track.actions:
            named.update(action.by)
            named.update(role for approval in action.approvals for role in approval.by)
    for use in uses(process):
        named.update(_compared_with(use.expression.tree, "actor.role"))
    return frozenset(named)


def _compared_with(tree: Tree, word: str) -> Iterator[str]:
    """The texts that a word of the language is compared with."""
    for node in walk(tree):
        sides: Sequence[Tree] = ()
        if isinstance(node, Compare):
            sides = (node.left, node.right)
        elif isinstance(node, In):
            sides = (node.item, node.options)
        if any(isinstance(side, ContextRef) and side.name == word for side in sides):
            for side in sides:
                yield from _texts(side)


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Literal):
        values = tree.value if isinstance(tree.value, tuple) else (tree.value,)
        yield from (value for value in values if isinstance(value, str))


def _with_included(process: Process, role: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [role]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(process.roles.get(current, ()))
    return frozenset(found)


def unused_rule_sets(process: Process) -> Iterator[Finding]:
    """P115: a rule set of which neither a rule, nor a list of reasons, nor a fact is used."""
    rules = {requirement.rule.partition("/")[0] for requirement in _requirements(process)}
    lists = {action.reasons for track in process.all_tracks() for action in track.actions if action.reasons}
    used = _used_facts(process)
    shared = [fact for fact in process.facts.values() if fact.at.file != process.at.file]
    for rule_set in process.rule_sets:
        name = f"{rule_set.id}@{rule_set.version}"
        if name in rules or lists & set(rule_set.reasons.values()) or _gives_facts(rule_set.id, shared, used):
            continue
        message = f"nothing of the rule set {name} is used: no rule, no reasons, no fact"
        yield _unused(
            "P115",
            _place(process, f"uses/{rule_set.id}"),
            message,
            f"name one of its rules, or take '{rule_set.id}' out of 'uses'",
        )


def _gives_facts(rule_set: str, shared: Sequence[Fact], used: frozenset[str]) -> bool:
    """Whether a fact in use stands in a file of that rule set, which lies in the folder of its name."""
    return any(fact.id in used and rule_set in fact.at.file.replace("\\", "/").split("/") for fact in shared)


def _requirements(process: Process) -> Iterator[Requirement]:
    for track in process.all_tracks():
        for stage in track.stages:
            yield from (*stage.to_enter, *stage.to_pass)
        for action in track.actions:
            yield from action.requires
        yield from track.always


def _place(process: Process, name: str) -> Place:
    return process.places.get(name, process.at)


def _unused(code: str, at: Place, message: str, hint: str) -> Finding:
    return Finding(code, at, message, hint, Severity.WARNING)
