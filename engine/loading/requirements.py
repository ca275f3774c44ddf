"""Requirements, written out or by the name of a rule; what actions and stages ask for; approvals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.meant import in_flow
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.reading import Reading, SharedRules, expression, known_fact, list_meant, roles
from engine.model.names import did_you_mean
from engine.model.place import Place
from engine.model.rule import Approval, Ask, Force, Requirement

NOTE = "note"
_NAME = re.compile(r"[\w-]+(/[\w-]+)?\Z")


def requirements(node: Node | None, where: str, reading: Reading, *, first: int = 1) -> tuple[Requirement, ...]:
    """Those of a list; ``where`` and a number from ``first`` are the id of one without a name."""
    read = []
    for number, one in enumerate(written.nodes(node), first):
        found = _by_name(one, reading) if isinstance(one, Scalar) else requirement(one, f"{where}/{number}", reading)
        if found:
            read.append(found)
    return tuple(read)


def requirement(node: Node, name: str, reading: Reading, *, rule: str = "") -> Requirement | None:
    """One that is written out; ``None`` where a part of it is at fault."""
    if not isinstance(node, Keyed):
        return None
    force = Force.SHOULD if "should" in node.entries else Force.MUST
    when = node.get("when")
    condition = expression(node.get(force.value), reading, what=f"'{force.value}'")
    applies = expression(when, reading, what="'when'")
    if condition is None or (when is not None and applies is None):
        return None
    says, fix = written.text(node.get("says")), written.text(node.get("fix"))
    return Requirement(name, force, condition, says, applies, fix, rule, node.at)


def _by_name(node: Scalar, reading: Reading) -> Requirement | None:
    name = node.value.strip()
    if node.spoiled or not name:
        return None
    sets = [one for one, rule in reading.sharing(name) if rule in one.rules]
    if len(sets) == 1:
        return _rule(sets[0], name.rpartition("/")[2], name, node.at, reading)
    if sets:
        choices = " or ".join(f"'{one.id}/{name}'" for one in sets)
        reading.found.error(codes.AMBIGUOUS, node.at, f"several rule sets have a rule '{name}'", f"write {choices}")
        return None
    options = [rule for one in reading.shared for rule in one.rules]
    if not _NAME.match(name):
        listed = list_meant(name) if all(_NAME.match(part.strip()) for part in name.split(",")) else ""
        hint = listed or f"write {{must: {in_flow(name)}, says: …}}"
        message = f"'{name}' is {'several names' if listed else 'a condition'}, not the name of a rule"
        reading.found.error(codes.UNKNOWN_RULE, node.at, message, hint)
    elif reading.surely_unknown(name, options, noun="requirement"):
        hint = did_you_mean(name, options) or "name a rule of a rule set in 'uses', or write {must: …, says: …}"
        reading.found.error(codes.UNKNOWN_RULE, node.at, f"unknown rule '{name}'", hint)
    return None


def _rule(shared: SharedRules, rule: str, name: str, at: Place, reading: Reading) -> Requirement | None:
    """The rule, read with the names of the process that uses it: what it then lacks is told where it is used."""
    if rule in shared.at_fault:
        return None
    found = Findings()
    whole = f"{shared.id}@{shared.version}"
    read = requirement(shared.rules[rule], name, replace(reading, found=found), rule=f"{whole}/{rule}")
    if found.any_error:
        for finding in found.told():
            message = f"rule '{rule}' of {whole} does not fit here: {finding.message}"
            reading.found.error(codes.RULE_MISFIT, at, message, finding.hint)
    return replace(read, at=at) if read else None


def asks(node: Node | None, reading: Reading) -> tuple[Ask, ...]:
    """Facts (or the note) that must be known, each with the condition under which it is asked."""
    return tuple(ask for one in written.nodes(node) for ask in _ask(one, reading))


def _ask(node: Node, reading: Reading) -> Iterator[Ask]:
    entries = [(node, None)] if isinstance(node, Scalar) else [*written.pairs(node)]
    for key, value in entries:
        scalar = written.scalar(key)
        if scalar is None or (scalar.value.strip() != NOTE and known_fact(scalar, reading, given=True) is None):
            continue
        when = expression(value, reading, what=f"condition of '{scalar.value}' in 'asks'") if value else None
        if value is None or when:
            yield Ask(scalar.value.strip(), when, scalar.at)


def approvals(node: Node | None, action: str, reading: Reading, *, first: int = 1) -> tuple[Approval, ...]:
    """Who else must agree, and when."""
    read = []
    for number, one in enumerate(written.nodes(node), first):
        by = roles(written.get(one, "by"), reading)
        when = written.get(one, "when")
        condition = expression(when, reading, what="'when'")
        if not by or (when is not None and condition is None):
            continue
        says = written.text(written.get(one, "says")) or f"approved by {' or '.join(by)}"
        lasts = written.duration(written.get(one, "lasts"))
        read.append(Approval(f"{action}/approval/{number}", by, says, condition, lasts, one.at))
    return tuple(read)


def length(node: Node | None) -> int:
    """How many entries a list has: one that is at fault keeps its number."""
    return len(node.nodes) if isinstance(node, Items) else len(written.nodes(node))
