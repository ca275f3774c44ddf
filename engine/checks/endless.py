"""Ways round and round on which clocks lead a deal without anybody doing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from engine.checks.graph import circles, moves
from engine.checks.standing import Standing, all_standing
from engine.checks.tables import sound_facts
from engine.checks.unattended import (
    Unattended,
    asked,
    entered,
    facts_of,
    met,
    requirements,
    unattended,
    waits_for_nobody,
    when,
)
from engine.conditions.compare import satisfiable
from engine.machine.tracks import reaching
from engine.model.finding import Finding, Severity
from engine.model.names import MAIN
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import (
    NUMBER,
    YES_NO,
    Call,
    Compare,
    ContextRef,
    Literal,
    Not,
    Tree,
    facts_read,
    walk,
)
from engine.model.values import duration_text

Circle = tuple[Unattended, ...]

_VERY_OFTEN = Literal(Decimal(1_000_000), NUMBER)


def clocks_go_round(process: Process) -> Iterator[Finding]:
    """P156: clocks, or clocks and automatic actions, that can lead a deal round for ever."""
    if not any(clock.then for clock in process.clocks):
        return
    all_moves = tuple(unattended(process))
    facts = sound_facts(process.facts)
    told: set[frozenset[tuple[str, str, int]]] = set()
    for track in process.all_tracks():
        edges: dict[str, tuple[tuple[str, Unattended], ...]] = {}
        for move in all_moves:
            if move.track is track and waits_for_nobody(move):
                edges[move.source] = (*edges.get(move.source, ()), (move.target, move))
        for circle in circles(edges):
            key = frozenset(move.key for move in circle)
            clock = next((move.clock for move in circle if move.clock), None)
            if key not in told and clock is not None and _goes_round(process, circle, all_moves, facts=facts):
                told.add(key)
                message = f"a deal may go round for ever without anybody doing anything: {_told(circle)}"
                hint = "let one of them lead to an end, or make their 'when' exclude each other"
                yield Finding("P156", clock.at, message, hint, Severity.WARNING)


def _told(circle: Circle) -> str:
    return ", ".join(f"from '{move.source}' to '{move.target}' by {_by(move)}" for move in circle)


def _by(move: Unattended) -> str:
    return f"{move.name} after {duration_text(move.clock.limit)}" if move.clock else move.name


def _goes_round(process: Process, circle: Circle, moves: Sequence[Unattended], *, facts: Mapping[str, Fact]) -> bool:
    """Whether some deal surely meets all the conditions in each round. In doubt nothing is told."""
    trees: list[Tree] = []
    for place, move in enumerate(circle):
        known = _set_before(circle, place)
        own = [*when(move), *(met(one) for one in requirements(move)), *asked(process, move)]
        own += _not_taken_away(process, move, moves)
        here = move.here
        words = Standing(here.words, here.unknown, here.reached | _visited(circle), _certain(known))
        read = facts_of(process, (name for tree in own for name in facts_read(tree)))
        if read & {name for name, value in known.items() if value is None} or _changes(own):
            return False
        if _reckoned_from(process, own) & set(known) or _others_change(own, read, circle, moves=moves):
            return False
        trees += all_standing(own, words)
    more = (*_done_very_often(circle, trees), *_never_reached(process, circle, trees))
    return satisfiable(*trees, *more, facts=facts) is True


def _set_before(circle: Circle, place: int) -> Mapping[str, Literal | None]:
    """What the way round has set last when it comes to this place again; ``None`` for a value that nobody can tell."""
    found: dict[str, Literal | None] = {}
    for move in (*circle[place:], *circle[:place]):
        for value in move.action.sets:
            tree = value.value.tree
            found[value.fact] = tree if isinstance(tree, Literal) else None
        # A stamp is kept where the fact was known before: it may be either value.
        found.update((stamp.fact, None) for stage in entered(move) for stamp in stage.stamps)
    return found


def _certain(known: Mapping[str, Literal | None]) -> Mapping[str, Literal]:
    return {name: value for name, value in known.items() if value is not None}


def _visited(circle: Circle) -> frozenset[str]:
    """All that was reached by whoever has gone round once."""
    return frozenset().union(*(move.here.reached for move in circle))


def _changes(trees: Sequence[Tree]) -> bool:
    """Whether time alone may make one of them false."""
    nodes = [node for tree in trees for node in walk(tree)]
    return any(
        (isinstance(node, ContextRef) and node.name == "today") or (isinstance(node, Call) and node.function == "since")
        for node in nodes
    )


def _reckoned_from(process: Process, trees: Sequence[Tree]) -> frozenset[str]:
    """What tables read of which the conditions read the result."""
    direct = frozenset(name for tree in trees for name in facts_read(tree))
    return facts_of(process, direct) - direct


def _others_change(trees: Sequence[Tree], read: frozenset[str], circle: Circle, *, moves: Sequence[Unattended]) -> bool:
    """Whether what another track does by itself changes what is looked at here."""
    others = [move for move in moves if move.track is not circle[0].track]
    words = {"stage" if move.track.id == MAIN else f"track.{move.track.id}" for move in others}
    looked_at = {node.name for tree in trees for node in walk(tree) if isinstance(node, ContextRef)}
    return bool(words & looked_at or read & {value.fact for move in others for value in move.action.sets})


def _not_taken_away(process: Process, move: Unattended, moves: Sequence[Unattended]) -> Iterator[Tree]:
    """That nothing else leads the deal out of the stage before this does, or is refused again and again."""
    beside = {id(one.clock or one.action) for one in moves if one.source == move.source and one.target == move.target}
    others = [
        (id(action), action.when)
        for action in move.track.actions
        if action.auto and move.source in action.sources and action is not move.action
    ]
    others += [
        (id(clock), clock.when)
        for clock in process.clocks
        if clock.then
        and clock.track == move.track.id
        and move.source in clock.stages
        and (move.clock is not None and clock is not move.clock and clock.limit <= move.clock.limit)
    ]
    for key, condition in others:
        if key not in beside:
            yield Not(condition.tree if condition else Literal(value=True, type=YES_NO))


def _never_reached(process: Process, circle: Circle, trees: Sequence[Tree]) -> Iterator[Tree]:
    """That what leads to none of its stages was not reached by a deal that goes round."""
    calls = {node for tree in trees for node in walk(tree) if isinstance(node, Call) and node.function == "reached"}
    if not calls or circle[0].track.id != MAIN:
        return
    graph, over = moves(process.main), reaching(process.main)
    for call in sorted(calls, key=repr):
        subject = call.arguments[0]
        by = over.get(str(subject.value), frozenset()) if isinstance(subject, Literal) else frozenset()
        if not any(circle[0].source in graph.reach([stage]) for stage in by):
            yield Not(call)


def _done_very_often(circle: Circle, trees: Sequence[Tree]) -> Iterator[Tree]:
    """That what the way round does was done any number of times, where a condition asks for it."""
    done = {name for move in circle for name in (move.action.id, move.action.touchpoint)}
    for node in dict.fromkeys(node for tree in trees for node in walk(tree)):
        if isinstance(node, Call) and node.function in ("done", "count"):
            subject = node.arguments[0]
            if isinstance(subject, Literal) and subject.value in done:
                yield Compare(">=", Call("count", node.arguments, NUMBER), _VERY_OFTEN)
