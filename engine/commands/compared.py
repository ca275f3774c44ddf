"""What is compared with what: two versions of a process or of a rule set, by file, name or git revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.output import remark
from engine.commands.source import FaultyFile, Source, process_path, workspace_of
from engine.model.errors import BadValue, StagewrightError, UnknownName, UnreadableFile
from engine.model.finding import Severity
from engine.model.names import did_you_mean
from engine.model.process import Process
from engine.model.rule import RuleSet

if TYPE_CHECKING:
    from engine.loading.files import AnyLoaded
    from engine.model.change import Changes
    from engine.model.entry import Definition

HEAD = "HEAD"
"""The git revision that a file is compared with where nothing else is named."""


class NothingBefore(StagewrightError):
    """There is no version before this one."""


@dataclass(frozen=True, slots=True)
class Named:
    """A version as it was named, and the folder in whose repository a git revision is looked up."""

    name: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Read:
    """A version that was read, and the file that it was read from with its workspace (``None``: out of git)."""

    named: Named
    value: Process | RuleSet
    definition: Definition | None
    path: Path | None
    root: Path | None


@dataclass(frozen=True, slots=True)
class TwoProcesses:
    """Two versions of one process. ``between`` are those through which the one follows the other.

    ``unread``: sentences on those of them that could not be read.
    """

    old: Source
    new: Source
    between: tuple[Process, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs, and the two that were compared."""

    changes: Changes
    old: Process | RuleSet
    new: Process | RuleSet
    two: TwoProcesses | None = None


def two_processes(old: str, new: str, where: Where) -> TwoProcesses:
    """Two versions of one process by their names. Raises ``FaultyFile`` where one has errors, ``UnknownName``,
    and ``BadValue`` where they are of different processes.
    """
    return _two(_read(_named(old, where), where), _read(_named(new, where), where))


def compared(first: Read, second: Read, where: Where) -> Compared:
    """What differs between two versions, and they themselves. Raises as ``two_processes`` does."""
    if isinstance(first.value, RuleSet) and isinstance(second.value, RuleSet):
        from engine.commands.compared_rules import rule_set_changes

        return Compared(rule_set_changes(first.value, second.value, where), first.value, second.value)
    two = _two(first, second)
    from engine.versions.diff import diff

    found = diff(two.old.process, two.new.process, between=two.between)
    return Compared(replace(found, unread=(*found.unread, *two.unread)), two.old.process, two.new.process, two)


def pair_named(old: str, new: str | None, where: Where, *, base: str = "") -> tuple[Read, Read]:
    """The two that are meant, read. Without ``new``, ``old`` is compared with what it was in the git revision ``base``
    (``HEAD``, where there is a repository), or where it was not there with the version before it.

    Raises ``NothingBefore`` where there is none, and as ``two_processes`` does.
    """
    if new is not None:
        return _read(_named(old, where), where), _read(_named(new, where), where)
    second = _read(_named(old, where), where)
    # What a name stands for has a file too; only with --base is it meant.
    path = second.path if base else Path(old)
    committed = _committed(path, base) if path and path.is_file() else None
    return _read(committed or _before(second), where), second


def _named(name: str, where: Where) -> Named:
    return Named(name, where.workspace or Path())


def _committed(path: Path, base: str) -> Named | None:
    """The file as ``base`` has it; ``None`` where it is not there.

    Raises ``UnknownName`` where ``base`` is asked for and there is no such revision, or no repository.
    """
    from engine.loading import git

    above = git.prefix(path.parent)
    if above is None and base:
        hint = "leave --base out: it is then compared with the version before it"
        raise UnknownName(f"--base {base} is a git revision, and '{path}' stands in no git repository", hint=hint)
    ref = base or HEAD
    if above is None or not git.has_revision(ref, folder=path.parent):
        # Where nothing is committed yet there is no HEAD either.
        if ref != HEAD:
            raise UnknownName(
                f"git has no revision '{base}' where '{path}' stands", hint="see 'git log' and 'git branch'"
            )
        return None
    name = f"{ref}:{above}{path.name}"
    if not git.ids([name], folder=path.parent):
        return None
    return Named(name, path.parent)


def _before(read: Read) -> Named:
    """The version that this one follows, or else the one before it."""
    value, path = read.value, read.path
    follows = value.follows.version if isinstance(value, Process) and value.follows else value.version - 1
    name = f"{value.id}@{value.version}"
    if follows < 1:
        raise NothingBefore(f"{name} is the first version: there is nothing before it to compare it with")
    if path is None:
        raise BadValue(f"'{read.named.name}' is to be compared with what?", hint="name two versions: OLD and NEW")
    before = path.with_name(f"{follows}.yaml")
    if not before.is_file():
        raise UnknownName(f"the version before {name} is not there: '{before}'", hint="name two versions: OLD and NEW")
    return Named(str(before), before.parent)


