"""``people.yaml``: who has which role. Where a workspace has it, nobody else may do anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.loading import catalog, codes, written
from engine.loading.document import Document, read_document
from engine.loading.ids import distinct
from engine.loading.kinds import is_other
from engine.loading.loaded import Enough, Findings, Loaded
from engine.loading.nodes import Keyed, Node, Scalar
from engine.loading.schema import schema
from engine.loading.shape import check_shape
from engine.model.errors import UnreadableFile
from engine.model.names import DASH_ID, ENGINE, did_you_mean, same_name
from engine.model.people import People, Person

FILE = "people.yaml"
_LONGEST = 200
_DEEPEST = 3
"""How many steps below a folder of the workspace a file is still taken for one of it."""


def people_file(workspace: Path) -> Path | None:
    """The file of a workspace that says who has which role; ``None`` where it has none.

    Raises ``UnreadableFile`` where it was put under another ending: nobody would see that it says nothing.
    """
    found = people_files(workspace)
    if found and found[0].name != FILE:
        raise UnreadableFile(f"'{found[0]}' is not read", hint=f"call it {FILE}")
    return found[0] if found else None


def people_files(workspace: Path) -> tuple[Path, ...]:
    """All files of a workspace that are meant to say so, the one that is read first."""
    # A link that leads nowhere is a file that cannot be read, not one that was never written.
    paths = (workspace / FILE, (workspace / FILE).with_suffix(".yml"))
    return tuple(path for path in paths if path.is_symlink() or path.exists())


def load_people(path: Path, *, workspace: Path | None = None) -> Loaded[People]:
    """The people in a file. Their roles are held against the processes of the ``workspace`` where it is given.

    Raises ``UnreadableFile`` where there is nothing to read.
    """
    return read_people(read_document(path), path, workspace=workspace)


def read_people(document: Document, path: Path, *, workspace: Path | None = None) -> Loaded[People]:
    """The people in a document that was read from ``path``."""
    found = Findings()
    partial = None
    try:
        found.add(document.findings)
        if document.root and not is_other(document.root, "people", found):
            _check_place(path, document.root, found)
            check_shape(document.root, schema("people"), found)
            partial = _people(document.root, found)
            if workspace:
                _check_roles(document.root, workspace, found)
    except Enough:
        partial = None
    told = found.told([document.source] if document.source else [])
    return Loaded(None if found.any_error else partial, told, partial)


def _people(root: Node, found: Findings) -> People | None:
    persons: dict[str, Person] = {}
    for key, value in written.pairs(written.get(root, "people")):
        person = _person(key, value, found)
        before = persons.get(same_name(person.id))
        if before:
            message = f"'{key.value}' and '{before.id}' are one person: capitals and blanks tell nobody apart"
            found.error(codes.ID_TWICE, key.at, message, "keep one of them, or add something to one")
        elif _is_id(key, found):
            persons[same_name(person.id)] = person
    return People(persons, root.at) if persons else None


def _person(key: Scalar, value: Node, found: Findings) -> Person:
    roles = distinct((role for role in _roles(value) if DASH_ID.match(role.value)), found, noun="role")
    name, team = (written.text(written.get(value, each)) for each in ("name", "team"))
    return Person(key.value.strip(), roles, name, team, key.at)


def _roles(value: Node) -> tuple[Scalar, ...]:
    """The roles of a person, written short as a list or with a key."""
    return written.scalars(written.get(value, "roles") if isinstance(value, Keyed) else value)


def _is_id(key: Scalar, found: Findings) -> bool:
    """Whether somebody can be called so on a command line."""
    name = key.value
    if same_name(name) == ENGINE:
        message = f"'{name}' is who does automatic actions; no person can be called so"
        found.error(codes.RESERVED_ID, key.at, message, "choose another id")
        return False
    if not name.strip() or len(name) > _LONGEST or name.startswith("-") or not name.isprintable():
        message = f"'{name[:40]}' cannot be the id of a person"
        hint = f"use up to {_LONGEST} signs that can be seen, not a dash first"
        found.error(codes.BAD_ID, key.at, message, hint)
        return False
    return True


def _check_place(path: Path, root: Node, found: Findings) -> None:
    """Beside ``processes/`` it is looked for, not below it or its like, and under one ending alone."""
    at = root.at_key("people") if isinstance(root, Keyed) else root.at
    if path.name == "people.yml":
        found.error(codes.ASTRAY, at, f"no people are looked for in {path.name}", f"call it {FILE}")
    names = [folder.name for folder in list(path.absolute().parents)[:_DEEPEST]]
    astray = next((name for name in names if name in ("processes", "rules", "maps")), "")
    if astray:
        at = root.at_key("people") if isinstance(root, Keyed) else root.at
        found.error(
            codes.ASTRAY, at, f"no people are looked for below {astray}/", f"move it beside {astray}/, as {FILE}"
        )


def _check_roles(root: Node, workspace: Path, found: Findings) -> None:
    """Tells roles that no process of the workspace has: a misspelt one would be missed only when it is needed."""
    known = tuple(dict.fromkeys(_roles_of(workspace)))
    for _, value in written.pairs(written.get(root, "people")):
        for role in _roles(value):
            if DASH_ID.match(role.value) and role.value not in known:
                hint = did_you_mean(role.value, known) or "declare it under 'roles' of a process, or take it out"
                found.warning(codes.UNKNOWN_ROLE, role.at, f"no process here has a role '{role.value}'", hint)


def _roles_of(workspace: Path) -> Iterator[str]:
    """The roles that the files of processes declare, whatever else is wrong with them."""
    for name in catalog.names(workspace):
        yield from _declared(
            workspace / "processes" / name / f"{v}.yaml" for v in catalog.versions(name, workspace=workspace)
        )


def _declared(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        try:
            root = read_document(file).root
        except UnreadableFile:
            continue
        yield from (key.value for key, _ in written.pairs(written.get(root, "roles")))
