"""Declared measures of an export that other people made, held to what was counted in it by other means."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.analysis.measure.asked import Asked
from engine.analysis.measure.declared.declared import declared
from engine.analysis.measure.measure import viewed
from engine.analysis.measure.periods import Every
from engine.history.read import read
from engine.loading.maps import load_map
from engine.loading.processes import load_process
from tests.analysis.measure.test_declared import told, value

ROOT = Path(__file__).parents[3]
DATA = ROOT / "../shared/data"
METRICS = """
metrics:
  wins: {type: count, of: won, by: closed_at}
  losses: {type: count, of: lost, by: closed_at}
  rate: {type: ratio, numerator: won, denominator: closed, by: closed_at}
  worth: {type: sum, of: amount, where: won, by: closed_at}
  mean: {type: derived, of: worth / wins}
  days_won: {type: elapsed, from: {stage: engaging}, to: closed, where: won, stats: [mean, p25, p50, p75]}
  days_lost: {type: elapsed, from: {stage: engaging}, to: closed, where: lost, stats: [mean, p50]}
  of_product: {type: ratio, numerator: won, denominator: closed, where: product == "GTX Basic"}
"""


@pytest.fixture(scope="module")
def maven(tmp_path_factory):
    file = DATA / "maven-crm/sales_pipeline.csv"
    if not file.is_file():
        pytest.skip("the export maven-crm is not beside the repository")
    text = (ROOT / "processes/maven-crm/1.yaml").read_text(encoding="utf-8")
    begins, ends = text.index("metrics:"), text.index("examples:")
    path = tmp_path_factory.mktemp("maven") / "processes" / "maven-crm" / "1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text[:begins] + METRICS.lstrip() + "\n" + text[ends:], encoding="utf-8")
    process = load_process(path, workspace=ROOT).value
    assert process is not None
    export = read(file, load_map(ROOT / "maps/maven-crm.yaml").value)
    seen = viewed(export.tables(), replace(process, time_zone="UTC"), Asked(every=Every.MONTH))
    whole, by_period = (told(each.of(seen)) for each in declared(seen))
    return whole, by_period, json.loads((DATA / "facts.json").read_text())["maven-crm"]


def test_the_whole_is_what_others_counted(maven):
    whole, _, facts = maven
    assert value(whole["rate"]) == pytest.approx(facts["win_rate_closed_only"], abs=1e-6)
    assert value(whole["worth"]) == facts["won_value_total"]
    assert value(whole["mean"]) == pytest.approx(facts["won_value_mean"], abs=1e-4)
    assert value(whole["of_product"]) == pytest.approx(facts["by_product"]["GTX Basic"]["win_rate"], abs=1e-6)


def test_each_month_is_what_others_counted(maven):
    _, by_period, facts = maven
    for month, counted in facts["by_close_month"].items():
        its = (value(by_period[f"{name} {month}"]) for name in ("wins", "losses", "rate", "worth"))
        assert list(its) == pytest.approx(
            [counted[name] for name in ("won", "lost", "win_rate", "won_value")], abs=1e-6
        )


@pytest.mark.parametrize(("metric", "name"), [("days_won", "Won"), ("days_lost", "Lost")])
def test_times_of_what_is_closed_are_what_others_reckoned(maven, metric, name):
    whole, _, facts = maven
    days = facts["days_engage_to_close"][name]
    assert value(whole[f"{metric}.mean"]) == pytest.approx(days["mean"], abs=1e-4)
    assert value(whole[f"{metric}.p50"]) == days["median"]
