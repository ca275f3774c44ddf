from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.loading import codes
from engine.loading.loaded import Loaded
from engine.loading.maps import load_map
from engine.loading.processes import load_process
from engine.loading.rules import load_rule_set
from tests.loading.conftest import SMALL, Workspace

MAP = "map: m\nprocess: small\nshape: deals\ndeal: Id\nstage: Stage\nstages: {New: new}\n"
RULES = "ruleset: common\nversion: 1\nfacts: {amount: {type: money}}\n"


@pytest.mark.parametrize(
    ("load", "path", "text", "message", "hint"),
    [
        (load_process, "maps/m.yaml", MAP, "this is a map, not a process", "name a process"),
        (load_process, "rules/common/1.yaml", RULES, "this is a rule set, not a process", "name a process"),
        (load_map, "processes/small/1.yaml", SMALL, "this is a process, not a map", "name a map"),
        (load_map, "rules/common/1.yaml", RULES, "this is a rule set, not a map", "name a map"),
        (load_rule_set, "processes/small/1.yaml", SMALL, "this is a process, not a rule set", "name a rule set"),
        (load_rule_set, "maps/m.yaml", MAP, "this is a map, not a rule set", "name a rule set"),
    ],
)
def test_a_file_of_another_kind_is_told_by_one_finding(
    workspace: Workspace, load: Callable[[Path], Loaded[object]], path: str, text: str, message: str, hint: str
) -> None:
    loaded = load(workspace.write(path, text))
    assert [(one.code, one.message, one.hint) for one in loaded.findings] == [(codes.OTHER_KIND, message, hint)]
    assert loaded.value is None
    assert loaded.partial is None


def test_a_map_whose_name_was_left_out_is_a_map_still(workspace: Workspace) -> None:
    loaded = load_map(workspace.write("maps/m.yaml", MAP.replace("map: m\n", "")))
    assert [(one.code, one.message) for one in loaded.findings] == [("S002", "a map file has no 'map'")]
