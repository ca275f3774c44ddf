"""A million past moves judged again by another version, in CPU time, against ``decide`` asked of each move.

usage: python benchmarks/bench_replay.py [--moves MOVES] [--with-journal] [--journal FILE]

Deals of the shipped inside-sales@2 with five moves each, judged by a version 3 with four requirements changed. As
tables that are there; with ``--with-journal`` from a journal, too, which is built first in a temporary folder or, named
by ``--journal``, kept there for the next run. The peer is ``decide`` on a sample of the deals, each folded as it went.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from engine.advance.entries import blank_entry, entry_of  # noqa: E402
from engine.advance.occasion import Occasion  # noqa: E402
from engine.history.entries import fact_types, tables_of  # noqa: E402
from engine.history.kept import kept_tables  # noqa: E402
from engine.journal.connect import connect  # noqa: E402
from engine.loading.processes import load_process  # noqa: E402
from engine.machine.compile import Machine, compile_process  # noqa: E402
from engine.machine.decide import decide  # noqa: E402
from engine.machine.decide import start as decide_start  # noqa: E402
from engine.model.deal import Deal, after, fold  # noqa: E402
from engine.model.decision import Move  # noqa: E402
from engine.model.entry import Definition, Entry, EntryKind  # noqa: E402
from engine.model.process import Process  # noqa: E402
from engine.tables.build import Tables  # noqa: E402
from engine.versions.replay import Told, replay  # noqa: E402
from engine.versions.replay_then import evidence  # noqa: E402

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SAMPLE = 2_000
"""So many deals are judged move by move."""
CHANGED = {
    'contact_role in ["champion", "economic-buyer"]': 'contact_role == "economic-buyer" or amount < 20000',
    "when: discount > 10%": "when: discount > 5%",
    "must: not export_hold": "must: not export_hold and amount < 24000",
    "negotiate: {from: proposal, to: negotiation,": (
        "negotiate: {from: proposal, to: negotiation, requires: [{must: discount <= 6%, says: No more than 6% off}],"
    ),
}
"""What the third version says in the place of the second."""


def cpu(task: Callable[[], Any], rounds: int = 1) -> tuple[float, Any]:
    best, answer = float("inf"), None
    for _ in range(rounds):
        begun = time.process_time()
        answer = task()
        best = min(best, time.process_time() - begun)
    return best, answer


def versions(folder: Path) -> tuple[Process, Definition, Process]:
    loaded = load_process(ROOT / "processes/inside-sales/2.yaml", workspace=ROOT)
    text = (ROOT / "processes/inside-sales/2.yaml").read_text()
    for before, then in CHANGED.items():
        assert before in text
        text = text.replace(before, then)
    head, _, tail = text.partition("follows:")
    text = head.replace("version: 2", "version: 3") + tail[tail.index("\nroles:") :].partition("\nexamples:")[0]
    path = folder / "3.yaml"
    path.write_text(text)
    changed = load_process(path, workspace=ROOT)
    assert loaded.value is not None
    assert loaded.definition is not None
    assert changed.value is not None, changed.findings
    return loaded.value, loaded.definition, changed.value


def template(machine: Machine, definition: Definition, number: int) -> list[Entry]:
    """A deal that went its way, each move decided."""
    role = ("champion", "economic-buyer")[number % 2]
    facts: dict[str, Any] = {"amount": Decimal(9000), "discount": Decimal(number % 4) * Decimal("0.03")}
    begun = decide_start(machine, facts, actor="ana", role="ae", now=START)
    first = Entry("d", 1, EntryKind.STARTED, START, START, "inside-sales", 2, definition.digest, to_stage="prospect")
    entries = [replace(first, actor="ana", facts=begun.sets, owner="ana", verdicts=begun.verdicts)]
    deal = fold(entries)
    assert deal is not None
    story: list[Move | Mapping[str, Any]] = [
        Move("qualify", reason="need-confirmed", facts={"contact_role": role}),
        {"budget_confirmed": True},
        Move("hold-demo"),
        Move("send-proposal"),
        Move("negotiate") if number % 3 else Move("lose", reason="price"),
    ]
    for day, each in enumerate(story, 1):
        now = START + timedelta(days=day + number % 7)
        occasion = Occasion(now=now, at=now, actor="ana", role="ae")
        if isinstance(each, Move):
            decision = decide(machine, deal, replace(each, actor="ana", role="ae"), now=now)
            assert decision.allowed, decision.refusals
            entry = entry_of(decision, deal, occasion)
        else:
            entry = replace(blank_entry(deal, occasion, EntryKind.RECORDED), facts=each)
        entries.append(entry)
        deal = after(deal, entry)
    return entries


def lives(machine: Machine, definition: Definition, deals: int) -> Iterator[list[Entry]]:
    """So many deals, each with an amount and days of its own."""
    templates = [template(machine, definition, number) for number in range(84)]
    for number in range(deals):
        name, later = f"deal-{number:07}", timedelta(hours=number % 8000)
        amount = {"amount": Decimal(5000 + number * 37 % 20_011)}
        its = templates[number % len(templates)]
        yield [
            replace(
                entry,
                deal=name,
                happened_at=entry.happened_at + later,
                recorded_at=entry.recorded_at + later,
                facts={**entry.facts, **amount} if place == 0 else entry.facts,
            )
            for place, entry in enumerate(its)
        ]


def one_by_one(new: Machine, stories: list[list[Entry]]) -> int:
    """The peer: each move decided by the new version, the deal folded as it went. How many it refuses."""
    refused = 0
    for entries in stories:
        deal: Deal | None = None
        for entry in entries:
            if deal is not None and entry.kind is EntryKind.MOVED:
                move = Move(entry.action, entry.to_stage, entry.reason, "", entry.actor, entry.role, entry.facts)
                stated = {
                    name: value for name, value in entry.facts.items() if name not in ("qualified_on", "signed_on")
                }
                refused += not decide(new, deal, replace(move, facts=stated), now=entry.happened_at).allowed
            if deal is None:
                refused += not decide_start(new, entry.facts, actor="ana", role="ae", now=entry.happened_at).allowed
            deal = fold([entry]) if deal is None else after(deal, entry)
    return refused


def judged(tables: Tables, old: Process, new: Process) -> Any:
    return replay(tables, new, {2: old}, told=Told.JOURNAL, subject="bench", as_of=START + timedelta(days=800))


def refused_of(study: Any) -> int:
    rows = {row[0]: row[1] for row in study.sections[0].rows}
    return int(rows["refused now"]) + int(rows.get("not known then", 0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=1_000_000)
    parser.add_argument("--with-journal", action="store_true")
    parser.add_argument("--journal", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        old, definition, new = versions(Path(folder))
        machine = compile_process(old)
        deals = asked.moves // 5
        print(f"{deals * 5:,} moves of {deals:,} deals; CPU time; load {os.getloadavg()[0]:.1f}")
        sample = list(lives(machine, definition, min(SAMPLE, deals)))
        slow, refused = cpu(lambda: one_by_one(compile_process(new), sample))
        peer = slow / len(sample) * deals
        print(f"  decide, move by move          {peer:>8.2f} s (from {len(sample):,} deals)")
        few = tables_of((entry for its in sample for entry in its), fact_types([old]))
        assert refused_of(judged(few, old, new)) == refused, "the answers differ"
        tables = tables_of((entry for its in lives(machine, definition, deals) for entry in its), fact_types([old]))
        took, study = cpu(lambda: judged(tables, old, new), rounds=3)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  replay of tables              {took:>8.2f} s   {peer / took:>6.1f} times   peak {peak:,.0f} MB")
        print(f"    {study.says[0]}")
        if asked.with_journal or asked.journal:
            path = asked.journal or Path(folder) / "bench.journal"
            from_journal(path, old, definition, new, deals=deals, peer=peer)


def from_journal(path: Path, old: Process, definition: Definition, new: Process, *, deals: int, peer: float) -> None:
    machine = compile_process(old)
    if not path.exists():
        with closing(connect(str(path), create=True)) as journal:
            stories = lives(machine, definition, deals)
            batches = ((entries, 0, folded) for entries in stories if (folded := fold(entries)) is not None)
            built, _ = cpu(lambda: journal.append_many(batches, definition=definition))
            print(f"  (the journal was built in {built:.0f} s)")
    with closing(connect(str(path), read_only=True)) as journal:
        read, tables = cpu(lambda: kept_tables(journal, (), passed=evidence([old])))
    took, _ = cpu(lambda: judged(tables, old, new))
    times = peer / (read + took)
    print(f"  replay of a journal           {read + took:>8.2f} s   {times:>6.1f} times (to read it {read:.2f} s)")


if __name__ == "__main__":
    main()
