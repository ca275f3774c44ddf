"""``uses``: the rule sets of a process, taken from a shelf and read."""

from __future__ import annotations

from dataclasses import dataclass

from engine.loading import codes, written
from engine.loading.document import Document
from engine.loading.facts import merged
from engine.loading.loaded import Findings
from engine.loading.nodes import Node, Scalar
from engine.loading.reading import SharedRules
from engine.loading.rules import read_rule_set, shared_rules
from engine.loading.shelf import Shelf
from engine.model.finding import Finding, Severity
from engine.model.names import did_you_mean
from engine.model.rule import Fact

_CHECK, _FIRST = "check ", "; the first: "


@dataclass(frozen=True, slots=True)
class Used:
    """The rule sets in use, their documents, and the facts they declare. ``complete``: all could be read whole."""

    shared: tuple[SharedRules, ...]
    documents: tuple[tuple[str, int, Document], ...]
    facts: dict[str, Fact]
    complete: bool


def used(node: Node | None, shelf: Shelf, found: Findings) -> Used:
    """The rule sets that a process names."""
    shared: list[SharedRules] = []
    documents = []
    facts: dict[str, Fact] = {}
    complete = True
    for key, value in written.named(node):
        version = written.number(value)
        document = _document(key, value, version, shelf, found)
        if document is None or version is None:
            complete = False
            continue
        documents.append((key.value, version, document))
        rules, whole = _rules(key, version, document, found)
        complete = complete and whole
        if rules:
            shared.append(rules)
            facts = merged(facts, rules.facts, key.at, f"{rules.id}@{rules.version}", found)
    return Used(tuple(shared), tuple(documents), facts, complete)


def file_at_fault(finding: Finding) -> str:
    """The file of the rule set that a finding at ``uses`` says to check; empty for any other finding."""
    if finding.code != codes.FAULTY_RULE_SET:
        return ""
    return finding.hint.removeprefix(_CHECK).partition(_FIRST)[0]


def _document(key: Scalar, value: Node, version: int | None, shelf: Shelf, found: Findings) -> Document | None:
    if version is None:
        return None
    versions = shelf.versions(key.value)
    if version in versions:
        return shelf.document(key.value, version)
    if versions:
        message = f"there is no version {version} of the rule set '{key.value}'"
        hint = f"there is {', '.join(str(one) for one in versions)}"
        found.error(codes.UNKNOWN_RULE_SET, value.at, message, hint)
        return None
    hint = did_you_mean(key.value, shelf.names()) or f"write it to rules/{key.value}/{version}.yaml"
    found.error(codes.UNKNOWN_RULE_SET, key.at, f"there is no rule set '{key.value}'", hint)
    return None


def _rules(key: Scalar, version: int, document: Document, found: Findings) -> tuple[SharedRules | None, bool]:
    """The rules, and whether they were read whole. What is wrong in the file is told when that file is checked."""
    loaded = read_rule_set(document)
    errors = sum(finding.severity is Severity.ERROR for finding in loaded.findings)
    if errors:
        first = next(finding for finding in loaded.findings if finding.severity is Severity.ERROR)
        message = f"the rule set '{key.value}@{version}' has {errors} error{'s' if errors > 1 else ''}"
        hint = f"{_CHECK}{first.at.file}{_FIRST}{first.message}"
        found.error(codes.FAULTY_RULE_SET, key.at, message, hint)
    if loaded.partial is None:
        return None, False
    return shared_rules(document, loaded.partial, key.at), not errors
