"""What is installed is what was tested: the wheel, in an environment of its own."""

from __future__ import annotations

import ast
import configparser
import os
import re
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "STAGEWRIGHT", "COV"))}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=plain, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout, built from a copy so that the checkout stays as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    files = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout.split("\n")
    for name in filter(None, files):
        source = ROOT / name
        if source.is_file() and not name.startswith(("tests/", "docs/", "benchmarks/")):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(source.read_bytes())
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, copy, cwd=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The programs of a fresh virtual environment that holds the wheel; what it depends on is lent by this one."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    done = run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    packages = next((folder / "venv" / "lib").glob("python*/site-packages"))
    # A plain line adds a path and runs none of the path files in it, so this checkout stays out of sight.
    (packages / "lent.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "venv" / "bin"


def test_the_demo_runs_from_the_wheel(installed, tmp_path):
    done = run(installed / "stagewright", "demo", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every entry is as it was written" in done.stdout


def test_the_wheel_is_what_runs_and_not_the_checkout(installed, tmp_path):
    done = run(
        installed / "python", "-c", "import engine, cli; print(engine.__file__); print(cli.__file__)", cwd=tmp_path
    )
    assert str(ROOT) not in done.stdout
    assert done.stdout.count("site-packages") == 2


def test_every_shipped_file_is_in_the_wheel(installed, tmp_path):
    code = "from engine.loading import catalog; print(catalog.shipped())"
    shipped = Path(run(installed / "python", "-c", code, cwd=tmp_path).stdout.strip())
    for folder in ("processes", "rules", "maps"):
        ours = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.yaml")}
        theirs = {path.relative_to(shipped) for path in (shipped / folder).rglob("*.yaml")}
        assert ours == theirs
        assert ours


def test_every_page_that_a_command_reads_is_in_the_wheel(installed, tmp_path):
    code = "import engine; print(engine.__path__[0])"
    engine = Path(run(installed / "python", "-c", code, cwd=tmp_path).stdout.strip())
    ours = {path.relative_to(ROOT / "engine") for path in (ROOT / "engine").rglob("pages/**/*.*")}
    assert {path.suffix for path in ours} == {".md", ".yaml"}
    assert {path for path in ours if not (engine / path).is_file()} == set()


@pytest.mark.parametrize("line", ["rule P101", "rule", "schema process", "init made --example compassiq", "doctor"])
def test_commands_that_read_data_of_the_package_run_from_the_wheel(installed, tmp_path, line):
    done = run(installed / "stagewright", *line.split(), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_every_room_is_listed_as_a_package():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    rooms = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "engine").rglob("__init__.py")
        if "migrations" not in path.parts
    }
    assert rooms | {"engine.processes", "engine.rules", "engine.maps"} == listed


NAMES = {
    "yaml": "PyYAML",
    "sqlalchemy": "SQLAlchemy",
    "xlsxwriter": "XlsxWriter",
    "z3": "z3-solver",
    "adbc_driver_manager": "adbc-driver-manager",
    "adbc_driver_sqlite": "adbc-driver-sqlite",
    "adbc_driver_postgresql": "adbc-driver-postgresql",
}
NEVER_IMPORTED = {"tzdata", "graphviz-pure"}
"""Data and a program, which nothing imports."""
ONLY_TYPES = {"_typeshed"}


def declared_in(text: str) -> set[str]:
    return set(re.findall(r"^([A-Za-z0-9_-]+)", text, re.MULTILINE))


def imported() -> set[str]:
    found = set()
    for path in (ROOT / "cli.py", *(ROOT / "engine").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            found |= {name.split(".")[0] for name in names}
    outside = found - set(sys.stdlib_module_names) - {"engine", "cli"} - ONLY_TYPES
    return {NAMES.get(name, name) for name in outside}


def test_everything_that_is_imported_is_declared_and_nothing_else():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    base = declared_in(config["options"]["install_requires"]) - NEVER_IMPORTED
    # What tests and benchmarks alone import is nothing that the program needs.
    extras = [text for name, text in config["options.extras_require"].items() if name not in ("test", "bench")]
    optional = set().union(*map(declared_in, extras)) - NEVER_IMPORTED
    assert imported() == base | optional
