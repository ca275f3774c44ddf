"""The laws of ``diff``: on a whole process and on random ones, each change that can be made of one is tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from functools import lru_cache
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.machine.compile import compile_process
from engine.model.change import Changes, Level, Subject
from engine.model.process import Process
from engine.versions.became import became
from engine.versions.codes import CODES
from engine.versions.diff import diff
from tests.versions.changed_flow import Unfit
from tests.versions.deciding import Answers, Case, answers, cases, seen, telling
from tests.versions.document import RULES, Doc, documents, everything, load, text, why_not
from tests.versions.mutations import MUTATIONS, Mutation
from tests.versions.pairs import MIRRORED

KINDS = {code.code: code for code in CODES}
HARSH = {Level.BREAK: {Level.BREAK}, Level.TIGHTER: {Level.TIGHTER, Level.BREAK}, Level.LOOSER: {Level.LOOSER}}
"""Which levels tell of what was seen: a deal that is stranded may do nothing any more."""
MEANT = (Subject.ACTIONS, Subject.REQUIREMENTS, Subject.APPROVALS)
"""What is compared by meaning: a clause that another one implies, or a source from which nothing is `later`, is no
change, as long as no decision tells of one. In the whole process nothing is implied."""
FEW = cases(120, 5)
SLOWLY = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@settings(SLOWLY, max_examples=15)
@given(documents)
def test_a_process_does_not_differ_from_itself(doc: Doc):
    process = _loaded(doc)
    assert diff(process, process).changes == ()


@settings(SLOWLY, max_examples=20)
@given(documents, st.randoms(use_true_random=False))
def test_order_of_keys_comments_and_layout_are_no_change(doc: Doc, dice: Random):
    written = _rewritten(doc, dice)
    process, other = _loaded(doc), load(written)
    assert other is not None, why_not(written)
    assert diff(process, other).changes == ()


@pytest.fixture(scope="module")
def before_all() -> Answers:
    """What the whole process says where little decides."""
    machine = compile_process(_loaded(everything()))
    return answers(machine, telling(machine, cases(2_000, 7))[:200])


def _changed() -> Iterator[tuple[Mutation, Doc]]:
    """The whole process with each change made, twice where the dice make another one of it."""
    for mutation in MUTATIONS:
        made: list[Doc] = []
        for seed in (1, 7):
            doc = everything()
            with suppress(Unfit):
                mutation.do(doc, Random(seed).choice)
                made += [doc] if doc not in made else []
        yield from ((mutation, doc) for doc in made)


@pytest.mark.parametrize(
    ("mutation", "after"), list(_changed()), ids=lambda one: one.name if isinstance(one, Mutation) else ""
)
def test_each_change_of_a_whole_process_is_found_and_classed(mutation: Mutation, after: Doc, before_all: Answers):
    assert _hold(mutation, everything(), after, before_all).changes


@settings(SLOWLY, max_examples=50)
@given(documents, st.sampled_from(MUTATIONS), st.randoms(use_true_random=False))
def test_each_change_of_a_random_process_is_found_and_classed(doc: Doc, mutation: Mutation, dice: Random):
    after = deepcopy(doc)
    try:
        mutation.do(after, dice.choice)
    except Unfit:
        assume(False)
    _hold(mutation, doc, after, None)


def _hold(mutation: Mutation, before: Doc, after: Doc, answered: Answers | None) -> Changes:
    """All that must be true of the difference that one change makes, which is given back."""
    after = {**after, "version": 2, "follows": {"version": 1, **after.get("follows", {})}}
    old, new = _loaded(before), _loaded(after)
    forwards, backwards = diff(old, new), diff(new, old)
    _classed(mutation, forwards)
    _well_told(forwards)
    _well_told(backwards)
    _mirrored(forwards, backwards)
    answered = answers(compile_process(old), FEW) if answered is None else answered
    _agrees(old, new, forwards, backwards, answered)
    return forwards


def _classed(mutation: Mutation, found: Changes) -> None:
    told = [(each.subject, each.code, each.level, each.says) for each in found.changes]
    if not found.changes and mutation.subjects[0] in MEANT:
        return
    assert any(change.subject is mutation.subjects[0] for change in found.changes), told
    assert {change.subject for change in found.changes} <= set(mutation.subjects), told
    assert {change.level for change in found.changes} <= mutation.levels, told


def _well_told(found: Changes) -> None:
    for change in found.changes:
        assert change.level in KINDS[change.code].levels, change
        assert change.old or change.new, change
        for place, version in ((change.old, found.old), (change.new, found.new)):
            # What a rule set declares stands in its own file.
            ours = f"selling/{version.split('@')[1]}.yaml"
            assert place is None or (place.line and place.file.endswith((ours, *RULES))), change
        assert change.says == " ".join(change.says.split()), change
        for word in ("Decimal(", "timedelta", "datetime", "frozenset", "None", "Expression", "Level.", "()", "{}"):
            assert word not in f"{change.says} {change.before} {change.after}", change


def _mirrored(forwards: Changes, backwards: Changes) -> None:
    """Seen backwards it is the same changes, tighter as looser; what strands deals one way need not the other way.

    How many sentences tell it is free: they gather what has one source, or one target.
    """
    there = {(KINDS[one.code].mirror, one.track) for one in forwards.changes}
    assert there == {(one.code, one.track) for one in backwards.changes}
    if not (forwards.count(Level.BREAK) or backwards.count(Level.BREAK)):
        turned = {(KINDS[one.code].mirror, MIRRORED.get(one.level, one.level)) for one in forwards.changes}
        assert turned == {(one.code, one.level) for one in backwards.changes}


def _agrees(old: Process, new: Process, forwards: Changes, backwards: Changes, answered: Answers) -> None:
    """No deal is refused or allowed anew of which no change tells."""
    shown = seen(answered, compile_process(new), became(old, new))
    _told(shown, forwards)
    turned = {MIRRORED[level]: case for level, case in shown.items() if level in MIRRORED}
    _told(turned, backwards)


def _told(shown: Mapping[Level, Case], found: Changes) -> None:
    levels = {change.level for change in found.changes}
    for level, case in shown.items():
        assert levels & HARSH[level], (level, case, [(each.code, each.level, each.says) for each in found.changes])


def _loaded(doc: Doc) -> Process:
    return _read(text(doc), doc["version"])


@lru_cache(8)
def _read(written: str, version: int) -> Process:
    process = load(written, version)
    assert process is not None, why_not(written)
    return process


def _rewritten(doc: Doc, dice: Random) -> str:
    """The same said in another order and layout, with comments."""
    ordered = {**_shuffled(doc, dice), "stages": {name: _shuffled(one, dice) for name, one in doc["stages"].items()}}
    ordered["tracks"] = {
        name: {**_shuffled(track, dice), "stages": track["stages"]} for name, track in doc["tracks"].items()
    }
    written = yaml.safe_dump(
        ordered, sort_keys=False, allow_unicode=True, default_flow_style=dice.choice((None, False)), width=60, indent=4
    )
    return "# A comment.\n\n" + "".join(
        f"{line}\n\n" if line.endswith(":") else f"{line}\n" for line in _lines(written)
    )


def _lines(written: str) -> list[str]:
    return [f"{line}   # {line.strip()}" if line.endswith("}") else line for line in written.splitlines()]


def _shuffled(part: Any, dice: Random) -> Any:
    """Keys in another order at every depth; lists keep theirs."""
    if isinstance(part, list):
        return [_shuffled(each, dice) for each in part]
    if not isinstance(part, dict):
        return part
    return {key: _shuffled(part[key], dice) for key in dice.sample(sorted(part), len(part))}


def test_a_whole_process_can_be_changed_in_nearly_every_way():
    """The rest is tried on random processes only."""
    unfit = set(MUTATIONS) - {mutation for mutation, _ in _changed()}
    assert len(unfit) < 4, unfit
