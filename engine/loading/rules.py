"""Rule sets: a file of named rules, facts and lists of reasons. They know no process, so names of stages pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.loading import git, written
from engine.loading.agree import agree
from engine.loading.document import Document, parse, read_document
from engine.loading.facts import Facts, read_facts, values, with_tables
from engine.loading.ids import fit, fit_all
from engine.loading.kinds import is_other
from engine.loading.loaded import Enough, Findings, Loaded
from engine.loading.nodes import Keyed, Node, Scalar
from engine.loading.reading import Reading, SharedRules
from engine.loading.reasons import own_reasons
from engine.loading.released import check_in_use
from engine.loading.requirements import requirement
from engine.loading.schema import schema
from engine.loading.shape import check_shape
from engine.loading.source import decode
from engine.model.errors import UnknownName
from engine.model.place import Place
from engine.model.rule import Reason, Rule, RuleSet
from engine.model.scope import Scope
from engine.model.syntax import Value


def load_rule_set(path: Path) -> Loaded[RuleSet]:
    """The rule set in a file. Raises ``UnreadableFile`` where there is nothing to read."""
    return read_rule_set(read_document(path), path=path)


def load_rule_set_revision(name: str, *, folder: Path) -> Loaded[RuleSet]:
    """The rule set that ``REF:FILE`` names; ``folder`` lies in the repository. Raises ``UnknownName``."""
    named = git.split(name)
    if named is None:
        raise UnknownName(
            f"'{name}' names no file of a git revision", hint="write REVISION:PATH, such as HEAD~1:a.yaml"
        )
    source, findings = decode(git.read(*named, folder=folder), name)
    return read_rule_set(parse(source) if source else Document(None, None, findings))


def read_rule_set(document: Document, *, path: Path | None = None) -> Loaded[RuleSet]:
    """The rule set in a document, which was read from ``path`` if from a file."""
    found = Findings()
    partial = None
    try:
        found.add(document.findings)
        if document.root and not is_other(document.root, "ruleset", found):
            if path:
                agree(path, document.root, "ruleset", found)
                check_in_use(path, document, found)
            partial = _rule_set(document.root, found)
    except Enough:
        pass
    told = found.told([document.source] if document.source else [])
    return Loaded(None if found.any_error else partial, told, partial)


def shared_rules(document: Document, rule_set: RuleSet, at: Place) -> SharedRules:
    """What a process needs of a rule set that it uses ``at`` a place."""
    rules = {key.value: value for key, value in written.named(written.get(document.root, "rules"))}
    whole = {name: node for name, node in rules.items() if isinstance(node, Keyed)}
    at_fault = frozenset(whole.keys() - rule_set.rules.keys())
    declared = written.get(document.root, "facts")
    return SharedRules(rule_set.id, rule_set.version, rule_set.facts, rule_set.reasons, whole, declared, at, at_fault)


def _rule_set(root: Node, found: Findings) -> RuleSet | None:
    check_shape(root, schema("ruleset"), found)
    name, version = written.text(written.get(root, "ruleset")), written.number(written.get(root, "version"))
    if not isinstance(root, Keyed) or not name or version is None:
        return None
    facts = read_facts(root.get("facts"), found)
    reading = _reading(facts, found)
    reading = replace(reading, facts=with_tables(root.get("facts"), reading))
    return RuleSet(
        id=name,
        version=version,
        title=written.text(root.get("title")),
        facts=reading.facts,
        reasons=_lists(root.get("reasons"), found),
        rules=_rules(root.get("rules"), f"{name}@{version}", reading),
        at=root.at,
    )


def _reading(facts: Facts, found: Findings) -> Reading:
    scope = Scope(facts={name: fact.type for name, fact in facts.known.items()}, open_names=True)
    return Reading(found, scope, facts.known, doubtful=facts.doubtful)


def _lists(node: Node | None, found: Findings) -> Mapping[str, tuple[Reason, ...]]:
    lists = {}
    for key, value in written.named(node):
        if isinstance(value, Keyed):
            fit_all((code for code, _ in value.pairs()), found, noun="reason")
            lists[key.value] = own_reasons(value)
    return lists


def _rules(node: Node | None, rule_set: str, reading: Reading) -> Mapping[str, Rule]:
    read = {}
    for key, value in written.pairs(node):
        if not fit(key, reading.found, noun="rule"):
            continue
        one = requirement(value, key.value, reading, rule=f"{rule_set}/{key.value}")
        passes = _examples(value, "pass", reading)
        refuses = _examples(value, "refuse", reading)
        if one:
            read[key.value] = Rule(replace(one, at=key.at), passes, refuses, key.at)
    return read


def _examples(node: Node, kind: str, reading: Reading) -> tuple[Mapping[str, Value], ...]:
    listed = written.nodes(written.get(written.get(node, "examples"), kind))
    return tuple(values(one, reading) for one in listed if not isinstance(one, Scalar))
