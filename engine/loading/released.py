"""``released.yaml``: which versions of a process were released, and that they stay as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.loading import codes, written
from engine.loading.document import Document, read_document
from engine.loading.loaded import Findings, with_lines
from engine.loading.nodes import Node
from engine.loading.schema_releases import RELEASES
from engine.loading.shape import check_shape
from engine.loading.shelf import versions_in
from engine.model.entry import Definition, definition_digest
from engine.model.errors import UnreadableFile
from engine.model.finding import Finding
from engine.model.place import NOWHERE, Place

FILE = "released.yaml"

_AND, _CHANGED = ", and ", " has been changed since"


@dataclass(frozen=True, slots=True)
class Release:
    """When a version was released, why, and the digest of its definition then.

    ``files`` are paths below the workspace, the process first, and the digest of each; lists of old do not tell them.
    """

    version: int
    digest: str
    date: str = ""
    because: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    at: Place = field(default=NOWHERE, compare=False)


def releases(folder: Path) -> Mapping[int, Release]:
    """The releases of the process in a folder, by version; none where nothing was released."""
    document = _list_in(folder)
    return releases_in(document) if document else {}


def releases_in(document: Document) -> Mapping[int, Release]:
    """The releases that a list tells."""
    read = {}
    for key, value in written.pairs(document.root):
        version, digest = written.number(key), written.text(written.get(value, "digest"))
        if version and digest:
            date, because = written.text(written.get(value, "date")), written.text(written.get(value, "because"))
            files = {path.value: written.text(one) for path, one in written.pairs(written.get(value, "files"))}
            read[version] = Release(version, digest, date, because, files, key.at)
    return read


def release_of(definition: Definition, *, date: str, because: str) -> Release:
    """The release of a definition as it now is."""
    return Release(definition.version, definition.digest, date, because, _digests(definition.files))


def check_list(document: Document, found: Findings) -> None:
    """Tells what is wrong with the list of releases itself: a fault there must not read as "nothing was released"."""
    found.add(document.findings)
    if document.root is not None:
        check_shape(document.root, RELEASES, found)


def check_released(path: Path, definition: Definition, root: Node | None, found: Findings) -> None:
    """Tells that a version was changed after its release, and in which of its files."""
    listed = _list_in(path.parent)
    if listed is None:
        return
    before = len(found)
    check_list(listed, found)
    release = releases_in(listed).get(definition.version)
    if len(found) > before or release is None or release.digest == definition.digest:
        return
    version = written.get(root, "version")
    at = version.at if version else Place(str(path))
    when = f" on {release.date}" if release.date else ""
    own, *rule_sets = definition.files
    now = _digests(definition.files)
    others = [name for name, _ in rule_sets if release.files.get(name, now[name]) != now[name]]
    for name in others:
        message = f"version {release.version} was released{when}{_AND}{name}{_CHANGED}"
        found.error(codes.RELEASED_CHANGED, _at_use(root, name) or at, message, _rule_set_hint(name))
    if not others or release.files.get(own[0]) != now[own[0]]:
        message = f"version {release.version} was released{when} and has been changed since"
        hint = f"put it back, and write what is new into the next one: stagewright next {definition.process}"
        found.error(codes.RELEASED_CHANGED, at, message, hint)


def check_in_use(path: Path, document: Document, found: Findings) -> None:
    """Tells that a rule set was changed which a released version of a process uses."""
    home = path.absolute().parent
    folder = home.parent.parent / "processes"
    if home.parent.name != "rules" or document.source is None or not folder.is_dir():
        return
    name = f"rules/{home.name}/{path.name}"
    digest = _digests([(name, document.source.text)])[name]
    changed = [
        f"{one.parent.name}@{release.version}" + (f" ({release.date})" if release.date else "")
        for one in sorted(folder.glob(f"*/{FILE}"))
        for release in releases(one.parent).values()
        if release.files.get(name, digest) != digest
    ]
    if changed:
        version = written.get(document.root, "version")
        message = f"this rule set has been changed since it was released with {_few(changed)}"
        found.error(codes.RELEASED_CHANGED, version.at if version else Place(str(path)), message, _rule_set_hint(name))


def file_at_fault(finding: Finding) -> str:
    """The rule set that a finding at a process says was changed after the release; empty for any other finding."""
    name = finding.message.removesuffix(_CHANGED).rpartition(_AND)[2]
    if finding.code != codes.RELEASED_CHANGED or not name.startswith("rules/"):
        return ""
    # processes/NAME/VERSION.yaml stands three steps below the workspace.
    return str(Path(finding.at.file).absolute().parents[2] / name)


def gone(folder: Path) -> tuple[Finding, ...]:
    """A finding for each version that was released and whose file is no longer in the folder of the process."""
    there = versions_in(folder)
    lost = [release for release in releases(folder).values() if release.version not in there]
    return with_lines(_gone(folder, release) for release in lost)


def _gone(folder: Path, release: Release) -> Finding:
    when = f" on {release.date}" if release.date else ""
    message = f"version {release.version} was released{when}, and there is no file '{release.version}.yaml' any more"
    hint = f"put {folder / str(release.version)}.yaml back: a released version stays, even when no deal is on it"
    return Finding(codes.RELEASED_GONE, release.at, message, hint)


def _list_in(folder: Path) -> Document | None:
    try:
        return read_document(folder / FILE)
    except UnreadableFile:
        return None


def _digests(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The digest of each file: that of a definition with this file alone."""
    return {path: definition_digest([(path, text)]) for path, text in files}


def _at_use(root: Node | None, name: str) -> Place | None:
    rule_set = name.split("/")[1]
    return next((key.at for key, _ in written.pairs(written.get(root, "uses")) if key.value == rule_set), None)


def _rule_set_hint(name: str) -> str:
    """``rules/qualification/1.yaml`` was changed: what is new goes into its next version."""
    folder, _, file = name.rpartition("/")
    stem = file.removesuffix(".yaml")
    following = f"{folder}/{int(stem) + 1}.yaml" if stem.isdigit() else "its next version"
    return f"put it back, and write what is new into {following}"


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
