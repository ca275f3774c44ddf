"""Event logs and exports of other people, read to tables: every figure that was counted in them by other means."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from engine.history.read import read
from engine.model.map import Map, Shape
from engine.tables.build import Tables
from engine.tables.open import opened

DATA = Path(__file__).parents[2] / "../shared/data"
XES = Map("log", "", Shape.EVENTS, "case:concept:name", "concept:name", {}, happened="time:timestamp")
LOAN = replace(XES, deal="case_id", stage="activity", happened="end_time")
APPLICATIONS = replace(XES, leave_out=("W_*", "O_*"))
ENDS = ("A_APPROVED", "A_DECLINED", "A_CANCELLED")


@dataclass(frozen=True)
class Log:
    """A file, how it is read, and where its ground truth stands."""

    file: str
    map: Map
    facts: tuple[str, ...]

    def __str__(self) -> str:
        return "-".join(self.facts) + Path(self.file).suffix


LOGS = [
    Log("bpic2012/bpic2012.xes.gz", XES, ("bpic2012", "all_events")),
    Log("bpic2012/bpic2012.xes.gz", APPLICATIONS, ("bpic2012", "application_events_only")),
    Log("receipt/receipt.xes.gz", XES, ("receipt",)),
    Log("running-example/running-example.xes", XES, ("running-example",)),
    Log("running-example/running-example.csv", XES, ("running-example",)),
    Log("loanapp/LoanApp_simplified_train.csv.gz", LOAN, ("loanapp_train",)),
    Log("loanapp/LoanApp_simplified_test.csv.gz", LOAN, ("loanapp_test",)),
]


def told(*names: str) -> dict:
    if not (DATA / "facts.json").is_file():
        pytest.skip("the exports are not beside the repository")
    found = json.loads((DATA / "facts.json").read_text())
    for name in names:
        found = found[name]
    return found


@cache
def tables(file: str, order: int) -> Tables:
    log = LOGS[order]
    export = read(DATA / file, log.map)
    # Nothing of these files is unreadable; what is said twice in the same breath is the same event.
    assert export.bad_cell_count == 0
    return export.tables()


@pytest.fixture(params=range(len(LOGS)), ids=[str(log) for log in LOGS])
def log(request):
    return request.param


def truth(order: int) -> dict:
    return told(*LOGS[order].facts)


@cache
def titles(file: str, order: int) -> dict[str, str]:
    return {stage.id: stage.title for stage in read(DATA / file, LOGS[order].map).process.main.stages}


def of(order: int) -> tuple[Tables, dict[str, str]]:
    file = LOGS[order].file
    return tables(file, order), titles(file, order)


def test_deals_stages_and_visits_are_all_there(log):
    facts = truth(log)
    found, names = of(log)
    assert (found.deals.num_rows, found.moves.num_rows, len(names)) == (
        facts["cases"],
        facts["events"],
        facts["activities"],
    )
    counts = Counter(found.moves.column("to_stage").to_pylist())
    assert {names[stage]: count for stage, count in counts.items()} == facts["activity_counts"]


def test_the_first_and_the_last_time_are_those_of_the_file(log):
    facts = truth(log)
    with opened(of(log)[0]) as now:
        ((first, last),) = now.rows("SELECT min(entered_at), max(entered_at) FROM moves")
    expected = [datetime.fromisoformat(facts[name]) for name in ("first_event_utc", "last_event_utc")]
    assert [each.replace(tzinfo=UTC) for each in (first, last)] == expected


def test_what_follows_what_is_counted_alike(log):
    facts = truth(log)
    found, names = of(log)
    pairs = Counter(
        f"{names[before]} -> {names[after]}"
        for before, after in zip(
            found.moves.column("from_stage").to_pylist(), found.moves.column("to_stage").to_pylist(), strict=True
        )
        if before
    )
    # The ground truth lists the most frequent ones.
    assert {pair: pairs[pair] for pair in facts["directly_follows"]} == facts["directly_follows"]


def test_variants_are_as_many_and_the_first_is_the_same(log):
    facts = truth(log)
    found, names = of(log)
    paths: dict[str, list[str]] = {}
    for deal, stage in zip(
        found.moves.column("deal").to_pylist(), found.moves.column("to_stage").to_pylist(), strict=True
    ):
        paths.setdefault(deal, []).append(names[stage])
    variants = Counter(map(tuple, paths.values()))
    # Another name of the same figure: the ends of two events may come in another order than their starts.
    assert len(variants) == facts.get("variants", facts.get("variants_ordered_by_end_time"))
    assert variants[tuple(facts["top_variant"])] == facts["top_variant_cases"]


def test_times_are_the_same(log):
    facts = truth(log)
    with opened(of(log)[0]) as now:
        days = now.columns(
            "SELECT (epoch_us(max(entered_at)) - epoch_us(min(entered_at))) / 86400e6 AS days FROM moves GROUP BY deal"
        )["days"]
        stays = now.columns("SELECT to_stage, dwell_days FROM moves WHERE dwell_days IS NOT NULL")
    _, names = of(log)
    expected = facts["case_duration_days"]
    assert (days.mean(), np.median(days), days.max()) == pytest.approx(
        (expected["mean"], expected.get("median", np.median(days)), expected["max"]), abs=6e-5
    )
    by_name = {stage: stays["dwell_days"][stays["to_stage"] == stage] for stage in names}
    for stage, name in names.items():
        told_here = facts["days_until_next_event"].get(name)
        if told_here:
            here = by_name[stage]
            assert (len(here), here.mean(), np.median(here)) == pytest.approx(
                (told_here["count"], told_here["mean"], told_here["median"]), abs=6e-5
            )


def test_ordered_by_their_starts_the_loans_took_other_ways():
    facts = told("loanapp_train")
    export = read(DATA / "loanapp/LoanApp_simplified_train.csv.gz", replace(LOAN, happened="start_time"))
    paths: dict[str, list[str]] = {}
    moves = export.tables().moves
    for deal, stage in zip(moves.column("deal").to_pylist(), moves.column("to_stage").to_pylist(), strict=True):
        paths.setdefault(deal, []).append(stage)
    assert len(set(map(tuple, paths.values()))) == facts["variants_ordered_by_start_time"]


@pytest.mark.parametrize(("zone", "key"), [("UTC", "utc"), ("Europe/Amsterdam", "as_written_offset")])
def test_one_application_was_declined_in_another_month_where_it_was_declined(zone, key):
    facts = told("bpic2012", "application_events_only")
    by_month = facts[f"outcomes_by_month_{key}"]
    found, names = of(1)
    moves = zip(found.moves.column("to_stage").to_pylist(), found.moves.column("entered_at").to_pylist(), strict=True)
    counted: dict[str, Counter[str]] = {}
    for stage, when in moves:
        if names[stage] in ENDS:
            month = f"{when.replace(tzinfo=ZoneInfo('UTC')).astimezone(ZoneInfo(zone)):%Y-%m}"
            counted.setdefault(month, Counter())[names[stage]] += 1
    assert counted == by_month
