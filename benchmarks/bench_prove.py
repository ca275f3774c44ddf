"""How long it takes to tell how a changed requirement lies to the one before it, for the requirements that ship.

Usage: python benchmarks/bench_prove.py

Every requirement of every process and rule set that ships is changed as people change them: a threshold moved, a
clause added or removed, *and* made *or*, a choice removed, asked only of some, denied. CPU milliseconds a change, with
the prover's import told apart. The peer is what one would write first: both questions put to Z3 as they are, which
tells how the two lie to each other, and shows no deal that people would recognise.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.conditions import prove  # noqa: E402
from engine.conditions.generate import function  # noqa: E402
from engine.conditions.prove import Side, relation  # noqa: E402
from engine.conditions.prove_sides import types  # noqa: E402
from engine.loading.processes import load_process  # noqa: E402
from engine.model.change import Relation  # noqa: E402
from engine.model.process import Process  # noqa: E402
from engine.model.rule import Fact, Requirement  # noqa: E402
from engine.model.syntax import (  # noqa: E402
    YES_NO,
    And,
    Call,
    Compare,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Or,
    Tree,
)

Change = tuple[str, Side, Side]


def shipped() -> Iterator[tuple[Requirement, Mapping[str, Fact]]]:
    """Every requirement of the processes, with the facts it may read; those of rule sets are among them."""
    seen: set[tuple[object, ...]] = set()
    for path in sorted((ROOT / "processes").glob("*/*.yaml")):
        process = load_process(path).value
        if process is None:
            raise SystemExit(f"{path} does not read")
        for requirement in requirements(process):
            key = (process.id, requirement.condition.tree, requirement.when and requirement.when.tree)
            if key not in seen:
                seen.add(key)
                yield requirement, process.facts


def requirements(process: Process) -> Iterator[Requirement]:
    for track in process.all_tracks():
        yield from track.always
        for stage in track.stages:
            yield from (*stage.to_enter, *stage.to_pass)
        for action in track.actions:
            yield from action.requires


def changes() -> Iterator[Change]:
    for requirement, facts in shipped():
        when = requirement.when.tree if requirement.when else None
        must = requirement.condition.tree
        old = Side(when, must, facts)
        clause = _clause(facts)
        for name, tree in _changed(must, clause):
            yield name, old, Side(when, tree, facts)
        yield "asked of some", old, Side(clause if when is None else And((when, clause)), must, facts)
        if when is not None:
            yield "asked of all", old, Side(None, must, facts)
            for name, tree in _changed(when, clause):
                yield f"when: {name}", old, Side(tree, must, facts)


def _clause(facts: Mapping[str, Fact]) -> Tree:
    first = next((fact for fact in facts.values() if fact.type.kind is Kind.YES_NO), None)
    if first is not None:
        return FactRef(first.id, first.type)
    any_fact = next(iter(facts.values()))
    return Call("given", (FactRef(any_fact.id, any_fact.type),), YES_NO)


def _changed(tree: Tree, clause: Tree) -> Iterator[tuple[str, Tree]]:
    yield "clause added", And((*tree.parts, clause) if isinstance(tree, And) else (tree, clause))
    yield "or added", Or((*tree.parts, clause) if isinstance(tree, Or) else (tree, clause))
    yield "denied", Not(tree)
    moved = _moved(tree)
    if moved != tree:
        yield "edge moved", moved
    if isinstance(tree, (And, Or)):
        yield "and or turned", (Or if isinstance(tree, And) else And)(tree.parts)
        yield "order turned", type(tree)(tree.parts[::-1])
        rest = tree.parts[1:]
        yield "clause removed", type(tree)(rest) if len(rest) > 1 else rest[0]


def _moved(tree: Tree) -> Tree:
    match tree:
        case Compare(right=Literal(value=Decimal() as value) as right):
            return replace(tree, right=replace(right, value=value * 2 + 1))
        case Compare(right=Literal(value=timedelta() as value) as right):
            return replace(tree, right=replace(right, value=value * 2))
        case In(options=Literal(value=tuple() as value) as options) if len(value) > 1:
            return replace(tree, options=replace(options, value=value[:-1]))
        case And(parts=parts) | Or(parts=parts):
            return replace(tree, parts=tuple(map(_moved, parts)))
        case Not(part=part):
            return Not(_moved(part))
    return tree


def plain(old: Side, new: Side) -> str:
    """Both questions to Z3, and nothing else."""
    import z3

    from engine.conditions.prove_encode import Encoder
    from engine.conditions.prove_world import World

    found = []
    for first, second in ((old, new), (new, old)):
        world = World(types(old, new) or {})
        solver = z3.Solver(ctx=world.context)
        solver.add(Encoder(first, world).passes(), z3.Not(Encoder(second, world).passes()))
        solver.add(*world.natural())
        found.append(str(solver.check()))
    return "/".join(found)


def told(name: str, cases: list[Change], task: Callable[[Side, Side], object]) -> float:
    """Prints the figures of one way over all changes, each the best of three; gives the median in milliseconds."""
    times = sorted((_best(task, old, new), what) for what, old, new in cases)
    median = times[len(times) // 2][0]
    worst, what = times[-1]
    print(f"  {name:<34} {median:>6.2f}  {times[len(times) * 9 // 10][0]:>6.2f}  {worst:>6.2f}  ({what})")
    return median


def _best(task: Callable[[Side, Side], object], old: Side, new: Side) -> float:
    best = float("inf")
    for _ in range(3):
        function.cache_clear()  # each change is new to a command that compares two versions
        begun = time.process_time()
        task(old, new)
        best = min(best, time.process_time() - begun)
    return best * 1000


def main() -> None:
    cases = list(changes())
    print(f"{len(cases):,} changes of the requirements that ship; CPU milliseconds a change: median, 90 %, worst")
    installed = prove.available()
    if installed:
        begun = time.process_time()
        import z3  # noqa: F401

        print(f"  importing the prover, once         {(time.process_time() - begun) * 1000:>6.2f}")
    ours = told("relation", cases, relation)
    found = Counter((proof.relation, proof.by) for proof in (relation(old, new) for _, old, new in cases))
    for (which, by), times in found.most_common():
        print(f"    {which.value:<11} by {by or 'nobody':<7} {times:>5,}")
    if not installed:
        return
    peer = told("both questions to Z3, no deal", cases, plain)
    print(f"  relation is {peer / ours:.1f} times as fast in the median")
    prove.available = lambda: False
    told("relation, without the prover", cases, relation)
    open_still = sum(relation(old, new).relation is Relation.UNKNOWN for _, old, new in cases)
    print(f"    cannot tell in {open_still:,} of {len(cases):,}")


if __name__ == "__main__":
    main()
