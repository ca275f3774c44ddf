"""Which of many deals a requirement refuses: by columns where they can tell, else deal by deal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.machine.crowd import Crowd
from engine.machine.facts import Facts, view, with_tables
from engine.machine.requirements import NOTE, Check, Condition
from engine.machine.situation import DealSituation
from engine.machine.vectorised import truth
from engine.machine.vectors import Bools, Inexact, Truth
from engine.machine.verdicts import fails
from engine.model.decision import About, Move
from engine.model.syntax import ContextRef, Tree, walk

_OF_MOVE = frozenset({"to", "action"})


def refusing(check: Check, crowd: Crowd) -> Bools | None:
    """Which deals the requirement refuses while a reason and a note are still to be given; ``None``: none."""
    if check.about is About.ROLE:
        return None if crowd.words.get("actor.role") in check.allowed else np.ones(crowd.size, np.bool_)
    if check.asks == NOTE:
        return None
    applies = _asked(check.when, crowd) if check.when else None
    if check.about is About.APPROVAL:
        return _unapproved(check, applies, crowd)
    if check.condition is None:
        return None
    holds = _asked(check.condition, crowd)
    if applies is None:
        return holds.no if check.asking else ~holds.yes
    lacking = ~holds.yes if check.about is About.ASKS else holds.no
    if check.asking:
        # What only a reason or a note could tell is still to be told.
        return applies.yes & lacking
    if check.about is About.ASKS:
        return ~applies.no & lacking
    return ~applies.no & ~(applies.yes & holds.yes)


def _unapproved(check: Check, applies: Truth | None, crowd: Crowd) -> Bools:
    needed = np.ones(crowd.size, np.bool_) if applies is None else ~applies.no
    if applies is not None and check.asking:
        needed = applies.yes.copy()
    granted = crowd.columns.granted()[crowd.rows]
    for place in np.flatnonzero(needed & granted).tolist():
        facts, situation = _one(crowd, place)
        needed[place] = fails(check, facts, situation)
    return needed


def _asked(condition: Condition, crowd: Crowd) -> Truth:
    """What the condition comes to for each deal; remembered, unless it looks at where the move leads."""
    tree = condition.tree
    found = crowd.answers.get(id(tree))
    if found is None:
        try:
            found = truth(tree, crowd)
        except Inexact:
            found = _one_by_one(condition, crowd)
        found = Truth(np.broadcast_to(found.yes, (crowd.size,)), np.broadcast_to(found.no, (crowd.size,)))
        if not _is_of_move(tree, crowd):
            crowd.answers[id(tree)] = found
    return found


def _is_of_move(tree: Tree, crowd: Crowd) -> bool:
    # What a table reckons may look at the move, too.
    return crowd.columns.machine.frame.reckons or any(
        isinstance(node, ContextRef) and node.name in _OF_MOVE for node in walk(tree)
    )


def _one_by_one(condition: Condition, crowd: Crowd) -> Truth:
    answers = [condition.test(facts, situation) for facts, situation in _each(crowd)]
    yes = np.fromiter((answer is True for answer in answers), np.bool_, crowd.size)
    return Truth(yes, np.fromiter((answer is False for answer in answers), np.bool_, crowd.size))


def _each(crowd: Crowd) -> Iterator[tuple[Facts, DealSituation]]:
    for place in range(crowd.size):
        yield _one(crowd, place)


def _one(crowd: Crowd, place: int) -> tuple[Facts, DealSituation]:
    """What a condition looks at for the deal at a place among the rows."""
    columns, rows = crowd.columns, crowd.rows
    deal = columns.deals[rows.start + place if isinstance(rows, slice) else int(rows[place])]
    move = Move(crowd.words["action"], actor=crowd.actor, role=crowd.words.get("actor.role", ""))
    frame = columns.machine.frame
    situation = DealSituation(frame, deal, move, crowd.now, crowd.words["to"])
    return with_tables(view(deal.facts, move.facts, frame.defaults), situation), situation
