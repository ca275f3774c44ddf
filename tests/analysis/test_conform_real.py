"""``conform`` held to what ``import`` says of the same moves, and to what is known of histories that others made."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.advance.imported import ImportSummary
from engine.advance.many import import_past
from engine.analysis.conform.align import Journey, fits, models_of
from engine.analysis.conform.conform import conform, fitness
from engine.history.entries import fact_types, tables_of
from engine.history.export import Export
from engine.history.read import read
from engine.journal.connect import connect
from engine.loading.maps import load_map
from engine.loading.processes import load_process
from engine.model.map import Column, Known, Map, Shape
from engine.model.process import Process
from engine.model.study import Study
from engine.tables.build import Tables
from tests.analysis.entered import AS_OF, column, rows
from tests.machine.building import machine
from tests.numerics import logs

ROOT = Path(__file__).parents[2]
STAGES = ("prospect", "qualified", "demo", "proposal", "negotiation")
FACTS = ("contact_role", "budget_confirmed", "decision_date", "discount")


class Story:
    """An export of a process: as it was read, and as the journal has it."""

    def __init__(self, process: Process, path: Path, map_: Map, source: Path) -> None:
        loaded = load_process(source)
        assert loaded.definition is not None
        self.process = process
        self.export: Export = read(path, map_, process)
        journal = connect(":memory:")
        self.summary: ImportSummary = import_past(
            journal, process, loaded.definition, self.export.deals, now=AS_OF, map_id=map_.id
        )
        self.journalled: Tables = tables_of(journal.all_entries(), fact_types([process]))
        journal.close()

    def study(self, tables: Tables) -> Study:
        return conform(tables, self.process, subject="", as_of=AS_OF)


def process_of(name: str, version: int = 1) -> tuple[Process, Path]:
    path = ROOT / "processes" / name / f"{version}.yaml"
    found = load_process(path).value
    assert found is not None
    return found, path


@pytest.fixture(scope="module")
def selling(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Deals that go through inside-sales as they like, with facts that come and change as they like."""
    path = tmp_path_factory.mktemp("selling") / "moves.csv"
    draw = random.Random(20261125)
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(("deal", "stage", "at", "reason", "amount", *FACTS))
        for number in range(400):
            out.writerows(_random_rows(draw, f"D{number}"))
    facts = {name: Column(name) for name in FACTS}
    map_ = Map(
        "made",
        "inside-sales@2",
        Shape.MOVES,
        "deal",
        "stage",
        {},
        happened="at",
        dates=("%Y-%m-%d %H:%M:%S",),
        reason=Column("reason"),
        facts={"amount": Column("amount", known=Known.START), **facts},
    )
    process, source = process_of("inside-sales", 2)
    return Story(process, path, map_, source)


def _random_rows(draw: random.Random, deal: str) -> list[tuple[object, ...]]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(10_000))
    stages = ["prospect", *draw.choices((*STAGES, "won", "lost"), k=draw.randrange(1, 7))]
    told = [stage for stage, before in zip(stages, ["", *stages], strict=False) if stage != before]
    found = []
    for stage in told:
        at += timedelta(minutes=draw.randrange(1, 40_000))
        values = (
            draw.choice(("", "user", "champion", "economic-buyer")),
            draw.choice(("", "true", "false")),
            draw.choice(("", "2026-09-01")),
            draw.choice(("", "", "12%")),
        )
        found.append(
            (deal, stage, f"{at:%Y-%m-%d %H:%M:%S}", draw.choice(("", "price")), draw.choice((900, 9000)), *values)
        )
    return found


def counted(study: Study, name: str) -> Counter[str]:
    """By requirement that must hold, how many moves came out so."""
    told = rows(study, "requirements")
    return Counter(
        {str(row["requirement"]): int(str(row[f"{name}_moves"])) for row in told if "should: " not in str(row["says"])}
    )


def besides_stages(counts: object) -> Counter[str]:
    """What an import counts, but for moves that no action makes: these are unasked here."""
    return Counter({name: n for name, n in dict(counts).items() if not name.endswith("/stage")})  # type: ignore[call-overload]


