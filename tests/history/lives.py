"""Deals that live anyhow, as strategies, and entries as a journal hands them over column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
from hypothesis import strategies as st

from engine.journal.codec import body_text, envelope_of
from engine.journal.columns import COLUMNS
from engine.model.alarm import Alarm, AlarmKind
from engine.model.decision import About, Clause, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.rule import Force
from engine.model.syntax import DATE, DURATION, MONEY, NUMBER, PERCENT, TEXT, YES_NO
from tests.journal.build import BUDGET, NOON

FACTS = {
    "amount": MONEY,
    "size": NUMBER,
    "city": TEXT,
    "signed": YES_NO,
    "signed_on": DATE,
    "span": DURATION,
    "share": PERCENT,
    "process": TEXT,
    'odd "name" é': TEXT,
}
ODD = [
    "",
    "ana",
    'O\'Hara "x"',
    "line\nline\r\t\\ \u2028",
    "\U0001f600é",
    "], [",
    '"facts":{',
    "'; DROP TABLE deals --",
]
VALUES = {
    "amount": [Decimal("9000.50"), Decimal(0), Decimal("-0.000000001"), Decimal(10) ** 17],
    "size": [Decimal(1), Decimal("1.5")],
    "city": [*ODD, "\0"],
    "signed": [True, False],
    "signed_on": [date(2026, 1, 2), date(1, 1, 1), date(9999, 12, 31)],
    "span": [timedelta(days=3), timedelta(microseconds=-1)],
    "share": [Decimal("0.15")],
    "process": ["x"],
    'odd "name" é': ODD,
}
SOUND = Verdict(
    'v\'ordict "é"\n', About.REQUIRES, Result.PASSED, "says", Force.SHOULD, clauses=(Clause("a", holds=True, seen=()),)
)
ALARM = Alarm("stale", AlarmKind.WARN, NOON)
RENAMED = {"stages/new": "offer", "actions/ana": "bo", "facts/city": "", "facts/size": "amount"}
SPELLS = [timedelta(0), timedelta(microseconds=1), timedelta(hours=7), timedelta(days=40), timedelta(days=150_000)]


def facts() -> st.SearchStrategy[dict]:
    """Some facts, each with some value of its type, by name, as a journal tells them."""
    pairs = {name: st.sampled_from(values) for name, values in VALUES.items()}
    return st.fixed_dictionaries({}, optional=pairs).map(lambda chosen: dict(sorted(chosen.items())))


@st.composite
def lives(draw: st.DrawFn, deal: str = "acme", *, most: int = 9) -> tuple[Entry, ...]:
    """A deal with entries of all kinds in a few processes."""
    process, when, found = "sale", datetime(1, 1, 1, tzinfo=UTC) + draw(st.sampled_from(SPELLS)), []
    for sequence in range(1, draw(st.integers(1, most)) + 1):
        kind = EntryKind.STARTED if sequence == 1 else draw(st.sampled_from(list(EntryKind)[1:]))
        track = draw(st.sampled_from(["main", "main", "legal", "tech"])) if sequence > 1 else "main"
        moves = kind in (EntryKind.MOVED, EntryKind.MIGRATED)
        if moves and track == "main":
            process = draw(st.sampled_from(["sale", "sale", "renewal"]))
        when += draw(st.sampled_from(SPELLS))
        to_stage = draw(st.sampled_from(["new", "offer", "won", "lost", *ODD[1:]]))
        found.append(
            Entry(
                *(deal, sequence, kind, when, NOON, process, draw(st.integers(1, 3)), "0" * 64),
                track=track,
                action=draw(st.sampled_from(ODD)),
                from_stage=draw(st.sampled_from(ODD)),
                to_stage=to_stage if moves or sequence == 1 else "",
                outcome={"won": "won", "lost": "lost"}.get(to_stage, ""),
                reason=draw(st.sampled_from([*ODD, "stays", "follows", "maps"])),
                undated=draw(st.booleans()),
                actor=draw(st.sampled_from(ODD)),
                role=draw(st.sampled_from(["", "ae"])),
                note=draw(st.sampled_from([*ODD, "\0"])),
                touchpoint=draw(st.sampled_from(["", "", "call", *ODD])),
                owner=draw(st.sampled_from(["", "", "bo", *ODD])),
                override=draw(st.booleans()),
                facts=draw(facts()),
                verdicts=draw(st.sampled_from([(), (), (BUDGET,), (SOUND, BUDGET, SOUND)])),
                alarm=draw(st.sampled_from([None, ALARM])),
                renamed=draw(st.sampled_from([{}, RENAMED])) if kind is EntryKind.MIGRATED else {},
            )
        )
    return tuple(found)


def blanked(entry: Entry) -> Entry:
    """The entry when its deal was forgotten: what its envelope says."""
    return Entry(*(getattr(entry, name) for name in list(Entry.__dataclass_fields__)[:17]))


def batches_of(entries: Sequence[Entry], *, size: int = 3) -> Iterator[pa.RecordBatch]:
    """Entries as SQLite hands them over: times are texts and truths are numbers."""
    names = list(Entry.__dataclass_fields__)
    rows = [dict(zip(names, envelope_of(entry), strict=False), body=body_text(entry)) for entry in entries]
    for row in rows:
        row["undated"] = int(row["undated"])
    for at in range(0, len(rows), size):
        part = rows[at : at + size]
        yield pa.RecordBatch.from_arrays([pa.array([row[name] for row in part]) for name in COLUMNS], list(COLUMNS))
