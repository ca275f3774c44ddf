"""What it costs to plan how 100,000 open deals come to another version, and to bring 10,000 of them there.

    python benchmarks/bench_plan.py [--deals 100000] [--applied 10000]

CPU time of this process. A third of the deals keep their stage, a third follow it to its new name, and a third stand in
a stage that is gone: for these all stages of the new version are judged. The peer counts the same requirements deal by
deal, as one would without columns; it is run on a part of the deals, and must come to the same.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from engine.advance.migrate import migrate, migration, standing
from engine.advance.occasion import Occasion
from engine.journal.connect import connect
from engine.loading.processes import from_definition
from engine.machine.choose import Case
from engine.machine.compile import compile_process
from engine.machine.decide import judge_all
from engine.machine.facts import view
from engine.machine.situation import DealSituation
from engine.model.deal import Deal, fold
from engine.model.decision import About, Move
from engine.model.entry import Definition, Entry, EntryKind, definition_digest
from engine.model.plan import Fate, FilledLine, Plan
from engine.model.quick import seldom_collecting
from engine.report.plan import json_lines
from engine.versions.candidates import candidates
from engine.versions.plan import Definitions, plan

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
FACTS = "facts: {amount: {type: money}, seats: {type: number}, contact: {type: text}, budget: {type: yes-no}}"
ENDS = "won: {ends: won}, lost: {ends: lost}"
OLD = f"""process: planned
version: 1
{FACTS}
stages: {{lead: {{}}, talk: {{}}, pilot: {{}}, offer: {{}}, {ENDS}}}
actions: {{go: {{from: open, to: later}}, win: {{from: open, to: won}}, lose: {{from: open, to: lost}}}}
"""
NEW = f"""process: planned
version: 2
follows: {{version: 1, stages: {{talk: demo}}}}
{FACTS}
stages:
  lead: {{asks: [amount]}}
  demo: {{to_pass: [{{must: seats > 3, says: There are enough seats}}]}}
  trial: {{to_enter: [{{must: given(contact), says: Somebody is known}}], asks: [seats]}}
  offer: {{to_enter: [{{must: budget and amount >= 5000, says: The budget covers it}}]}}
  talks: {{to_pass: [{{must: amount < 80000 or budget, says: Large ones have a budget}}]}}
  contract: {{to_enter: [{{when: amount > 50000, must: seats > 10, says: Large ones have many seats}}]}}
  won: {{ends: won}}
  lost: {{ends: lost}}
actions: {{go: {{from: open, to: later}}, win: {{from: open, to: won}}, lose: {{from: open, to: lost}}}}
"""


def definition_of(text: str, version: int) -> Definition:
    """A process that nothing else belongs to."""
    files = ((f"processes/planned/{version}.yaml", text),)
    return Definition("planned", version, definition_digest(files), files)


BEFORE, AFTER = definition_of(OLD, 1), definition_of(NEW, 2)


def lives(deals: int) -> Iterator[tuple[Entry, ...]]:
    """Deals that were started and moved on once."""
    for number in range(deals):
        at = NOW - timedelta(days=60, minutes=number % 997)
        name = f"D{number:07d}"
        facts = {
            "amount": Decimal(number % 90_000),
            "seats": Decimal(number % 17),
            "contact": f"Person {number}",
            "budget": number % 3 == 0,
        }
        common = (at, at, "planned", 1, BEFORE.digest)
        start = Entry(name, 1, EntryKind.STARTED, *common, to_stage="lead", owner=f"rep-{number % 40}", facts=facts)
        if number % 3 == 0:
            yield (start,)
        else:
            to = "talk" if number % 3 == 1 else "pilot"
            yield start, Entry(name, 2, EntryKind.MOVED, *common, action="go", from_stage="lead", to_stage=to)


def folded(entries: tuple[Entry, ...]) -> Deal:
    """The deal of some entries."""
    deal = fold(entries)
    assert deal is not None
    return deal


def one_by_one(deals: list[Deal], stages: tuple[str, ...]) -> list[tuple[int, ...]]:
    """For each deal and stage, how many requirements it meets, each judged by itself."""
    machine = compile_process(from_definition(AFTER))
    main = machine.process.main
    ways = [machine.way(main, None, "", stage, counted=main.first.id) for stage in stages]
    counted = (About.ASKS, About.TO_PASS, About.TO_ENTER)
    found = []
    for deal in deals:
        met = []
        for stage, way in zip(stages, ways, strict=True):
            situation = DealSituation(machine.frame, deal, Move(""), NOW, stage)
            case = Case(way, view(deal.facts, {}, machine.frame.defaults), situation)
            checks = tuple(each for each in way.checks if each[0].about in counted)
            failed = sum(not verdict.stands for verdict in judge_all(checks, case.facts, situation))
            met.append(len(checks) - failed)
        found.append(tuple(met))
    return found


def timed(what: Callable[[], object]) -> tuple[float, object]:
    """Seconds of CPU, and what came of it."""
    began = time.process_time()
    found = what()
    return time.process_time() - began, found


def main() -> None:
    """Print what each costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--applied", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, closing(connect(str(Path(folder) / "j"), create=True)) as journal:
        journal.append_many(((one, 0, folded(one)) for one in lives(asked.deals)), definition=BEFORE)
        old, new = from_definition(BEFORE), from_definition(AFTER)

        def planned() -> tuple[Plan, str]:
            with seldom_collecting():
                deals = journal.deals(process="planned", outcome="")
                made = plan(deals, Definitions({BEFORE.digest: old}), new, digest=AFTER.digest, now=NOW)
                return made, "".join(json_lines(made))

        seconds, (made, text) = timed(planned)
        waiting = len(made.undecided)
        print(
            f"plan of {asked.deals:,} deals, {waiting:,} of them undecided: {seconds:.2f} s, {len(text) / 1e6:.0f} MB"
        )
        compare(list(journal.deals(version=1, stage="pilot"))[:10_000], made)
        lines = [FilledLine("", line.deal, line.digest, line.length, line.to_stage or "demo") for line in made.lines][
            : asked.applied
        ]

        def applied() -> None:
            now = standing(journal, lines, AFTER.digest)
            some = plan(now.fresh.values(), Definitions({BEFORE.digest: old}), new, digest=AFTER.digest, now=NOW)
            from engine.versions.settled import settled

            done, _ = settled(some, lines, new)
            occasion = Occasion(now=NOW, at=NOW, actor="ana")
            migrate(journal, migration(done, lines, now.fresh, new=new, definition=AFTER, occasion=occasion), AFTER)

        seconds, _ = timed(applied)
        print(f"apply of {len(lines):,} deals in one transaction: {seconds:.2f} s")


def compare(deals: list[Deal], made: Plan) -> None:
    """The columns against the peer, on the same deals."""
    stages = tuple(each.stage for each in next(line for line in made.lines if line.fate is Fate.DECIDE).candidates)
    machine = compile_process(from_definition(AFTER))
    mine, found = timed(lambda: candidates(machine, deals, stages, now=NOW))
    peer, told = timed(lambda: one_by_one(deals, stages))
    assert [tuple(each.met for each in one) for one in found] == told
    ratio = peer / mine
    print(f"candidates of {len(deals):,} deals: {mine:.2f} s; deal by deal {peer:.2f} s, {ratio:.1f} times as long")


if __name__ == "__main__":
    main()
