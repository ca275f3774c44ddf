"""Whether a file's name and folder agree with the name and version written in it. Told here, once."""

from __future__ import annotations

from pathlib import Path

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Node

_FOLDERS = {"process": "processes", "ruleset": "rules"}


def agree(path: Path, root: Node | None, key: str, found: Findings) -> None:
    """``processes/inside-sales/2.yaml`` holds version 2 of inside-sales; a file elsewhere may be called anything."""
    where = path.absolute()
    if where.parent.parent.name != _FOLDERS[key]:
        return
    name, version = written.scalar(written.get(root, key)), written.scalar(written.get(root, "version"))
    if name and name.value != where.parent.name:
        message = f"'{name.value}' stands in the folder '{where.parent.name}'"
        hint = f"write {key}: {where.parent.name}, or move the file to {_FOLDERS[key]}/{name.value}/"
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
    name = written.scalar(written.get(root, "map"))
    if name and where.parent.name == "maps" and name.value != where.stem:
        message = f"the map '{name.value}' stands in the file '{where.name}'"
        hint = f"write map: {where.stem}, or call the file {name.value}.yaml"
        found.error(codes.NAME_DIFFERS, name.at, message, hint)