def _read(named: Named, where: Where) -> Read:
    from engine.loading import git
    from engine.loading.files import load_file, load_file_of_revision

    path: Path | None = None
    root: Path | None = None
    if git.split(named.name) and not Path(named.name).is_file():
        loaded: AnyLoaded = load_file_of_revision(named.name, folder=named.folder)
    else:
        path, root = _path(named.name, where)
        loaded = load_file(path, workspace=root)
    value = _sound(loaded, named.name)
    return Read(named, value, loaded.definition, path, root)


def _sound(loaded: AnyLoaded, name: str) -> Process | RuleSet:
    """The version, where it has no errors. One that was changed after its release is compared all the same."""
    value = loaded.value
    if value is None and loaded.definition is not None and isinstance(loaded.partial, Process):
        from engine.report import findings

        for each in loaded.findings:
            if each.severity is Severity.ERROR:
                remark(findings.one(each))
        return loaded.partial
    if value is None:
        raise FaultyFile(loaded.findings, f"'{name}' does not load, so nothing is compared")
    if not isinstance(value, (Process, RuleSet)):
        raise BadValue(f"'{name}' is neither a process nor a rule set", hint="only these have versions to compare")
    return value


def _path(name: str, where: Where) -> tuple[Path, Path | None]:
    """The file of a process or of a rule set, and its workspace. A process goes before a rule set of the same name."""
    from engine.loading import catalog
    from engine.loading.shelf import FolderShelf

    if Path(name).is_file() or name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        return process_path(name, where)
    root = workspace_of(where)
    shelf = FolderShelf(root)
    base, _, version = name.partition("@")
    if base in catalog.names(root):
        found = process_path(name, where)
        _tell_of_newer(name, int(found[0].stem), catalog.versions(base, workspace=root))
        return found
    known = shelf.versions(base)
    if not known:
        hint = _as_revision(name, root) or did_you_mean(base, [*catalog.names(root), *shelf.names()])
        raise UnknownName(f"there is no process and no rule set '{base}'", hint=hint or "name a file, or NAME@VERSION")
    if version in ("", catalog.LATEST):
        version = str(known[-1])
    if not version.isdecimal() or int(version) not in known:
        there = ", ".join(str(one) for one in known)
        raise UnknownName(f"there is no version '{version}' of the rule set '{base}'", hint=f"there is {there}")
    return root / "rules" / base / f"{int(version)}.yaml", root


def _tell_of_newer(name: str, version: int, known: Sequence[int]) -> None:
    """Who names a process alone may think of the version that is being written, which is not released."""
    if "@" not in name and known[-1] > version:
        remark(f"{name} is {name}@{version}, the latest release; name {name}@{known[-1]} to compare what is newer")


def _as_revision(name: str, root: Path) -> str:
    """A hint where the name is that of a git revision; else empty."""
    from engine.loading import git

    try:
        known = git.has_revision(name, folder=root)
    except UnreadableFile:
        return ""
    return f"'{name}' is a git revision: write --base {name} FILE, or {name}:FILE" if known else ""


def _two(old: Read, new: Read) -> TwoProcesses:
    first, second = old.value, new.value
    if isinstance(first, RuleSet) or isinstance(second, RuleSet):
        told = " and ".join(f"{each.id}@{each.version} is {_kind(each)}" for each in (first, second))
        raise BadValue(f"only versions of the same thing can be compared: {told}", hint="name two processes")
    if first.id != second.id:
        raise BadValue(
            f"{first.name} and {second.name} are versions of different processes",
            hint=f"name two versions of '{first.id}', or two of '{second.id}'",
        )
    sources = [Source(each, _definition(read)) for each, read in ((first, old), (second, new))]
    found, unread = _between(*sorted((old, new), key=lambda read: read.value.version))
    return TwoProcesses(sources[0], sources[1], found, unread)


def _kind(value: Process | RuleSet) -> str:
    return "a process" if isinstance(value, Process) else "a rule set"


def _definition(read: Read) -> Definition:
    if read.definition is None:
        raise BadValue(f"'{read.named.name}' is no process")
    return read.definition


def _between(low: Read, high: Read) -> tuple[tuple[Process, ...], tuple[str, ...]]:
    """The versions that the higher one follows, down to the lower one."""
    found: list[Process] = []
    at = high.value
    while isinstance(at, Process) and at.follows and low.value.version < at.follows.version < at.version:
        step = at.follows.version
        try:
            loaded = _beside(high, step)
        except StagewrightError as error:
            return tuple(found), (_unread(high, step, str(error)),)
        if not isinstance(loaded.value, Process):
            return tuple(found), (_unread(high, step, "it does not load"),)
        at = loaded.value
        found.append(at)
    return tuple(found), ()


def _beside(read: Read, version: int) -> AnyLoaded:
    from engine.loading.files import load_file, load_file_of_revision

    if read.path is None:
        name = f"{read.named.name.rpartition('/')[0]}/{version}.yaml"
        return load_file_of_revision(name, folder=read.named.folder)
    return load_file(read.path.with_name(f"{version}.yaml"), workspace=read.root)


def _unread(read: Read, version: int, why: str) -> str:
    name = f"{read.value.id}@{version}"
    return f"{name}, which {read.value.id}@{read.value.version} follows, could not be read, nor what it renamed: {why}"
