"""A simulated run as the five tables, as CSV and as XES: what is written is what is read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.measure import viewed
from engine.history.read import read
from engine.loading.map_text import map_text
from engine.loading.maps import load_map
from engine.model.deal import Deal
from engine.model.proposal import Proposal
from engine.report.formats import render
from engine.report.xes import NAMES, xes_lines
from engine.simulation.logged.export import exported, fact_columns, map_of
from engine.simulation.logged.tables import tables_of
from engine.simulation.results.outcome import Setup
from engine.simulation.run import exported_run, played, simulate
from engine.tables.build import Tables
from engine.tables.schema import NAMES as TABLES
from tests.simulation.shipped import BEGIN, machine, setup

SOME_DEALS = tuple(
    Deal(
        id=f"D-{at}",
        process="inside-sales",
        version=2,
        digest="",
        stage=stage,
        started_at=BEGIN - timedelta(days=40 + at),
        entered_at=BEGIN - timedelta(days=5 + at),
        last_at=BEGIN - timedelta(days=5 + at),
        owner="ana",
        visited=frozenset({"prospect", stage}),
    )
    for at, stage in enumerate(("prospect", "demo", "negotiation"))
)
OF = Setup(setup(weeks=8).scenario, machine(), BEGIN, SOME_DEALS)


@pytest.fixture(scope="module")
def tables() -> Tables:
    plan, cast, log = played(OF, seed=1, run=0)
    return tables_of(plan, cast, log, OF.machine)


def _rows(tables: Tables, name: str, *columns: str) -> list[tuple[object, ...]]:
    table = tables.table(name)
    found = zip(*(table.column(each).to_pylist() for each in columns or table.column_names), strict=True)
    return sorted(found, key=repr)


def test_the_tables_tell_what_the_summary_counts(tables: Tables) -> None:
    summary = simulate(OF, runs=1, seed=1).summaries[0]
    outcomes = tables.deals.column("outcome").to_pylist()

    assert [outcomes.count(end) for end in ("won", "lost", "other")] == summary.ended.sum(axis=(1, 2)).tolist()
    assert outcomes.count("") == summary.open.sum()
    assert tables.verdicts.num_rows >= summary.refused.sum() > 0
    assert sum(row[0] is None for row in _rows(tables, "moves", "left_at")) == len(outcomes)


def test_a_measure_of_the_tables_counts_the_refused_tries_of_the_summary(tables: Tables) -> None:
    summary = simulate(OF, runs=1, seed=1).summaries[0]
    found = viewed(tables, OF.machine.process, Asked()).judged

    assert found is not None
    assert found.tries.refused.sum() == summary.refused.sum()


def test_moves_follow_each_other(tables: Tables) -> None:
    rows = _rows(tables, "moves", "deal", "seq", "from_stage", "to_stage", "entered_at", "left_at")
    pairs = [(one, other) for one, other in pairwise(rows) if one[0] == other[0]]
    deals = {row[0]: row for row in rows}

    assert len(pairs) > 100
    assert all(other[1] == one[1] + 1 for one, other in pairs)
    assert all((other[2], other[4]) == (one[3], one[5]) for one, other in pairs)
    assert {"D-0", "D-1", "sim-1"} <= set(deals)


def test_open_deals_keep_their_name_their_owner_and_their_age(tables: Tables) -> None:
    rows = _rows(tables, "deals", "deal", "owner", "started_at")

    assert rows[0] == ("D-0", "ana", (BEGIN - timedelta(days=40)).replace(tzinfo=None))


def test_what_moves_stamp_is_in_the_facts(tables: Tables) -> None:
    stamped = [row for row in _rows(tables, "facts", "deal", "fact", "seq", "value") if row[1] == "qualified_on"]
    entered = {
        row[0]: row[1] for row in _rows(tables, "moves", "deal", "entered_at", "to_stage") if row[2] == "qualified"
    }

    assert len(stamped) > 20
    assert all(row[0] in entered for row in stamped)
    assert all(row[2] == 2 for row in stamped if row[0].startswith("sim"))


def test_a_contact_is_told_where_it_was(tables: Tables) -> None:
    told = set(_rows(tables, "touches", "touchpoint", "stage"))

    assert told >= {("call", "prospect"), ("demo", "qualified")}


def test_every_table_has_the_columns_of_all_tables(tables: Tables) -> None:
    assert all(tables.table(name).num_rows for name in TABLES)


@pytest.mark.parametrize("ending", ["csv", "xes"])
def test_what_is_written_is_what_is_read_back(tables: Tables, tmp_path: Path, ending: str) -> None:
    names = NAMES if ending == "xes" else {}
    file, map_file = tmp_path / f"run.{ending}", tmp_path / "run.map.yaml"
    table, map_ = exported_run(OF, seed=1, run=0, name="run", columns=names)
    file.write_text("".join(xes_lines(table)) if ending == "xes" else render(table, "csv"))
    map_file.write_text(map_text(Proposal(map_)))
    loaded = load_map(map_file, process=OF.machine.process)
    assert loaded.value == map_, loaded.findings

    export = read(file, loaded.value, OF.machine.process)
    back = export.tables()

    assert (export.bad_cells, export.left_out_rows) == ((), 0)
    visits = ("deal", "to_stage", "entered_at", "left_at", "actor")
    read_back, simulated = (
        [row for row in _rows(each, "moves", *visits) if str(row[0]).startswith("sim")] for each in (back, tables)
    )
    assert read_back == simulated
    facts = ("deal", "stage", "outcome", "closed_at", "amount", "discount", "contact_role", "qualified_on", "owner")
    assert [row[:-1] for row in _rows(back, "deals", *facts)] == [row[:-1] for row in _rows(tables, "deals", *facts)]


def test_a_fact_called_as_a_column_gets_another_name(tables: Tables) -> None:
    process = replace(OF.machine.process, facts={"stage": replace(OF.machine.process.facts["amount"], id="stage")})
    table = exported(tables, OF.machine.process)

    assert fact_columns(process) == {"stage": "fact_stage"}
    assert table.columns[:4] == ("deal", "stage", "entered_at", "action")
    assert map_of(OF.machine.process, table, name="run").ignore == ("action",)
    assert "competitor" not in table.columns
