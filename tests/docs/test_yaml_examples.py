"""Every YAML example of the documentation loads without a finding."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.loading.loaded import Loaded
from engine.loading.maps import load_map
from engine.loading.people import load_people
from engine.loading.processes import load_process
from engine.loading.rules import load_rule_set
from engine.loading.scenarios import load_scenario

from .pages import PAGES, ROOT, Block, Snippet, blocks, merged, snippets

# The page of findings is made from the pages of the checks, which tests/checks runs.
PAGES_HERE = [page for page in PAGES if page.name != "findings.md"]
YAML = [block for page in PAGES_HERE for block in blocks(page) if block.language == "yaml"]
WHOLE = {"process", "ruleset", "map", "people", "scenario"}
FRAGMENTS = [block for block in YAML if "fragment" in block.words]
FILES = [block for block in YAML if WHOLE & set(block.words) and "fragment" not in block.words]
SNIPPETS = [snippet for page in PAGES for snippet in snippets(page)]

RENEWALS = """\
process: renewals
version: 1
facts: {amount: {type: money}}
stages: {onboarding: {}, won: {ends: won}, lost: {ends: lost}}
actions:
  renew: {from: onboarding, to: won}
  lose: {from: onboarding, to: lost, reasons: {other: Something else}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The shipped files; deals go to a process smaller than the shipped one of that name."""
    shutil.copytree(ROOT / "processes", tmp_path / "processes")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "maps").mkdir()
    (tmp_path / "processes/renewals").mkdir(exist_ok=True)
    (tmp_path / "processes/renewals/1.yaml").write_text(RENEWALS)
    before = tmp_path / "processes/inside-sales/1.yaml"
    # A page tells what became of a reason that the shipped version before has not.
    before.write_text(before.read_text(encoding="utf-8").replace("      price:", "      too-dear:"), encoding="utf-8")
    return tmp_path


def base_of(kind: str) -> str:
    if kind == "process":
        text = (ROOT / "processes/inside-sales/2.yaml").read_text(encoding="utf-8")
        # The shipped stories are about the shipped stages; a fragment may change those.
        return text[: text.index("\nexamples:") + 1]
    page = ROOT / f"docs/reference/{'rule-set' if kind == 'ruleset' else kind}-file.md"
    return next(block.text for block in blocks(page) if kind in block.words)


def load(workspace: Path, kind: str, text: str) -> Loaded[object]:
    """Write the text where a file of its kind stands, and load it."""
    if kind == "process":
        path = workspace / "processes/inside-sales/2.yaml"
        path.write_text(text, encoding="utf-8")
        return load_process(path, workspace=workspace)
    if kind == "ruleset":
        path = workspace / "rules/qualification/1.yaml"
        path.write_text(text, encoding="utf-8")
        return load_rule_set(path)
    if kind == "people":
        path = workspace / "people.yaml"
        path.write_text(text, encoding="utf-8")
        return load_people(path, workspace=workspace)
    if kind == "scenario":
        process = load_process(workspace / "processes/inside-sales/2.yaml", workspace=workspace).value
        path = workspace / "processes/inside-sales/scenarios/autumn.yaml"
        path.write_text(text, encoding="utf-8")
        return load_scenario(path, process=process)
    name = text.partition("map: ")[2].partition("\n")[0]
    path = workspace / f"maps/{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_map(path)


def told(loaded: Loaded[object]) -> list[str]:
    return [f"{finding.at}: {finding.code}: {finding.message}" for finding in loaded.findings]


@pytest.mark.parametrize("block", FILES, ids=lambda block: block.name)
def test_whole_file_loads_without_a_finding(block: Block, workspace: Path) -> None:
    kind = next(iter(WHOLE & set(block.words)))
    assert told(load(workspace, kind, block.text)) == []


@pytest.mark.parametrize("block", FRAGMENTS, ids=lambda block: block.name)
def test_fragment_loads_as_part_of_a_file(block: Block, workspace: Path) -> None:
    assert told(load(workspace, "process", merged(base_of("process"), block.text))) == []


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet.name)
def test_example_in_a_table_loads_as_part_of_a_file(snippet: Snippet, workspace: Path) -> None:
    assert told(load(workspace, snippet.kind, merged(base_of(snippet.kind), snippet.text))) == []


def test_every_block_of_yaml_says_what_it_is() -> None:
    # One line that only editors read is the exception.
    silent = [block.name for block in YAML if not (WHOLE | {"fragment", "facts"}) & set(block.words)]
    comments = [block.name for block in YAML if block.text.startswith("# yaml-language-server")]
    assert silent == comments


def test_a_faulty_fragment_is_found(workspace: Path) -> None:
    text = merged(base_of("process"), "facts:\n  thing: {type: monney}\n")
    assert "monney" in told(load(workspace, "process", text))[0]


def test_merging_puts_an_entry_in_the_place_of_the_one_with_its_id() -> None:
    base = "a: 1\nstages:\n  one: {}\n  two:\n    x: 1\nend: 2\n"
    assert merged(base, "stages:\n  one: {y: 2}\n  three: {}\n") == (
        "a: 1\nstages:\n  one: {y: 2}\n  two:\n    x: 1\n  three: {}\nend: 2\n"
    )


def test_merging_replaces_a_value_on_one_line() -> None:
    assert merged("a: 1\nb: [x]\n", "b: [y]\nc: {}\n") == "a: 1\nb: [y]\nc: {}\n"
