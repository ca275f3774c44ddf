"""What two versions say of the same deals: the second opinion on ``tighter`` and ``looser``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from engine.machine.compile import Machine
from engine.machine.decide import decide, start
from engine.model.change import Level
from engine.model.deal import Deal, Grant, Times
from engine.model.decision import Decision, Move
from engine.model.errors import StagewrightError
from engine.model.syntax import Value
from engine.versions.became import Became
from tests.machine.building import NOW, deal

VALUES: Mapping[str, Sequence[Value]] = {
    "amount": (Decimal(0), Decimal(499), Decimal(500), Decimal("999.99"), Decimal(1000), Decimal(5001)),
    "rate": (Decimal("0.05"), Decimal("0.1"), Decimal("0.125"), Decimal(0)),
    "n": (Decimal(0), Decimal("0.5"), Decimal(3)),
    "ok": (True, False),
    "hold": (True, False),
    "name": ("  ", "Acme", "acme"),
    "part": ("c", "Acme", ""),
    "level": ("low", "high", "top"),
    "due": (date(2026, 3, 9), date(2026, 3, 10), date(2026, 4, 30)),
    "gap": (timedelta(0), timedelta(hours=36), timedelta(days=3)),
    "paid": (True, False),
}
LIKELY: Mapping[str, Value] = {
    "amount": Decimal(5001),
    "rate": Decimal(0),
    "n": Decimal(3),
    "ok": True,
    "hold": False,
    "name": "Acme",
    "part": "c",
    "level": "low",
    "due": date(2026, 3, 9),
    "gap": timedelta(hours=36),
    "paid": True,
}
STAGES = ("s1", "s2", "s3", "won", "lost")
ACTIONS = {
    "act1": (("s1", "s2"), ("s2", "s3")),
    "act2": (("s1", "s2", "s3"), ("lost",)),
    "act3": (("s2", "s3"), ("won",)),
    "back": (("s2", "s3"), ("s1", "s2")),
    "sign-off": (STAGES, ("signed",)),
    "act9": (STAGES, ("s2", "won")),
    "expect-more": (STAGES, ("commit",)),
}
"""Each action, whence it mostly leads, and where to."""
TARGETS = ("", "s1", "s2", "s3", "won", "lost")


@dataclass(frozen=True, slots=True)
class Case:
    """A move of a deal; a start where there is no deal."""

    deal: Deal | None
    move: Move


Answers = Sequence[tuple[Case, Decision | None]]
"""Cases with the decision that allows each; ``None`` where it is refused, or cannot be said in that version."""


def cases(many: int, seed: int) -> tuple[Case, ...]:
    """That many deals and moves, in the words of ``tests.machine.worlds``; one in twelve is a start."""
    dice = Random(seed)
    return tuple(_case(dice, is_start=number % 12 == 0) for number in range(many))


def answers(machine: Machine, among: Iterable[Case]) -> Answers:
    """What a version says of each case."""
    return [(case, decided(machine, case)) for case in among]


def telling(machine: Machine, among: Iterable[Case]) -> tuple[Case, ...]:
    """The cases that are allowed, or nearly: where a small change shows."""
    return tuple(case for case in among if _refusals(machine, case) < 2)


def _case(dice: Random, *, is_start: bool) -> Case:
    role = dice.choice(("", "clerk", "seller", "boss", "boss"))
    if is_start:
        return Case(None, Move("", actor="ana", role=role, facts=_facts(dice, (0.9, 1))))
    action, ends = dice.choice(tuple(ACTIONS.items()))
    move = Move(
        action,
        to=dice.choice(ends[1] if dice.random() < 0.6 else TARGETS),
        reason=dice.choice(("", "r1", "r2", "r9")),
        note=dice.choice(("", "because")),
        actor="ana",
        role=role,
        facts=_facts(dice, (0, 0, 0.2)),
        override=dice.random() < 0.1,
    )
    return Case(_deal(dice, dice.choice(ends[0] if dice.random() < 0.8 else STAGES)), move)


def _deal(dice: Random, stands: str) -> Deal:
    entered = NOW - dice.choice((timedelta(hours=1), timedelta(days=3, hours=1)))
    return deal(
        stands,
        facts=_facts(dice, (0.5, 0.9, 1)),
        previous=dice.choice(("", *STAGES)),
        visited=frozenset({stands, dice.choice(STAGES)}),
        touches=dice.choice(({}, {"call": Times(2, NOW - timedelta(days=1))})),
        actions=dice.choice(({}, {"act1": Times(1, NOW - timedelta(days=5))})),
        tracks=dice.choice(({}, {"legal": "unsigned"}, {"legal": "signed"})),
        grants=tuple(_grant(dice) for _ in range(dice.randrange(3))),
        entered_at=entered,
    )


def _grant(dice: Random) -> Grant:
    action = dice.choice(("act1", "act3"))
    given = NOW - dice.choice((timedelta(hours=1), timedelta(days=2)))
    return Grant(action, f"{action}/approval/1", "mia", dice.choice(("boss", "seller")), given)


def _facts(dice: Random, shares: Sequence[float]) -> dict[str, Value]:
    share, usual = dice.choice(shares), dice.choice((0, 0.6, 0.9))
    return {
        name: LIKELY[name] if dice.random() < usual else dice.choice(values)
        for name, values in VALUES.items()
        if dice.random() < share
    }


def seen(before: Answers, new: Machine, became: Became) -> Mapping[Level, Case]:
    """The levels of what differs, each with the first case that shows it: ``break``, ``tighter`` and ``looser``."""
    found: dict[Level, Case] = {}
    for case, was in before:
        for level in _differs(case, was, new, became):
            found.setdefault(level, case)
    return found


def _differs(case: Case, was: Decision | None, new: Machine, became: Became) -> Iterator[Level]:
    brought = _brought(new, became, case)
    if brought is None:
        yield Level.BREAK
        return
    now = decided(new, _aimed(brought, was, became))
    if was is None and now is not None:
        if case.deal is not None and (not case.move.to or became.stage(case.move.to)[0] in _merged(became)):
            # It may be allowed only because there is but one target left, which need not be named, or because that
            # name now tells of what was another stage too.
            return
        yield Level.LOOSER
    elif was is not None and now is None:
        if case.deal is not None and _arrived(case.deal, was, became):
            # The stage was merged with the one that the move led to.
            return
        yield Level.TIGHTER
    elif (
        case.deal is not None and was is not None and now is not None and now.to_stage not in became.stage(was.to_stage)
    ):
        yield Level.TIGHTER
        yield Level.LOOSER


def _arrived(standing: Deal, was: Decision, became: Became) -> bool:
    return standing.stage != was.to_stage and became.stage(standing.stage) == became.stage(was.to_stage)


def _merged(became: Became) -> set[str]:
    return {split.to for splits in became.stages.values() for split in splits}


def _aimed(brought: Case, was: Decision | None, became: Became) -> Case:
    """With the target named to which the move led: that one must be named where there are several refuses nothing."""
    if was is None or brought.deal is None or brought.move.to:
        return brought
    return replace(brought, move=replace(brought.move, to=became.stage(was.to_stage)[0]))


def decided(machine: Machine, case: Case) -> Decision | None:
    """The decision that allows it; ``None`` where it is refused or cannot be said in this version."""
    try:
        found = _asked(machine, case)
    except StagewrightError:
        return None
    return found if found.allowed else None


def _asked(machine: Machine, case: Case) -> Decision:
    if case.deal is None:
        return start(machine, case.move.facts, actor=case.move.actor, role=case.move.role, now=NOW)
    return decide(machine, case.deal, case.move, now=NOW)


def _refusals(machine: Machine, case: Case) -> int:
    try:
        found = _asked(machine, case)
    except StagewrightError:
        return 2
    return 0 if found.allowed else len(found.refusals)


def _brought(new: Machine, became: Became, case: Case) -> Case | None:
    """The same in the words of another version; ``None`` where the stage of the deal is gone."""
    move = replace(
        case.move,
        action=became.action(case.move.action),
        to=became.stage(case.move.to)[0],
        reason=became.reason(case.move.reason),
        # Nobody gives a fact that there is no more.
        facts={name: value for name, value in _renamed(case.move.facts, became).items() if name in new.process.facts},
    )
    if case.deal is None:
        return Case(None, move)
    standing = case.deal
    stage = became.stage(standing.stage)[0]
    if new.process.main.stage(stage) is None:
        return None
    return Case(
        replace(
            standing,
            stage=stage,
            previous=became.stage(standing.previous)[0],
            visited=frozenset(became.stage(each)[0] for each in standing.visited),
            facts=_renamed(standing.facts, became),
            actions={became.action(name): times for name, times in standing.actions.items()},
            tracks={name: became.stage(each)[0] for name, each in standing.tracks.items() if new.process.track(name)},
            grants=tuple(_granted(grant, became) for grant in standing.grants),
        ),
        move,
    )


def _granted(grant: Grant, became: Became) -> Grant:
    action = became.action(grant.action)
    return replace(grant, action=action, approval=grant.approval.replace(grant.action, action, 1))


def _renamed(facts: Mapping[str, Any], became: Became) -> dict[str, Any]:
    return {became.fact(name): value for name, value in facts.items()}
