"""Which of many deals a requirement refuses: by columns where they can tell, else deal by deal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.machine.crowd import Standing
from engine.machine.facts import Facts
from engine.machine.requirements import NOTE, Check, Condition
from engine.machine.situation import DealSituation
from engine.machine.vectorised import truth
from engine.machine.vectors import Bools, Inexact, Truth
from engine.machine.verdicts import fails
from engine.model.decision import About


def refusing(check: Check, crowd: Standing) -> Bools | None:
    """Which deals the requirement refuses while a reason and a note are still to be given; ``None``: none."""
    if check.about is About.ROLE:
        return None if crowd.words.get("actor.role") in check.allowed else np.ones(crowd.size, np.bool_)
    if check.asks == NOTE:
        return None
    applies = answer(check.when, crowd) if check.when else None
    if check.about is About.APPROVAL:
        return _unapproved(check, applies, crowd)
    if check.condition is None:
        return None
    holds = answer(check.condition, crowd)
    if applies is None:
        return holds.no if check.asking else ~holds.yes
    lacking = ~holds.yes if check.about is About.ASKS else holds.no
    if check.asking:
        # What only a reason or a note could tell is still to be told.
        return applies.yes & lacking
    if check.about is About.ASKS:
        return ~applies.no & lacking
    return ~applies.no & ~(applies.yes & holds.yes)


def _unapproved(check: Check, applies: Truth | None, crowd: Standing) -> Bools:
    needed = np.ones(crowd.size, np.bool_) if applies is None else ~applies.no
    if applies is not None and check.asking:
        needed = applies.yes.copy()
    granted = crowd.granted()
    for place in np.flatnonzero(needed & granted).tolist():
        facts, situation = crowd.one(place)
        needed[place] = fails(check, facts, situation)
    return needed


def answer(condition: Condition, crowd: Standing) -> Truth:
    """What the condition comes to for each deal; remembered, unless it looks at where the move leads."""
    tree = condition.tree
    found = crowd.answers.get(id(tree))
    if found is None:
        try:
            found = truth(tree, crowd)
        except Inexact:
            found = _one_by_one(condition, crowd)
        found = Truth(np.broadcast_to(found.yes, (crowd.size,)), np.broadcast_to(found.no, (crowd.size,)))
        if crowd.keeps(tree):
            crowd.answers[id(tree)] = found
    return found


def _one_by_one(condition: Condition, crowd: Standing) -> Truth:
    answers = [condition.test(facts, situation) for facts, situation in _each(crowd)]
    yes = np.fromiter((answer is True for answer in answers), np.bool_, crowd.size)
    return Truth(yes, np.fromiter((answer is False for answer in answers), np.bool_, crowd.size))


def _each(crowd: Standing) -> Iterator[tuple[Facts, DealSituation]]:
    for place in range(crowd.size):
        yield crowd.one(place)
