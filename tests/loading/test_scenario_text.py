"""A scenario that is written reads back the same, is short, and says what it was told to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.loading.document import parse_text
from engine.loading.processes import load_process
from engine.loading.scenario_text import scenario_text
from engine.loading.scenario_values import LN_2
from engine.loading.scenario_words import length_text, number_text, share_text, worked_text
from engine.loading.scenarios import load_scenario, read_scenario
from engine.model.process import Process
from engine.model.scenario import (
    Agreeing,
    Arrivals,
    Branch,
    FactDrawn,
    FactRows,
    Form,
    Gaps,
    Hours,
    Person,
    Pool,
    Scenario,
    Serving,
    Spread,
    Standing,
    TrackAssumed,
    Work,
)
from tests.loading.conftest import CASES

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "processes").glob("*/scenarios/*.yaml"))


def process_at(folder: Path, version: int) -> Process:
    process = load_process(folder / f"{version}.yaml", workspace=ROOT).value
    assert process
    return process


PROCESS = process_at(ROOT / "processes/inside-sales", 2)


def again(scenario: Scenario, process: Process = PROCESS) -> Scenario | None:
    text = scenario_text(scenario, process)
    loaded = read_scenario(parse_text(text, "f"), Path("f.yaml"), process=process)
    assert [f"{one.at}: {one.message}" for one in loaded.findings if one.code != "A009"] == [], text
    return loaded.value


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parts[-3])
def test_shipped_scenarios_read_back_the_same(path: Path) -> None:
    version = load_scenario(path).value
    assert version
    process = process_at(path.parents[1], version.version)
    scenario = load_scenario(path, process=process).value
    assert scenario
    assert again(scenario, process) == scenario


def test_a_scenario_with_every_key_reads_back_the_same() -> None:
    scenario = load_scenario(CASES / "scenario.yaml", process=PROCESS).value
    assert scenario
    assert again(scenario) == scenario


_SHORT = st.builds(
    lambda digits, places: float(Decimal(digits).scaleb(-places)), st.integers(1, 9_999), st.integers(0, 2)
)
_LENGTHS = st.integers(1, 9_999).map(lambda tenths: float(tenths * 360))
_PERCENTS = st.integers(1, 99).map(lambda part: part / 100)


def spreads(values: st.SearchStrategy[float]) -> st.SearchStrategy[Spread]:
    """Spreads of which every number can be written short."""
    pairs = st.lists(values, min_size=2, max_size=2, unique=True).map(sorted)
    by_p50 = st.builds(
        lambda form, two: Spread(form, *two), st.sampled_from([Form.LOGNORMAL, Form.GAMMA, Form.WEIBULL]), pairs
    )
    exponential = values.map(lambda mean: Spread(Form.EXPONENTIAL, mean * LN_2))
    quantiles = pairs.map(lambda two: Spread(Form.QUANTILES, quantiles=((0, two[0]), (0.37, two[0]), (1, two[1]))))
    return by_p50 | exponential | quantiles | values.map(lambda value: Spread(Form.CONSTANT, value))


TIMES = spreads(_LENGTHS)
_WORK = st.builds(Work, st.sampled_from(["ae", "sdr"]), TIMES, st.sampled_from(["", "demo"]))


def _shares(count: int) -> st.SearchStrategy[list[float]]:
    cuts = st.lists(st.integers(1, 99), min_size=count - 1, max_size=count - 1, unique=True).map(sorted)
    return cuts.map(lambda at: [(b - a) / 100 for a, b in zip([0, *at], [*at, 100], strict=True)])


@st.composite
def standings(draw: st.DrawFn, stage: str, ways: list[tuple[str, str]]) -> Standing:
    parts = draw(_shares(len(ways)))
    branches = tuple(
        Branch(
            action, to, part, draw(st.none() | TIMES), draw(st.sampled_from(["", "price"])) if action == "lose" else ""
        )
        for (action, to), part in zip(ways, parts, strict=True)
    )
    hours = draw(st.sampled_from(["", "office"]))
    return Standing(stage, branches, draw(TIMES), hours, draw(st.none() | _WORK), draw(st.sampled_from([0, 240])))


WAYS = {
    "prospect": [("qualify", "qualified"), ("disqualify", "unqualified"), ("lose", "lost")],
    "qualified": [("hold-demo", "demo"), ("step-back", "prospect")],
    "demo": [("send-proposal", "proposal"), ("step-back", "prospect"), ("step-back", "qualified")],
    "proposal": [("negotiate", "negotiation"), ("lose", "lost")],
    "negotiation": [("sign", "won"), ("lose", "lost")],
}
_PEOPLE = st.sampled_from(
    [
        (Person("ae-1"), Person("ae-2")),
        (Person("Ana María"), Person("10"), Person("true")),
        (Person("ana", ("demo",)), Person("ben", ("demo", "x"), "nights")),
    ]
)
_SERVES = st.sampled_from(
    [(Serving.FIRST_COME, "", ()), (Serving.BY_FACT, "amount", ()), (Serving.BY_STAGE, "", ("demo", "proposal"))]
)
_POOLS = st.builds(
    lambda people, hours, serves: (
        Pool("ae", people, hours, *serves),
        Pool("sdr", (Person("zoe", ("demo",)),)),
    ),
    _PEOPLE,
    st.sampled_from(["", "office"]),
    _SERVES,
)
HOURS = (
    Hours("office", {0: ((time(9), time(17)),), 1: ((time(9), time(17)),), 4: ((time(9), time(12, 30)),)}),
    Hours("nights", {5: ((time(0), time(6)), (time(22), time(0)))}, (date(2026, 12, 25),)),
)
_FACTS = st.tuples(
    st.builds(FactDrawn, st.just("amount"), spreads(_SHORT), st.sampled_from([0.0, 100.0, 0.5]), known=_PERCENTS),
    st.builds(FactDrawn, st.just("discount"), spreads(_PERCENTS)),
    st.builds(FactDrawn, st.just("decision_date"), TIMES, known=st.just(1.0) | _PERCENTS),
    st.builds(
        FactDrawn,
        st.just("competitor"),
        choices=st.sampled_from([(("null", 1.0),), ((" a: b # c", 0.5), ("x, y}", 0.5)), (("5", 0.25), ('"q"', 0.75))]),
    ),
    st.just(FactDrawn("export_hold", choices=((False, 1.0),))),
    st.just(FactDrawn("signed_on", choices=((date(2026, 5, 1), 0.5), (date(2026, 6, 1), 0.5)), known=0.5)),
)
_ROWS = st.lists(
    st.tuples(st.none() | st.booleans(), st.none() | st.sampled_from(["user", "champion"])), min_size=1, max_size=4
).map(lambda rows: FactRows(("budget_confirmed", "contact_role"), tuple(rows)))
_ARRIVALS = st.builds(
    Arrivals,
    weekly=_SHORT,
    weekdays=st.sampled_from([{}, {0: 1.3, 5: 0.0}]),
    months=st.sampled_from([{}, {1: 0.5, 12: 2.0}]),
    hours=st.sampled_from(["", "office"]),
    gaps=st.sampled_from([Gaps.RANDOM, Gaps.EVEN]),
    seen=st.sampled_from([0, 52]),
) | st.builds(
    lambda weeks, gap: Arrivals(weeks=tuple(weeks), block=min(3, len(weeks)), gaps=Gaps.SPREAD, spread=gap),
    st.lists(st.integers(0, 50), min_size=1, max_size=80),
    spreads(_SHORT),
)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text
)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    return Scenario(
        id="f",
        process="inside-sales",
        horizon=timedelta(days=draw(st.integers(1, 700))),
        arrivals=draw(_ARRIVALS),
        stages=tuple(draw(standings(stage, ways)) for stage, ways in WAYS.items()),
        version=draw(st.sampled_from([0, 2])),
        title=draw(_TEXTS),
        because=draw(_TEXTS),
        start=draw(st.none() | st.just(datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Europe/Berlin")))),
        facts=draw(_FACTS),
        rows=draw(st.none() | _ROWS),
        touchpoints=draw(st.sampled_from([{}, {"demo": Work("ae", Spread(Form.CONSTANT, 3_600.0))}])),
        approvals=(Agreeing("manager", draw(st.none() | TIMES), draw(st.none() | _WORK), draw(_PERCENTS)),),
        hours=HOURS,
        pools=draw(_POOLS),
        tracks=(TrackAssumed("legal", (draw(standings("in-review", [("approve-contract", "approved")])),)),),
    )


@settings(max_examples=40, deadline=None, phases=[Phase.generate])
@given(scenarios())
def test_what_is_written_short_reads_back_the_same(scenario: Scenario) -> None:
    skilled = [work for one in scenario.stages if (work := one.work)]
    skilled += [work for work in (scenario.approvals[0].work, scenario.tracks[0].stages[0].work) if work]
    if any(work.pool == "ae" and work.skill and not scenario.pools[0].people[0].skills for work in skilled):
        return
    assert again(scenario) == scenario


@given(st.floats(0, 1e9, allow_nan=False))
def test_numbers_are_written_with_four_digits_and_rounded_once(value: float) -> None:
    for said in (length_text, worked_text, number_text, share_text):
        text = said(value)
        number = text.strip("smindhw%")
        assert len(number.replace(".", "").strip("0")) <= 4
        assert "e" not in number


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0h"),
        (90, "1.5min"),
        (5_400, "1.5h"),
        (6_000, "100min"),
        (86_400, "1d"),
        (108_000, "1.25d"),
        (144_000, "40h"),
        (1_209_600, "14d"),
        (123_456, "1.429d"),
        (5_021, "1.395h"),
        (0.25, "0.25s"),
    ],
)
def test_a_length_of_time_is_written_in_the_best_unit(seconds: float, text: str) -> None:
    assert length_text(seconds) == text


def test_notes_stand_at_their_lines_or_at_what_holds_them() -> None:
    scenario = load_scenario(CASES / "scenario.yaml", process=PROCESS).value
    assert scenario
    notes = (
        ("", "Learnt from 812 deals."),
        ("stages/demo/dwell", "37 visits"),
        ("stages/demo/dwell", "few:\nuncertain"),
        ("pools/sdr/hours", "learnt"),
        ("stages/prospect/branches/lose", "long " * 40),
    )
    text = scenario_text(scenario, PROCESS, notes=notes)
    lines = text.split("\n")
    assert lines[1] == "# Learnt from 812 deals."
    assert next(line for line in lines if "0%: 0h, 50%: 2d" in line).endswith("# 37 visits; few: uncertain")
    assert next(line for line in lines if line.startswith("  sdr:")).endswith("# learnt")
    assert max(map(len, lines)) <= 120
    above = lines[lines.index("      lose: 15%") - 1]
    assert above.startswith("      # long long")
    loaded = read_scenario(parse_text(text, "f"), Path("f.yaml"), process=PROCESS)
    assert loaded.value == scenario


def test_rows_of_one_fact_stand_side_by_side() -> None:
    scenario = load_scenario(CASES / "scenario.yaml", process=PROCESS).value
    assert scenario
    one = replace(scenario, rows=FactRows(("competitor",), (("Acme",), (None,))))
    assert "\n  rows: [[Acme], [null]]\n" in scenario_text(one, PROCESS)
    assert again(one) == replace(one, id="autumn")


def test_a_long_list_goes_on_over_several_lines() -> None:
    scenario = load_scenario(CASES / "scenario.yaml", process=PROCESS).value
    assert scenario
    weeks = tuple(range(200))
    long = Scenario(
        id="f",
        process="inside-sales",
        horizon=timedelta(weeks=1),
        arrivals=Arrivals(weeks=weeks),
        stages=scenario.stages,
    )
    text = scenario_text(long, PROCESS)
    assert max(map(len, text.split("\n"))) <= 120
    loaded = read_scenario(parse_text(text, "f"), Path("f.yaml"))
    assert loaded.partial
    assert loaded.partial.arrivals.weeks == weeks
