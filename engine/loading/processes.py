"""Process files: every subject read with the names declared, all findings gathered, one process or none."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.loading import git, written
from engine.loading.actions import actions
from engine.loading.agree import agree
from engine.loading.before import check_before
from engine.loading.catalog import workspace_of
from engine.loading.clocks import clocks
from engine.loading.declared import declare, places_of, role_lists
from engine.loading.definitions import bundle, texts_of
from engine.loading.document import Document, parse, parse_text, read_document
from engine.loading.follows import follows
from engine.loading.kinds import is_other
from engine.loading.loaded import Enough, Findings, Loaded
from engine.loading.metrics import metrics
from engine.loading.nodes import Keyed, Node
from engine.loading.reading import Reading, TrackNames, roles
from engine.loading.released import check_released
from engine.loading.requirements import requirements
from engine.loading.schema import schema
from engine.loading.shape import check_shape
from engine.loading.shelf import FolderShelf, Shelf, TextShelf
from engine.loading.source import decode
from engine.loading.stages import stages
from engine.loading.stories import stories
from engine.loading.used import Used, used
from engine.loading.zones import zone_of
from engine.model.entry import Definition
from engine.model.errors import JournalError, UnknownName, UnreadableFile
from engine.model.finding import Finding, Severity
from engine.model.names import MAIN
from engine.model.process import Process, RuleSetRef, Track


def load_process(path: Path, *, workspace: Path | None = None) -> Loaded[Process]:
    """The process in a file, with the rule sets of its workspace.

    ``workspace`` is by default the nearest folder above that holds ``processes/``, or else the file's own folder.
    Raises ``UnreadableFile`` where there is nothing to read.
    """
    return read_process(read_document(path), path, workspace=workspace)


def read_process(document: Document, path: Path, *, workspace: Path | None = None) -> Loaded[Process]:
    """The process in a document that was read from ``path``."""
    found = Findings()
    shelf = FolderShelf(workspace or workspace_of(path) or path.parent)
    # Where this alone is too much, reading ends at the next finding.
    with suppress(Enough):
        if not is_other(document.root, "process", Findings()):
            agree(path, document.root, "process", found)
            check_before(path, document.root, shelf, found)
    loaded = _loaded(document, shelf, found)
    if loaded.definition is None:
        return loaded
    with suppress(Enough):
        check_released(path, loaded.definition, document.root, found)
    return loaded if len(found) == len(loaded.findings) else _again(loaded, found, document)


def load_revision(name: str, *, folder: Path) -> Loaded[Process]:
    """The process that ``REF:FILE`` names, with the rule sets of the same revision.

    ``folder`` lies in the repository; the path counts from its top, ``./FILE`` from the folder. Raises ``UnknownName``
    and ``UnreadableFile``.
    """
    named = git.split(name)
    if named is None:
        raise UnknownName(
            f"'{name}' names no file of a git revision", hint="write REVISION:PATH, such as HEAD~1:a.yaml"
        )
    ref, path = named[0], git.from_top(named[1], folder=folder)
    source, findings = decode(git.read(ref, path, folder=folder), name)
    document = parse(source) if source else Document(None, None, findings)
    # processes/NAME/VERSION.yaml stands three steps below the workspace.
    top = "".join(f"{part}/" for part in path.split("/")[:-3])
    rules = git.paths(ref, f"{top}rules", folder=folder)
    found = git.contents((f"{ref}:{one}" for one in rules), folder=folder)
    texts = {name.removeprefix(f"{ref}:{top}"): text.decode("utf-8", "replace") for name, text in found.items()}
    return _loaded(document, TextShelf(texts), Findings())


def from_definition(definition: Definition) -> Process:
    """The process whose texts the journal keeps; no folder is looked at. Raises ``JournalError``."""
    path, text = definition.files[0]
    loaded = _loaded(parse_text(text, path), TextShelf(dict(definition.files[1:])), Findings())
    if loaded.value is None:
        first = next(one for one in loaded.findings if one.severity is Severity.ERROR)
        message = f"the definition of {definition.process}@{definition.version} in the journal no longer reads"
        raise JournalError(f"{message}: {first.at}: {first.code}: {first.message}")
    return loaded.value


def definition_of(path: Path, workspace: Path | None = None) -> Definition:
    """The text of a process version and of the rule sets it uses. Raises ``UnreadableFile`` where it has errors."""
    loaded = load_process(path, workspace=workspace)
    if loaded.definition is None:
        first = next(one for one in loaded.findings if one.severity is Severity.ERROR)
        raise UnreadableFile(f"'{path}' has errors: {first.at}: {first.message}", hint=f"run check {path}")
    return loaded.definition


def _loaded(document: Document, shelf: Shelf, found: Findings) -> Loaded[Process]:
    partial, definition = None, None
    try:
        found.add(document.findings)
        if document.root and not is_other(document.root, "process", found):
            check_shape(document.root, schema("process"), found)
            in_use = used(written.get(document.root, "uses"), shelf, found)
            partial = _process(document.root, in_use, found)
            if partial and not found.any_error:
                definition = bundle(partial, texts_of(partial, document, in_use.documents))
    except Enough:
        partial = None
    told = found.told([document.source] if document.source else [])
    spoilt = _spoilt(document.root, told) if document.root else frozenset()
    return Loaded(None if found.any_error else partial, told, partial, spoilt, definition)


def _again(loaded: Loaded[Process], found: Findings, document: Document) -> Loaded[Process]:
    told = found.told([document.source] if document.source else [])
    return replace(loaded, value=None, findings=told)


def _spoilt(root: Node, told: Iterable[Finding]) -> frozenset[str]:
    """The top-level keys below which something is at fault."""
    keys = [key for key, _ in written.pairs(root)]
    spoilt = set()
    for finding in told:
        above = [key for key in keys if key.at <= finding.at]
        if finding.severity is Severity.ERROR and above and finding.at.file == above[-1].at.file:
            spoilt.add(above[-1].value)
    return frozenset(spoilt)


def _process(root: Node, in_use: Used, found: Findings) -> Process | None:
    name, version = written.text(written.get(root, "process")), written.number(written.get(root, "version"))
    if not isinstance(root, Keyed) or not name or version is None or not isinstance(root.get("stages"), Keyed):
        return None
    reading = declare(root, in_use, found)
    if not reading.main.stages:
        return None
    reading = replace(reading, by=roles(root.get("by"), reading))
    override = root.get("override")
    process = Process(
        id=name,
        version=version,
        main=_track(reading.main, root, reading),
        title=written.text(root.get("title")),
        because=written.text(root.get("because")),
        time_zone=zone_of(root.get("time_zone"), found),
        currency=written.text(root.get("currency")),
        uses=tuple((one.id, one.version) for one in in_use.shared),
        follows=follows(root.get("follows"), version, reading),
        roles=role_lists(root.get("roles"), reading),
        by=reading.by,
        override_by=roles(written.get(override, "by"), reading) if override else None,
        touchpoints=reading.scope.touchpoints,
        groups=reading.main.groups,
        facts=reading.facts,
        rule_sets=tuple(RuleSetRef(one.id, one.version, one.reasons) for one in in_use.shared),
        tracks=_side_tracks(root, reading),
        metrics=metrics(root.get("metrics"), reading),
        at=root.at,
        places=places_of(root),
    )
    return _with_stories(process, root, reading)


def _with_stories(process: Process, root: Keyed, reading: Reading) -> Process:
    every = tuple(action for track in process.all_tracks() for action in track.actions)
    process = replace(process, clocks=clocks(root.get("clocks"), reading, every))
    # A clock that is at fault is told where it stands, and not where a story names it.
    faulty = {key.value for key, _ in written.pairs(root.get("clocks"))} - {clock.id for clock in process.clocks}
    reading = replace(reading, doubtful=reading.doubtful | faulty)
    return replace(process, examples=stories(root.get("examples"), process, reading))


def _track(names: TrackNames, node: Keyed, reading: Reading) -> Track:
    prefix = "" if names.id == MAIN else f"{names.id}/"
    return Track(
        id=names.id,
        stages=stages(node.get("stages"), names, reading),
        actions=actions(node.get("actions"), names, reading),
        always=requirements(node.get("always"), f"{prefix}always", reading),
        title="" if names.id == MAIN else written.text(node.get("title")),
        at=node.at,
    )


def _side_tracks(root: Keyed, reading: Reading) -> tuple[Track, ...]:
    read = []
    for key, value in written.pairs(root.get("tracks")):
        names = reading.tracks.get(key.value)
        if names and names.stages and isinstance(value, Keyed):
            read.append(replace(_track(names, value, reading), at=key.at))
    return tuple(read)
