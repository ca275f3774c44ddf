"""What ships is what people start from: it loads clean, checks clean and shows the whole format."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine.checks.run import check_process, check_rule_set
from engine.loading.processes import load_process
from engine.loading.rules import load_rule_set
from engine.model.finding import Finding
from engine.model.process import Process

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
