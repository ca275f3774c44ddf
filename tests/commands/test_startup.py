"""Start-up is held by what is loaded, not by the clock."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "yaml", "jsonschema", "transitions", "sqlite3", "sqlalchemy", "alembic", "duckdb", "pyarrow", "numpy", "rich",
    "ruamel", "graphviz_pure", "z3",
}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    report = "import sys, json; print(json.dumps(sorted(m.split('.')[0] for m in sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_command_line_loads_click_and_nothing_heavy():
    modules = loaded_by("import cli")
    assert "click" in modules
    assert not modules & (HEAVY | {"engine"})


def test_help_loads_click_and_nothing_heavy():
    modules = loaded_by("import cli\nassert cli.run(['--help']) == 0")
    assert not modules & (HEAVY | {"engine"})


def test_explaining_a_finding_reads_no_yaml_and_opens_no_database():
    modules = loaded_by("import cli\nassert cli.run(['rule', 'P101']) == 0")
    assert not modules & HEAVY


def test_each_line_of_help_is_the_commands_own():
    code = """
import cli
for name, line in cli.COMMANDS.items():
    command = cli.root.get_command(None, name)
    assert command.name == name, name
    assert command.short_help == line, (name, command.short_help)
    assert command.help, name
"""
    loaded_by(code)


def test_the_engine_never_imports_the_command_line():
    engine = Path(__file__).parents[2] / "engine"
    guilty = [path for path in engine.rglob("*.py") if re.search(r"\b(import|from) cli\b", path.read_text())]
    assert guilty == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_can_be_taught_to_complete(shell):
    program = Path(sys.executable).with_name("stagewright")
    if not program.exists():
        pytest.skip("stagewright is not installed as a program beside this Python")
    environment = {**os.environ, "_STAGEWRIGHT_COMPLETE": f"{shell}_source"}
    done = subprocess.run([program], env=environment, capture_output=True, text=True, timeout=60, check=False)
    if "Bash version" in done.stderr or "Couldn't detect Bash" in done.stderr:
        pytest.skip("this machine has no Bash that completes")
    assert "stagewright" in done.stdout


def test_commands_complete_by_name():
    program = Path(sys.executable).with_name("stagewright")
    if not program.exists():
        pytest.skip("stagewright is not installed as a program beside this Python")
    environment = {
        **os.environ, "_STAGEWRIGHT_COMPLETE": "zsh_complete", "COMP_WORDS": "stagewright ad", "COMP_CWORD": "1",
    }  # fmt: skip
    done = subprocess.run([program], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "advance" in done.stdout.split()
