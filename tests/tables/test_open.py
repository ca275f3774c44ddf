"""The tables in DuckDB: the answers, and the walls."""

from datetime import UTC, datetime

import duckdb
import numpy as np
import pytest

from engine.tables.build import GrowingTables
from engine.tables.open import opened
from engine.tables.query import broken_requirements, outcome_counts, stage_counts

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def tables():
    growing = GrowingTables({})
    for number, (stage, outcome) in enumerate([("won", "won"), ("new", ""), ("new", ""), ("lost", "lost")]):
        growing.deals.add((f"D{number}", "sale", 1, NOON, None, stage, outcome, "", None))
    for deal, seq, verdict in [("D0", 2, "passed"), ("D0", 3, "failed"), ("D1", 2, "failed"), ("D1", 3, "unknown")]:
        growing.verdicts.add((deal, seq, NOON, "offer", "budget-known", verdict, "must", "refused"))
    return growing.whole()


def test_deals_are_counted_by_stage():
    with opened(tables()) as connection:
        found = stage_counts(connection)
    assert found.columns == ("process", "version", "stage", "deals")
    assert found.rows == (("sale", 1, "new", 2), ("sale", 1, "lost", 1), ("sale", 1, "won", 1))


def test_deals_are_counted_by_outcome():
    with opened(tables()) as connection:
        assert outcome_counts(connection).rows == (
            ("sale", 1, "open", 2),
            ("sale", 1, "lost", 1),
            ("sale", 1, "won", 1),
        )


def test_requirements_are_counted_by_how_they_came_out():
    with opened(tables()) as connection:
        assert broken_requirements(connection).rows == (
            ("budget-known", "failed", 2, 2),
            ("budget-known", "unknown", 1, 1),
        )


@pytest.mark.parametrize(
    "sql",
    [
        "COPY deals TO '{folder}/out.csv'",
        "SELECT * FROM read_text('{folder}/secret.txt')",
        "ATTACH '{folder}/other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET autoinstall_known_extensions = true",
    ],
)
def test_no_query_reaches_the_world(tmp_path, sql):
    (tmp_path / "secret.txt").write_text("secret")
    with opened(tables()) as connection, pytest.raises(duckdb.Error):
        connection.rows(sql.format(folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


def test_parameters_are_values_and_never_part_of_the_question():
    hostile = "won' OR '1'='1"
    with opened(tables()) as connection:
        assert connection.rows("SELECT deal FROM deals WHERE stage = ?", ["won"]) == [("D0",)]
        assert connection.rows("SELECT deal FROM deals WHERE stage = ?", [hostile]) == []
        assert connection.rows("SELECT ?", ["'; DROP VIEW deals; --"]) == [("'; DROP VIEW deals; --",)]
        assert connection.names("SELECT stage, count(*) AS n FROM deals WHERE stage = ? GROUP BY ALL", [hostile]) == (
            *("stage", "n"),
        )
        assert list(connection.columns("SELECT deal FROM deals WHERE stage = ?", [hostile])["deal"]) == []
        assert connection.rows("SELECT count(*) FROM deals") == [(4,)]


def test_many_rows_come_one_by_one_in_their_order():
    with opened(GrowingTables({}).whole()) as tables:
        # More than a batch of them.
        found = tables.each_row("SELECT range FROM range(?) ORDER BY range", [25_000])
        assert next(found) == (0,)
        assert list(found) == [(number,) for number in range(1, 25_000)]


def test_columns_are_arrays_and_masked_where_cells_are_null():
    with opened(tables()) as connection:
        found = connection.columns("SELECT deal, closed_at, started_at FROM deals ORDER BY deal LIMIT 2")
    assert list(found) == ["deal", "closed_at", "started_at"]
    assert list(found["deal"]) == ["D0", "D1"]
    assert np.ma.getmaskarray(found["closed_at"]).tolist() == [True, True]
    assert np.ma.getmaskarray(found["started_at"]).tolist() == [False, False]
    assert found["started_at"][0] == np.datetime64("2026-03-31T12:00:00")


def test_a_view_that_was_made_can_be_asked():
    with opened(tables()) as connection:
        connection.run("CREATE TEMP TABLE won AS SELECT * FROM deals WHERE stage = ?", ["won"])
        assert connection.rows("SELECT deal FROM won") == [("D0",)]


def test_tables_that_were_opened_stay_as_they_were():
    before = tables()
    with opened(before) as connection, pytest.raises(duckdb.Error):
        connection.run("DELETE FROM deals")
    assert before.deals.num_rows == 4
