"""Whether a file stands where it is looked for, under the name and version written in it. Told here, once."""

from __future__ import annotations

from pathlib import Path

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Node, Scalar
from engine.model.names import DASH_ID

_FOLDERS = {"process": "processes", "ruleset": "rules", "map": "maps", "scenario": "processes"}
_NOUNS = {"process": "process", "ruleset": "rule set", "map": "map", "scenario": "scenario"}
_STEPS = {"process": 2, "ruleset": 2, "map": 1, "scenario": 3}
"""How many steps below such a folder a file of a kind stands."""
_SCENARIOS = "scenarios"
_DEEPEST = 3
"""How many steps below such a folder a file is still taken for one of it."""


def agree(path: Path, root: Node | None, key: str, found: Findings) -> None:
    """``processes/inside-sales/2.yaml`` holds version 2 of inside-sales; a file elsewhere may be called anything."""
    where = path.absolute()
    if root is None or _is_astray(where, root, key, found) or where.parent.parent.name != _FOLDERS[key]:
        return
    name, version = written.scalar(written.get(root, key)), written.scalar(written.get(root, "version"))
    folder = where.parent.name
    if name and name.value != folder and _is_id(name):
        message = f"'{name.value}' stands in the folder '{folder}'"
        hint = _either(f"{key}: {folder}" if DASH_ID.match(folder) else "", f"{_FOLDERS[key]}/{name.value}/")
        found.error(codes.NAME_DIFFERS, name.at, message, hint)
    if version and version.value != where.stem and written.number(version):
        message = f"version {version.value} stands in the file '{where.name}'"
        hint = f"call the file {version.value}.yaml"
        if where.stem.isdigit():
            hint = f"write version: {where.stem}, or {hint}"
        found.error(codes.VERSION_DIFFERS, version.at, message, hint)


def agree_map(path: Path, root: Node | None, found: Findings) -> None:
    """``maps/maven-crm.yaml`` holds the map maven-crm."""
    where = path.absolute()
    if root is None or _is_astray(where, root, "map", found) or where.parent.name != "maps":
        return
    name = written.scalar(written.get(root, "map"))
    if name and name.value != where.stem and _is_id(name):
        message = f"the map '{name.value}' stands in the file '{where.name}'"
        hint = _either(f"map: {where.stem}" if DASH_ID.match(where.stem) else "", f"maps/{name.value}.yaml")
        found.error(codes.NAME_DIFFERS, name.at, message, hint)


def agree_scenario(path: Path, root: Node | None, found: Findings) -> None:
    """``processes/inside-sales/scenarios/base.yaml`` holds the scenario base of inside-sales."""
    where = path.absolute()
    if root is None or _is_astray(where, root, "scenario", found) or where.parent.name != _SCENARIOS:
        return
    name, process = written.scalar(written.get(root, "scenario")), written.scalar(written.get(root, "process"))
    if name and name.value != where.stem and _is_id(name):
        message = f"the scenario '{name.value}' stands in the file '{where.name}'"
        hint = f"write scenario: {where.stem}, or " if DASH_ID.match(where.stem) else ""
        found.error(codes.NAME_DIFFERS, name.at, message, f"{hint}call the file {name.value}.yaml")
    folder = where.parent.parent
    if process and _is_id(process) and folder.parent.name == "processes" and process.value != folder.name:
        message = f"a scenario of '{process.value}' stands in the folder of '{folder.name}'"
        hint = f"write process: {folder.name}, or move the file to {_home(root, name, 'scenario')}"
        found.error(codes.NAME_DIFFERS, process.at, message, hint)


def _is_id(name: Scalar) -> bool:
    """A name that can be none is told as such; what to call its file is known only then."""
    return DASH_ID.match(name.value) is not None


def _either(line: str, place: str) -> str:
    return f"write {line}, or move the file to {place}" if line else f"move the file to {place}"


def _is_astray(where: Path, root: Node, key: str, found: Findings) -> bool:
    """Whether a file below ``processes/``, ``rules/`` or ``maps/`` stands where nothing looks for it; then told."""
    folder = _FOLDERS[key]
    names = [one.name for one in list(where.parents)[:_DEEPEST]]
    if folder not in names:
        return False
    steps = names.index(folder) + 1
    # A scenario may lie anywhere but among the processes; there it is looked for in one place alone.
    is_there = key != "scenario" or where.parent.name == _SCENARIOS
    if steps == _STEPS[key] and where.suffix == ".yaml" and is_there:
        return False
    shown = "/".join((folder, *where.parts[-steps:]))
    message = f"no {_NOUNS[key]} is looked for in {shown}"
    name = written.scalar(written.get(root, key))
    found.error(codes.ASTRAY, name.at if name else root.at, message, f"move it to {_home(root, name, key)}")
    return True


def _home(root: Node, name: Scalar | None, key: str) -> str:
    """Where the file belongs, as far as it tells."""
    called = name.value if name and _is_id(name) else "NAME"
    if key == "map":
        return f"maps/{called}.yaml"
    if key == "scenario":
        process = written.scalar(written.get(root, "process"))
        folder = process.value if process and _is_id(process) else "PROCESS"
        return f"processes/{folder}/{_SCENARIOS}/{called}.yaml"
    return f"{_FOLDERS[key]}/{called}/{written.number(written.get(root, 'version')) or 'VERSION'}.yaml"
