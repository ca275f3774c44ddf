"""Which kind of file a document is: a process, a rule set, a map or people."""

from __future__ import annotations

from pathlib import Path

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Keyed, Node

NAMED = ("process", "ruleset", "map")
"""Kinds of files that begin with what they are called: ``process: NAME``."""

_FOLDERS = {"processes": "process", "rules": "ruleset", "maps": "map"}
_CALLED = {"process": "a process", "ruleset": "a rule set", "map": "a map", "people": "a list of people"}


def kind_of(root: Node | None, path: Path) -> str:
    """``process``, ``ruleset``, ``map`` or ``people``, by its keys or else by where it stands; empty: none."""
    named = _named(root)
    if named:
        return named
    folders = (one.name for one in path.absolute().parents)
    by_folder = next((_FOLDERS[name] for name in folders if name in _FOLDERS), "")
    return by_folder or ("people" if path.stem == "people" else "")


def is_other(root: Node | None, expected: str, found: Findings) -> bool:
    """Whether the file is surely of another kind than was expected; then told, and nothing else need be."""
    kind = _named(root)
    if root is None or kind in ("", expected) or not isinstance(root, Keyed):
        return False
    # A map whose own name was left out has a key 'process' still.
    if expected == "map" and kind == "process" and not ("version" in root.entries and "actions" in root.entries):
        return False
    message = f"this is {_CALLED[kind]}, not {_CALLED[expected]}"
    found.error(codes.OTHER_KIND, root.at_key(kind), message, f"name {_CALLED[expected]}")
    return True


def _named(root: Node | None) -> str:
    # A map has a key 'process' too, so what names the file itself goes first.
    return next((kind for kind in ("map", "ruleset", "process", "people") if written.get(root, kind) is not None), "")
