"""The shipped maps on the exports that they were written for, held to what others counted in them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.advance.imported import ImportSummary
from engine.advance.many import import_past
from engine.history.entries import fact_types, tables_of
from engine.history.export import Export
from engine.history.read import read
from engine.journal.connect import connect
from engine.journal.store import Journal
from engine.journal.verify import verify
from engine.loading.maps import load_map
from engine.loading.processes import load_process
from engine.model.process import Process
from engine.tables.open import opened

ROOT = Path(__file__).parents[2]
DATA = ROOT / "../shared/data"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Imported:
    """An export, and the journal that it went into."""

    def __init__(self, map_id: str, file: str) -> None:
        path = DATA / file
        if not path.is_file():
            pytest.skip(f"the export {file} is not beside the repository")
        loaded = load_map(ROOT / "maps" / f"{map_id}.yaml")
        assert loaded.value is not None, loaded.findings
        name = loaded.value.process.partition("@")[0]
        process = load_process(ROOT / "processes" / name / "1.yaml")
        assert process.value is not None, process.findings
        assert process.definition is not None
        self.map, self.process, self.definition = loaded.value, process.value, process.definition
        self.facts = json.loads((DATA / "facts.json").read_text())[map_id]
        self.export: Export = read(path, self.map, self.process)
        self.journal: Journal = connect(":memory:")
        self.summary = self.take()

    def take(self, *, strict: bool = False, journal: Journal | None = None) -> ImportSummary:
        return import_past(
            journal or self.journal,
            self.process,
            self.definition,
            self.export.deals,
            now=NOW,
            map_id=self.map.id,
            strict=strict,
        )

    def stages(self) -> Counter[str]:
        return Counter(deal.stage for deal in self.journal.deals())

    def ends(self) -> Counter[str]:
        ends = {stage.id: stage.ends or "open" for stage in self.process.main.stages}
        return Counter(ends[deal.stage] for deal in self.journal.deals())


@pytest.fixture(scope="module")
def maven() -> Imported:
    return Imported("maven-crm", "maven-crm/sales_pipeline.csv")


@pytest.fixture(scope="module")
def salesforce() -> Imported:
    return Imported("salesforce-devorg", "salesforce-devorg/OpportunityHistory.csv")


@pytest.mark.parametrize("name", ["maven-crm", "salesforce-devorg"])
def test_a_shipped_map_loads_clean(name):
    loaded = load_map(ROOT / "maps" / f"{name}.yaml")
    assert loaded.findings == ()
    process: Process | None = load_process(ROOT / "processes" / loaded.value.process.partition("@")[0] / "1.yaml").value
    assert load_map(ROOT / "maps" / f"{name}.yaml", process=process).findings == ()


def test_all_8800_deals_of_maven_stand_where_the_export_has_them(maven):
    counted = {stage.lower(): count for stage, count in maven.facts["stage_counts"].items()}
    assert maven.stages() == counted == {"won": 4238, "lost": 2473, "engaging": 1589, "prospecting": 500}
    assert maven.export.is_whole
    assert maven.summary.is_whole


def test_no_deal_of_maven_deviates_and_the_undated_are_counted(maven):
    assert (maven.summary.deals, maven.summary.deviating) == (8800, 0)
    # Nobody wrote down when the deals were prospects: 500 still are, the others are first seen engaging.
    assert (maven.export.undated, maven.summary.undated) == (500, 8800)


def test_the_value_won_and_the_time_it_took_are_those_of_maven(maven):
    tables = tables_of(maven.journal.all_entries(), fact_types([maven.process]))
    with opened(tables) as connection:
        ((won, lost),) = connection.rows(
            "SELECT avg(dwell_days) FILTER (outcome = 'won'), avg(dwell_days) FILTER (outcome = 'lost')"
            " FROM moves JOIN deals USING (deal) WHERE to_stage = 'engaging' AND left_at IS NOT NULL"
        )
        ((value, dated),) = connection.rows("SELECT sum(amount) FILTER (outcome = 'won'), count(closed_at) FROM deals")
    days = maven.facts["days_engage_to_close"]
    assert (round(won, 3), round(lost, 4)) == (days["Won"]["mean"], days["Lost"]["mean"])
    assert (int(value), dated) == (maven.facts["won_value_total"], maven.facts["closed"])


def test_deals_are_closed_in_the_month_that_the_export_says(maven):
    months = Counter(
        (f"{deal.closed_at:%Y-%m}", deal.outcome) for deal in maven.journal.deals() if deal.closed_at is not None
    )
    assert months == {
        (month, outcome): counts[outcome]
        for month, counts in maven.facts["by_close_month"].items()
        for outcome in ("won", "lost")
    }


def test_the_product_spelt_otherwise_is_the_product_meant(maven):
    products = Counter(deal.facts["product"] for deal in maven.journal.deals())
    assert products["GTX Pro"] == 1480


def test_the_history_of_salesforce_ends_where_its_opportunities_stand(salesforce):
    facts = salesforce.facts
    assert salesforce.ends() == {"won": facts["won"], "lost": facts["lost"], "open": facts["open"]}
    assert salesforce.stages() == {
        salesforce.map.stages[stage]: count for stage, count in facts["current_stage"].items()
    }
    assert (salesforce.export.rows, salesforce.summary.deals) == (facts["history_rows"], facts["opportunities"])
    assert salesforce.export.out_of_order == facts["opportunities_whose_rows_are_not_in_time_order"]


def test_the_moves_from_won_to_lost_are_the_deviating_ones(salesforce):
    deviating = [
        (entry.from_stage, entry.to_stage, entry.verdicts[0].requirement)
        for entry in salesforce.journal.all_entries()
        if entry.deviating
    ]
    assert deviating == [("closed-won", "closed-lost", "closed-lost/stage")] * 7
    assert salesforce.summary.deviating == salesforce.facts["opportunities_reopened_won_to_lost"] == 7


def test_under_strict_the_seven_are_left_out(salesforce):
    journal = connect(":memory:")
    summary = salesforce.take(strict=True, journal=journal)
    assert (summary.deals, summary.refused_deals, summary.deviating) == (29, 7, 0)
    assert len(list(journal.deals())) == 29


def test_a_second_import_of_either_adds_nothing(maven, salesforce):
    for imported in (maven, salesforce):
        summary = imported.take()
        assert (summary.entries, summary.unchanged) == (0, imported.summary.deals)


def test_the_journal_of_either_verifies(maven, salesforce):
    assert verify(maven.journal) == ()
    assert verify(salesforce.journal) == ()
