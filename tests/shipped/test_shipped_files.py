"""What ships is what people start from: it loads clean, checks clean and shows the whole format."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from engine.checks.run import check_process, check_rule_set
from engine.loading.processes import load_process
from engine.loading.rules import load_rule_set
from engine.model.finding import Finding
from engine.model.process import Process, Start

ROOT = Path(__file__).parents[2]
PROCESSES = sorted((ROOT / "processes").glob("*/*.yaml"))
RULE_SETS = sorted((ROOT / "rules").glob("*/*.yaml"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def told(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{finding.at}: {finding.code}: {finding.message}" for finding in findings]


def process_at(name: str) -> Process:
    loaded = load_process(ROOT / "processes" / name, workspace=ROOT)
    assert loaded.value is not None, told(loaded.findings)
    return loaded.value


@pytest.mark.parametrize("path", PROCESSES, ids=name_of)
def test_process_has_no_finding_not_even_a_warning(path: Path) -> None:
    loaded = load_process(path, workspace=ROOT)
    assert told(loaded.findings) == []
    assert loaded.value is not None
    assert told(check_process(loaded.value)) == []


@pytest.mark.parametrize("path", RULE_SETS, ids=name_of)
def test_rule_set_has_no_finding_not_even_a_warning(path: Path) -> None:
    loaded = load_rule_set(path)
    assert told(loaded.findings) == []
    assert loaded.value is not None
    assert told(check_rule_set(loaded.value)) == []


@pytest.mark.parametrize("path", [*PROCESSES, *RULE_SETS], ids=name_of)
def test_first_line_names_the_schema_for_editors(path: Path) -> None:
    kind = "process" if path in PROCESSES else "ruleset"
    first = path.read_text(encoding="utf-8").split("\n")[0]
    assert first == f"# yaml-language-server: $schema=../../schemas/{kind}.json"


@pytest.mark.parametrize("path", PROCESSES, ids=name_of)
def test_process_has_stories_that_are_allowed_and_stories_that_are_refused(path: Path) -> None:
    process = process_at(f"{path.parent.name}/{path.name}")
    steps = [step for story in process.examples for step in story.steps]
    assert {step.is_refused for step in steps} == {True, False}


@pytest.mark.parametrize("path", RULE_SETS, ids=name_of)
def test_each_rule_has_facts_that_pass_and_facts_that_it_refuses(path: Path) -> None:
    rule_set = load_rule_set(path).value
    assert rule_set is not None
    assert [rule for rule in rule_set.rules.values() if not rule.passes or not rule.refuses] == []


def test_inside_sales_2_shows_the_whole_format() -> None:
    process = process_at("inside-sales/2.yaml")
    actions = process.main.actions
    assert process.uses == (("qualification", 1),)
    assert process.follows is not None
    assert process.override_by == ("manager",)
    assert process.clocks
    assert process.tracks[0].id == "legal"
    assert len(process.metrics) == 6
    assert process.main.always
    assert {stage.ends for stage in process.main.stages} == {"", "won", "lost", "other"}
    assert any(stage.stamps for stage in process.main.stages)
    assert any(action.approvals for action in actions)
    assert any(action.targets == ("earlier",) for action in actions)


def test_inside_sales_2_tells_what_became_of_each_stage_of_1() -> None:
    before, after = process_at("inside-sales/1.yaml"), process_at("inside-sales/2.yaml")
    assert after.follows is not None
    kept = {stage.id for stage in after.main.stages}
    gone = {stage.id for stage in before.main.stages} - kept
    assert gone == set(after.follows.stages)
    assert {split.to for splits in after.follows.stages.values() for split in splits} <= kept


def test_compassiq_never_skips_a_stage() -> None:
    process = process_at("compassiq/1.yaml")
    order = [stage.id for stage in process.main.stages]
    forward = [
        (source, target)
        for action in process.main.actions
        for source in action.sources
        for target in action.targets
        if target in order and not process.main.stage(target).ends and not process.main.stage(source).ends
    ]
    assert forward == list(pairwise(order[:5]))


def test_compassiq_warns_after_the_target_and_not_on_it() -> None:
    stages = process_at("compassiq/1.yaml").main.stages
    assert [stage.id for stage in stages if stage.target and not stage.alert > stage.target] == []


def test_compassiq_closed_deals_are_opened_again_by_an_administrator_only() -> None:
    process = process_at("compassiq/1.yaml")
    ends = {"closed-won", "closed-lost"}
    assert {action.by for action in process.main.actions if ends & set(action.sources)} == {("administrator",)}


@pytest.mark.parametrize(
    ("before", "after"),
    [("hands-on/1.yaml", "hands-on/2.yaml"), ("hands-on/2.yaml", "hands-on/3.yaml")],
)
def test_hands_on_tells_what_became_of_every_stage_that_is_gone(before: str, after: str) -> None:
    old, new = process_at(before), process_at(after)
    assert new.follows is not None
    kept = {stage.id for stage in new.main.stages}
    gone = {stage.id for stage in old.main.stages} - kept
    assert gone == set(new.follows.stages)
    assert {split.to for splits in new.follows.stages.values() for split in splits} <= kept
    assert set(new.follows.actions) <= {action.id for action in old.main.actions}
    assert set(new.follows.facts) <= set(old.facts)
    assert set(new.follows.reasons) <= {reason.code for action in old.main.actions for reason in action.reasons}


def test_hands_on_shows_each_kind_of_change_between_versions() -> None:
    second, third = process_at("hands-on/2.yaml").follows, process_at("hands-on/3.yaml").follows
    assert second is not None
    assert third is not None
    assert [split.to for split in second.stages["closed-admin"]] == ["closed-lost"]
    assert third.stages["inbound-lead"] == third.stages["meeting-booked"]
    assert [split.when is None for split in third.stages["demo-completed"]] == [False, True]


def test_an_evaluation_is_worth_less_in_the_second_version() -> None:
    worth = [process_at(f"hands-on/{version}.yaml").main.stage("product-evaluation") for version in (1, 2)]
    assert [stage.probability for stage in worth if stage] == [Decimal("0.6"), Decimal("0.5")]


def test_the_probability_of_a_renewal_falls_at_a_risk() -> None:
    stages = process_at("renewals/1.yaml").main.stages
    assert [stage.probability for stage in stages[:3]] == [Decimal("0.4"), Decimal("0.5"), Decimal("0.2")]


def newest(name: str) -> Process:
    versions = sorted((ROOT / "processes" / name).glob("[0-9]*.yaml"), key=lambda path: int(path.stem))
    return process_at(f"{name}/{versions[-1].name}")


def elsewhere(path: Path) -> list[tuple[str, str]]:
    """The stages of other processes that a process leads to: by a transfer, or by a deal that it starts."""
    process = process_at(f"{path.parent.name}/{path.name}")
    led = [(action.transfer.process, action.transfer.stage) for action in process.main.actions if action.transfer]
    started = {start.process for action in process.main.actions for start in action.starts}
    return [*led, *((name, newest(name).main.first.id) for name in sorted(started))]


LEADING = [(path, name, stage) for path in PROCESSES for name, stage in elsewhere(path)]


@pytest.mark.parametrize(("path", "process", "stage"), LEADING, ids=str)
def test_where_a_deal_goes_on_there_is_such_a_stage(path: Path, process: str, stage: str) -> None:
    assert newest(process).main.stage(stage) is not None


def test_deals_go_to_self_serve_and_come_back() -> None:
    led = {(path.parent.name, process) for path, process, _ in LEADING}
    assert {("hands-on", "self-serve"), ("self-serve", "hands-on"), ("intake", "hands-on")} <= led


STARTING = [
    (path, start)
    for path in PROCESSES
    for action in process_at(f"{path.parent.name}/{path.name}").main.actions
    for start in action.starts
]


@pytest.mark.parametrize(
    ("path", "start"), STARTING, ids=lambda one: one.name if isinstance(one, Path) else one.process
)
def test_a_deal_that_is_started_is_given_what_its_process_has_and_asks(path: Path, start: Start) -> None:
    other = newest(start.process)
    given = {one.fact for one in start.sets}
    assert given <= set(other.facts)
    assert {ask.fact for ask in other.main.first.asks} <= given


def test_whoever_is_untouched_is_given_away_once_and_closed_the_second_time() -> None:
    first, second = process_at("intake/1.yaml").clocks
    assert (first.then, first.limit.days) == ("reassign", 10)
    assert (second.then, second.reason, second.limit.days) == ("disqualify", "stale-autoclosed", 10)
    assert [action.targets for action in process_at("intake/1.yaml").main.actions if action.id == "reassign"] == [
        second.stages
    ]