@pytest.mark.parametrize("where", ["file", "journal"])
def test_requirements_fail_in_as_many_moves_as_import_says(selling: Story, where: str) -> None:
    study = selling.study(selling.journalled if where == "journal" else selling.export.tables())
    assert +counted(study, "failed") == besides_stages(selling.summary.broken)
    assert +counted(study, "unknown") == besides_stages(selling.summary.unknown)
    assert sum(selling.summary.broken.values()) > 300


def test_a_file_and_the_journal_it_went_into_say_the_same(selling: Story) -> None:
    one, other = selling.study(selling.journalled), selling.study(selling.export.tables())
    assert one.sections == other.sections


def test_of_salesforces_sample_seven_deals_were_lost_after_they_were_won() -> None:
    loaded = load_map(ROOT / "maps/salesforce-devorg.yaml").value
    assert loaded is not None
    process, source = process_of("salesforce")
    story = Story(process, logs.file_of("salesforce-devorg/OpportunityHistory.csv"), loaded, source)
    study = story.study(story.export.tables())
    assert column(study, "unasked", "from_stage", "stage", "deals") == [("closed-won", "closed-lost", 7)]
    assert column(study, "fit", "deals", "perfect_deals")[0] == (36, 29)
    assert story.summary.broken == {"closed-lost/stage": 7}


def test_all_of_maven_keeps_to_its_process() -> None:
    loaded = load_map(ROOT / "maps/maven-crm.yaml").value
    assert loaded is not None
    process, _ = process_of("maven-crm")
    tables = read(logs.file_of("maven-crm/sales_pipeline.csv"), loaded, process).tables()
    study = conform(tables, process, subject="", as_of=AS_OF)
    assert fitness(study) == 1
    assert column(study, "fit", "outcome", "deals") == [("all", 8800), ("won", 4238), ("lost", 2473), ("open", 2089)]
    assert column(study, "fit", "money")[1] == 10_005_534


TRACKS = {
    "Check credit history": "credit",
    "AML check": "laundering",
    "Appraise property": "property",
}
MAIN = {
    "Check application form completeness": "form-checked",
    "Return application back to applicant": "returned",
    "Applicant completes form": "completed",
    "Assess loan risk": "assessed",
    "Design loan offer": "designed",
    "Approve loan offer": "offered",
    "Approve application": "approved",
    "Reject application": "rejected",
    "Cancel application": "cancelled",
}
ENDS = {"approved": "won", "rejected": "lost", "cancelled": "lost"}
LOAN = machine(
    stages={stage: {"ends": ENDS[stage]} if stage in ENDS else {} for stage in MAIN.values()},
    actions={
        "return": {"from": "form-checked", "to": "returned"},
        "complete": {"from": "returned", "to": "completed"},
        "check-again": {"from": "completed", "to": "form-checked"},
        "assess": {"from": "form-checked", "to": "assessed"},
        "design": {"from": "assessed", "to": "designed"},
        "offer": {"from": "designed", "to": "offered"},
        "approve": {"from": "offered", "to": "approved"},
        "cancel": {"from": "offered", "to": "cancelled"},
        "reject": {"from": "assessed", "to": "rejected"},
    },
    tracks={
        track: {"stages": {"waiting": {}, "done": {}}, "actions": {f"do-{track}": {"from": "waiting", "to": "done"}}}
        for track in TRACKS.values()
    },
)


def loan_journey(trace: tuple[str, ...]) -> Journey:
    main = tuple(MAIN[name] for name in trace if name in MAIN)
    return Journey((main, *(("done",) * trace.count(name) for name in TRACKS)))


def test_all_loan_applications_keep_to_a_process_with_a_track_for_each_parallel_check() -> None:
    logs.file_of("loanapp/LoanApp_simplified_train.csv.gz")
    variants = logs.loanapp()
    found = fits(models_of(LOAN), [loan_journey(trace) for trace in variants])
    assert (sum(variants.values()), len(variants)) == (1000, 45)
    assert {fit.cost for fit in found} == {0}


def test_a_loan_application_checked_twice_or_not_at_all_does_not_keep_to_it() -> None:
    logs.file_of("loanapp/LoanApp_simplified_train.csv.gz")
    (usual, _), *_ = logs.loanapp().most_common(1)  # type: ignore[attr-defined]
    twice = (*usual, "AML check")
    without = tuple(name for name in usual if name != "Assess loan risk")
    assert [fit.cost for fit in fits(models_of(LOAN), [loan_journey(twice), loan_journey(without)])] == [1, 1]
