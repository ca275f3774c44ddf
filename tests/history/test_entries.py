"""Entries of the journal to the five tables."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.history.entries import fact_types, tables_of
from engine.model.deal import fold
from engine.model.decision import About, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.process import Process, Stage, Track
from engine.model.rule import DecisionTable, Fact, Force, Hit
from engine.model.syntax import MONEY, NUMBER, PERCENT, TEXT, YES_NO

START = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = {"won": "won", "lost": "lost"}


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def naive(days: float) -> datetime:
    return at(days).replace(tzinfo=None)


def entry(sequence: int, kind: str = "moved", *, days: float = 0, to: str = "", **rest) -> Entry:
    return Entry(
        deal=rest.pop("deal", "D1"),
        sequence=sequence,
        kind=EntryKind(kind),
        happened_at=at(days),
        recorded_at=at(400),
        process="sale",
        version=rest.pop("version", 1),
        digest="0" * 64,
        to_stage=to,
        outcome=ENDS.get(to, ""),
        **rest,
    )


def rows(table, *columns):
    return [tuple(row[name] for name in columns) for row in table.to_pylist()]


def test_each_visit_of_a_stage_is_a_row_and_the_last_one_is_open():
    tables = tables_of(
        [
            entry(1, "started", to="new"),
            entry(2, days=2, to="offer", action="send", from_stage="new", actor="ana", reason="ripe"),
        ],
        {},
    )
    assert rows(tables.moves, "seq", "to_stage", "entered_at", "left_at", "dwell_days", "actor", "reason") == [
        (1, "new", naive(0), naive(2), 2.0, "", ""),
        (2, "offer", naive(2), None, None, "ana", "ripe"),
    ]


def test_a_move_without_a_date_is_left_out_of_times():
    tables = tables_of(
        [
            entry(1, "started", to="new", undated=True),
            entry(2, to="offer"),
            entry(3, days=5, to="won", undated=True),
        ],
        {},
    )
    assert rows(tables.moves, "entered_at", "left_at", "dwell_days") == [
        (None, naive(0), None),
        (naive(0), naive(5), None),
        (None, None, None),
    ]
    assert rows(tables.deals, "started_at", "closed_at", "outcome") == [(None, None, "won")]


def test_a_refused_move_leaves_its_verdicts_and_no_visit():
    verdict = Verdict("offer/to_enter/1", About.TO_ENTER, Result.FAILED, "There is a budget")
    tables = tables_of(
        [
            entry(1, "started", to="new"),
            entry(2, "refused", days=1, to="offer", action="send", verdicts=(verdict,), facts={"amount": Decimal(1)}),
        ],
        {},
    )
    assert rows(tables.moves, "seq") == [(1,)]
    assert rows(tables.verdicts, "seq", "happened_at", "action", "requirement", "verdict", "force", "move") == [
        (2, naive(1), "send", "offer/to_enter/1", "failed", "must", "refused")
    ]
    assert tables.facts.num_rows == 0


def test_what_a_move_that_was_made_only_should_have_met_is_told_apart_from_what_it_must():
    should = Verdict("offer/to_enter/2", About.TO_ENTER, Result.FAILED, "There is a champion", Force.SHOULD)
    must = Verdict("offer/to_enter/1", About.TO_ENTER, Result.FAILED, "There is a budget")
    told = [entry(1, "started", to="new"), entry(2, "moved", days=1, to="offer", verdicts=(must, should))]
    assert rows(tables_of(told, {}).verdicts, "requirement", "force", "move") == [
        ("offer/to_enter/1", "must", "made"),
        ("offer/to_enter/2", "should", "made"),
    ]


def test_facts_are_told_when_they_became_known_and_as_last_known():
    facts = {"amount": MONEY, "partner": YES_NO, "discount": PERCENT}
    tables = tables_of(
        [
            entry(1, "started", to="new", facts={"amount": Decimal("9000.50")}),
            entry(2, "recorded", days=1, facts={"partner": True, "amount": Decimal(9500)}),
            entry(3, days=2, to="won", facts={"discount": Decimal("0.15")}),
        ],
        facts,
    )
    assert rows(tables.facts, "seq", "fact", "value") == [
        (1, "amount", "9000.5"),
        (2, "partner", "true"),
        (2, "amount", "9500"),
        (3, "discount", "0.15"),
    ]
    assert rows(tables.deals, "amount", "discount", "partner") == [(Decimal(9500), Decimal("0.15"), True)]


def test_an_amount_that_is_no_number_has_no_place_in_the_column_of_amounts():
    tables = tables_of([entry(1, "started", to="new", facts={"amount": "much"})], {"amount": TEXT})
    assert rows(tables.deals, "amount") == [(None,)]
    assert rows(tables.facts, "value") == [("much",)]


def test_a_touchpoint_is_told_with_the_stage_in_which_it_happened():
    tables = tables_of(
        [
            entry(1, "started", to="new"),
            entry(2, "touched", days=1, touchpoint="call", actor="ana"),
            entry(3, days=2, to="offer", touchpoint="email"),
        ],
        {},
    )
    assert rows(tables.touches, "happened_at", "touchpoint", "stage", "actor") == [
        (naive(1), "call", "new", "ana"),
        (naive(2), "email", "new", ""),
    ]


def test_tracks_have_visits_of_their_own():
    tables = tables_of(
        [
            entry(1, "started", to="new"),
            entry(2, days=1, to="in-review", track="legal"),
            entry(3, days=2, to="offer"),
            entry(4, days=4, to="approved", track="legal"),
        ],
        {},
    )
    by_stage = {stage: dwell for _, stage, dwell in rows(tables.moves, "track", "to_stage", "dwell_days")}
    assert by_stage == {"approved": None, "in-review": 3.0, "new": 2.0, "offer": None}
    assert rows(tables.deals, "stage") == [("offer",)]


def test_deals_come_one_after_the_other():
    tables = tables_of([entry(1, "started", to="new"), entry(1, "started", to="new", deal="D2")], {})
    assert rows(tables.deals, "deal", "stage") == [("D1", "new"), ("D2", "new")]


def test_no_entries_make_empty_tables():
    assert [tables_of([], {}).table(name).num_rows for name in ("deals", "moves", "facts")] == [0, 0, 0]


MOVES = st.tuples(
    st.sampled_from(["moved", "refused", "recorded", "touched", "warned", "approved", "migrated"]),
    st.sampled_from(["new", "offer", "won", "lost"]),
    st.integers(0, 3),
    st.sampled_from(["", "ana"]),
    st.dictionaries(st.sampled_from(["amount", "city"]), st.just(Decimal(1)), max_size=2),
)


@given(st.lists(MOVES, max_size=8))
def test_the_table_of_deals_is_the_fold_of_the_entries(moves):
    entries = [entry(1, "started", to="new", owner="bo")]
    days = 0
    for number, (kind, stage, later, owner, facts) in enumerate(moves, 2):
        days += later
        moved = kind in ("moved", "migrated", "refused")
        rest = {"to": stage if moved else "", "owner": owner, "facts": facts, "version": number}
        entries.append(entry(number, kind, days=days, **rest))
    deal = fold(entries)
    (found,) = tables_of(entries, {"amount": MONEY, "city": NUMBER}).deals.to_pylist()
    assert (found["stage"], found["outcome"], found["owner"]) == (deal.stage, deal.outcome, deal.owner)
    assert (found["version"], found["started_at"]) == (deal.version, naive(0))
    assert found["closed_at"] == (deal.closed_at.replace(tzinfo=None) if deal.closed_at else None)
    assert {name: found[name] for name in ("amount", "city") if found[name]} == dict(deal.facts)


def test_a_fact_of_two_types_is_told_as_text():
    first = Process(
        "a",
        1,
        Track("main", (Stage("new"),), ()),
        facts={
            "size": Fact("size", NUMBER),
            "city": Fact("city", TEXT),
            "grade": Fact("grade", TEXT, table=DecisionTable(Hit.FIRST, ())),
        },
    )
    second = Process("a", 2, first.main, facts={"size": Fact("size", TEXT)})
    assert {name: of.kind.value for name, of in fact_types([first, second]).items()} == {"size": "text", "city": "text"}
