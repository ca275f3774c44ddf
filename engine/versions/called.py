"""What all that earlier versions had is called in one version, for deals that came to it with a past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from engine.model.called import Called
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Kind
from engine.versions.became import Became, became
from engine.versions.fates import renamed
from engine.versions.kept_values import is_told_in


def called_in(new: Process, others: Iterable[Process]) -> dict[str, Mapping[str, str]]:
    """``stages``, ``actions``, ``facts`` and ``reasons`` to their names in ``new``; what kept its name is left out.

    An id never means two things, so it does not matter in which version it was used.
    """
    found: dict[str, dict[str, str]] = {"stages": {}, "actions": {}, "facts": {}, "reasons": {}}
    versions = [old for old in others if old.id == new.id and old.version != new.version]
    for old in versions:
        names = became(old, new, versions)
        facts = ((f"facts/{was}", name) for was, name in names.facts.items() if name in new.facts)
        reasons = ((f"reasons/{was}", name) for was, name in names.reasons.items())
        for place, name in chain(renamed(old, new, names).items(), facts, reasons):
            of, _, was = place.partition("/")
            if was != name:
                found[of][was] = name
    return dict(found)


def called_by_digest(new: Process, others: Mapping[str, Process], between: Iterable[Process]) -> dict[str, Called]:
    """What each of ``others`` (by the digest of its text) calls otherwise than ``new``; those of other processes not.

    ``between`` are further versions, through which they follow one another.
    """
    versions = {process.version: process for process in (*between, *others.values()) if process.id == new.id}
    return {
        digest: _called(old, new, became(old, new, [each for each in versions.values() if each.version != new.version]))
        for digest, old in others.items()
        if old.id == new.id
    }


def _called(old: Process, new: Process, names: Became) -> Called:
    stages = {stage: names.stage(stage) for stage in names.stages}
    alike = {names.fact(fact.id): fact.id for fact in old.facts.values() if _is_alike(old, new, fact, names)}
    return Called(stages, names.reasons, alike)


def _is_alike(old: Process, new: Process, fact: Fact, names: Became) -> bool:
    there = new.facts.get(names.fact(fact.id))
    if there is None or there.type.kind is not fact.type.kind:
        return False
    if fact.type.kind is Kind.MONEY:
        return is_told_in(old, new.currency)
    return there.type == fact.type or (
        fact.type.kind is Kind.CHOICE and set(fact.type.choices) <= set(there.type.choices)
    )
