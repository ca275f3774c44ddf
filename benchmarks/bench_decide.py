"""How fast moves are judged, against a guarded trigger of stock ``transitions`` on the same seven stages.

Usage: python benchmarks/bench_decide.py [DEALS]

All times are process CPU time, the best of several rounds. The rounds of all subjects take turns, so that a noisy
machine is noisy for all; the ratios are those of one run.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import cycle, islice
from random import Random
from typing import Any

from transitions import Machine as Stock

from engine.conditions.parse import read
from engine.machine.bulk import Openings, open_actions
from engine.machine.columns import gather
from engine.machine.compact import compact_of, decide_compact
from engine.machine.compile import Machine, compile_process
from engine.machine.decide import decide
from engine.model.deal import Deal
from engine.model.decision import Move
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import Fact, Force, Requirement
from engine.model.scope import Scope
from engine.model.syntax import MONEY, YES_NO

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ENDS = {"won": "won", "lost": "lost"}
STAGES = ("prospect", "qualified", "demo", "proposal", "negotiation", "won", "lost")
OPEN = STAGES[:5]
# action, from, to, guarded
MOVES = (
    ("qualify", "prospect", "qualified", True),
    ("schedule-demo", "qualified", "demo", True),
    ("send-proposal", "demo", "proposal", True),
    ("negotiate", "proposal", "negotiation", True),
    ("sign", "negotiation", "won", True),
    ("back-to-demo", "proposal", "demo", False),
    ("back-to-proposal", "negotiation", "proposal", False),
    *(("lose", stage, "lost", False) for stage in OPEN),
    ("reopen", "lost", "prospect", False),
    ("renew", "won", "prospect", False),
)
GUARDED = tuple(move for move in MOVES if move[3])


def build() -> Machine:
    """The seven stages as a process; the guard is a requirement of each move forward."""
    scope = Scope(facts={"budget": MONEY, "authority": YES_NO}, stages=STAGES)
    guard, _ = read("budget >= 1000 and authority", scope)
    assert guard is not None
    actions = []
    for name in dict.fromkeys(name for name, *_ in MOVES):
        rows = [move for move in MOVES if move[0] == name]
        must = Requirement(f"{name}/requires/1", Force.MUST, guard, "There is a budget, and someone who may spend it")
        requires = (must,) if rows[0][3] else ()
        actions.append(Action(name, tuple(row[1] for row in rows), (rows[0][2],), requires=requires))
    main = Track("main", tuple(Stage(stage, ends=ENDS.get(stage, "")) for stage in STAGES), tuple(actions))
    facts = {"budget": Fact("budget", MONEY), "authority": Fact("authority", YES_NO)}
    return compile_process(Process("seven", 1, main, facts=facts))


class Prospect:
    """What stock ``transitions`` is bound to."""

    state: str

    def __init__(self, budget: int, *, authority: bool) -> None:
        self.budget = budget
        self.authority = authority

    def ready(self) -> bool:
        return self.budget >= 1000 and self.authority


def stock_machine() -> Stock:
    transitions = [
        {
            "trigger": name.replace("-", "_"),
            "source": source,
            "dest": target,
            **({"conditions": "ready"} if guard else {}),
        }
        for name, source, target, guard in MOVES
    ]
    return Stock(model=None, states=list(STAGES), transitions=transitions, initial="prospect", auto_transitions=False)


def deal(number: int, stage: str, budget: int | Decimal, *, authority: bool) -> Deal:
    return Deal(
        id=str(number),
        process="seven",
        version=1,
        digest="",
        stage=stage,
        started_at=NOW,
        entered_at=NOW,
        last_at=NOW,
        facts={"budget": Decimal(budget), "authority": authority},
        visited=frozenset({stage}),
    )


def timed(subjects: dict[str, Callable[[], Any]], *, rounds: int = 7) -> dict[str, float]:
    """The best CPU time of each subject, in seconds; they take turns."""
    best = dict.fromkeys(subjects, float("inf"))
    for _ in range(rounds):
        for name, subject in subjects.items():
            gc.collect()
            before = time.process_time()
            subject()
            best[name] = min(best[name], time.process_time() - before)
    return best


def one_by_one() -> None:
    """One move at a time: the same guarded moves, all allowed, then all refused."""
    machine, stock = build(), stock_machine()
    # A refusal is half the work for the stock trigger, which then stops and says nothing; it is told for comparison.
    for told, budget, must in (("allowed", 5000, True), ("refused", 10, False)):
        prospect = Prospect(budget, authority=True)
        stock.add_model(prospect)
        triggers = [(getattr(prospect, name.replace("-", "_")), source) for name, source, *_ in GUARDED]
        moves = [(deal(n, source, budget, authority=True), Move(name)) for n, (name, source, *_) in enumerate(GUARDED)]
        fresh = [
            (deal(n, source, budget + Decimal(n) / 100, authority=True), Move(name))
            for n, (name, source, *_) in enumerate(islice(cycle(GUARDED), 20_000))
        ]
        assert all(decide(machine, each, move, now=NOW).allowed is (budget >= 1000) for each, move in moves)
        assert all(
            compact_of(machine, decide(machine, each, move, now=NOW)) == decide_compact(machine, each, move, now=NOW)
            for each, move in moves
        )
        times = timed(
            {
                "stock": lambda triggers=triggers, prospect=prospect: fire(triggers, prospect, 4_000),
                "decide": lambda moves=moves: judge(decide, machine, moves, 4_000),
                "fresh": lambda fresh=fresh: judge(decide, build(), fresh, 1),
                "compact": lambda moves=moves: judge(decide_compact, machine, moves, 4_000),
            }
        )
        per = {name: seconds / (4_000 * len(GUARDED)) for name, seconds in times.items()}
        print(f"\none guarded move, {told}")
        line("stock transitions, guarded trigger", per["stock"], per["stock"])
        line("decide, the whole Decision", per["decide"], per["stock"], 1.5 if must else 0)
        line("decide, each deal with an amount never seen before", per["fresh"], per["stock"])
        line("decide_compact", per["compact"], per["stock"], 20 if must else 0)


def many(count: int) -> None:
    """All deals at once: which actions are open to each, and why the others are not."""
    machine, stock = build(), stock_machine()
    dice = Random(7)
    drawn = [(dice.choice(STAGES), dice.choice((10, 5000)), dice.random() < 0.8) for _ in range(count)]
    deals = [deal(n, stage, budget, authority=yes) for n, (stage, budget, yes) in enumerate(drawn)]
    prospects = [Prospect(budget, authority=yes) for _, budget, yes in drawn]
    for prospect, (stage, *_) in zip(prospects, drawn, strict=True):
        prospect.state = stage
    columns = gather(machine, deals)
    openings = open_actions(columns, role="", now=NOW)
    check_same(openings, stock, prospects, sample=range(0, count, max(1, count // 500)))
    times = timed(
        {
            "stock": lambda: [open_to(stock, prospect) for prospect in prospects],
            "columns": lambda: open_actions(columns, role="", now=NOW),
            "gathered": lambda: open_actions(gather(machine, deals), role="", now=NOW),
        },
        rounds=3,
    )
    per = {name: seconds / count for name, seconds in times.items()}
    print(f"\n{count:,} deals: which actions are open, and why the others are not")
    line("stock transitions, which are open (it cannot say why)", per["stock"], per["stock"])
    line("columns", per["columns"], per["stock"], 80)
    line("columns, made of Deal values first", per["gathered"], per["stock"])
    print(f"  columns, facts and answers together: {(columns.nbytes + openings.nbytes) / count:.0f} bytes a deal")
    print(f"  all that is allocated, at its peak:  {peak(machine, deals) / count:.0f} bytes a deal   (under 200)")


def open_to(stock: Any, prospect: Prospect) -> list[str]:
    # The library has no public question for a model that is not bound, and binding one costs 9 kB.
    return [name for name in stock.get_triggers(prospect.state) if stock._can_trigger(prospect, name)]


def check_same(openings: Openings, stock: Any, prospects: Sequence[Prospect], *, sample: range) -> None:
    for place in sample:
        found = sorted(action.replace("-", "_") for action, _, failing in openings.of(place) if not failing)
        assert found == sorted(open_to(stock, prospects[place])), place


def peak(machine: Machine, deals: Sequence[Deal]) -> int:
    gc.collect()
    tracemalloc.start()
    kept = open_actions(gather(machine, deals), role="", now=NOW)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return most


def fire(triggers: Sequence[tuple[Callable[[], bool], str]], prospect: Prospect, times: int) -> None:
    for _ in range(times):
        for trigger, source in triggers:
            prospect.state = source
            trigger()


def judge(how: Callable[..., Any], machine: Machine, moves: Sequence[tuple[Deal, Move]], times: int) -> None:
    for _ in range(times):
        for each, move in moves:
            how(machine, each, move, now=NOW)


def line(what: str, seconds: float, stock: float, must: float = 0.0) -> None:
    target = f"   (at least {must:g})" if must else ""
    print(f"  {what:<52} {seconds * 1e6:9.3f} µs  {stock / seconds:8.1f} times stock{target}")


if __name__ == "__main__":
    one_by_one()
    many(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
