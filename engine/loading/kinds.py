"""Which kind of file a document is: a process, a rule set, a map, a scenario or people."""

from __future__ import annotations

from pathlib import Path

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Keyed, Node

NAMED = ("process", "ruleset", "map", "scenario")
"""Kinds of files that begin with what they are called: ``process: NAME``."""

_FOLDERS = {"scenarios": "scenario", "processes": "process", "rules": "ruleset", "maps": "map"}
_CALLED = {
    "process": "a process",
    "ruleset": "a rule set",
    "map": "a map",
    "people": "a list of people",
    "scenario": "a scenario",
}


def kind_of(root: Node | None, path: Path) -> str:
    """``process``, ``ruleset``, ``map``, ``scenario`` or ``people``, by its keys or else its place; empty: none."""
    named = _named(root)
    if named and not (path.absolute().parent.name == "scenarios" and _is_nameless(root, named)):
        return named
    folders = (one.name for one in path.absolute().parents)
    by_folder = next((_FOLDERS[name] for name in folders if name in _FOLDERS), "")
    return by_folder or ("people" if path.stem == "people" else "")


def is_other(root: Node | None, expected: str, found: Findings) -> bool:
    """Whether the file is surely of another kind than was expected; then told, and nothing else need be."""
    kind = _named(root)
    if root is None or kind in ("", expected) or not isinstance(root, Keyed):
        return False
    if expected in ("map", "scenario") and _is_nameless(root, kind):
        return False
    message = f"this is {_CALLED[kind]}, not {_CALLED[expected]}"
    found.error(codes.OTHER_KIND, root.at_key(kind), message, f"name {_CALLED[expected]}")
    return True


def _is_nameless(root: Node | None, kind: str) -> bool:
    """Whether it may be a map or a scenario whose own name was left out: both have a key 'process' still."""
    return kind == "process" and isinstance(root, Keyed) and "actions" not in root.entries


def _named(root: Node | None) -> str:
    # A map and a scenario have a key 'process' too, so what names the file itself goes first.
    kinds = ("map", "scenario", "ruleset", "process", "people")
    return next((kind for kind in kinds if written.get(root, kind) is not None), "")
