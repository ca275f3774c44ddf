from __future__ import annotations

from engine.loading.uses import users
from tests.loading.conftest import SMALL, Workspace


def test_the_processes_that_use_a_rule_set_are_found_by_version(workspace: Workspace) -> None:
    for version in (1, 2, 3):
        head = f"version: {version}\nuses: {{shared: {version}}}"
        workspace.write(f"processes/small/{version}.yaml", SMALL.replace("version: 1", head))
    workspace.write("processes/other/1.yaml", "# shared is not used here\n" + SMALL.replace("small", "other"))
    spoilt = workspace.write("processes/spoilt/1.yaml", "shared")
    found = users("shared", (1, 3), workspace=workspace.folder)
    assert found.names == ("small@1", "small@3")
    assert found.unread == (spoilt,)
