"""What is compared with what: two versions of a process or of a rule set, by file, name or git revision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.output import remark
from engine.commands.source import FaultyFile, Source, process_path, workspace_of
from engine.model.errors import BadValue, StagewrightError, UnknownName
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


def compared(old: Named, new: Named, where: Where) -> Compared:
    """What differs between two versions, and they themselves. Raises as ``two_processes`` does."""
    first, second = _read(old, where), _read(new, where)
    if isinstance(first.value, RuleSet) and isinstance(second.value, RuleSet):
        from engine.commands.compared_rules import rule_set_changes

        return Compared(rule_set_changes(first.value, second.value, where), first.value, second.value)
    two = _two(first, second)
    from engine.versions.diff import diff

    found = diff(two.old.process, two.new.process, between=two.between)
    return Compared(replace(found, unread=(*found.unread, *two.unread)), two.old.process, two.new.process, two)


def pair_named(old: str, new: str | None, where: Where, *, base: str = HEAD) -> tuple[Named, Named]:
    """The two that are meant. Without ``new``, ``old`` is compared with what it was in the git revision ``base``, or
    where it was not there with the version before it.

    Raises ``NothingBefore`` where there is none.
    """
    if new is not None:
        return _named(old, where), _named(new, where)
    second = _named(old, where)
    committed = _committed(Path(old), base)
    if committed is not None:
        return committed, second
    return _before(_read(second, where)), second


def _named(name: str, where: Where) -> Named:
    return Named(name, where.workspace or Path())


def _committed(path: Path, base: str) -> Named | None:
    """The file as ``base`` has it; ``None`` where it is not there, or in no repository. Raises ``UnknownName``."""
    from engine.loading import git

    if not path.is_file():
        return None
    above = git.prefix(path.parent)
    if above is None or not git.has_revision(base, folder=path.parent):
        # In a folder without git, and in one where nothing is committed yet, there is no HEAD either.
        if base != HEAD:
            raise UnknownName(
                f"git has no revision '{base}' where '{path}' stands", hint="see 'git log' and 'git branch'"
            )
        return None
    name = f"{base}:{above}{path.name}"
    try:
        git.read(base, f"{above}{path.name}", folder=path.parent)
    except UnknownName:
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
        return process_path(name, where)
    known = shelf.versions(base)
    if not known:
        hint = did_you_mean(base, [*catalog.names(root), *shelf.names()])
        raise UnknownName(f"there is no process and no rule set '{base}'", hint=hint or "name a file, or NAME@VERSION")
    if version in ("", catalog.LATEST):
        version = str(known[-1])
    if not version.isdecimal() or int(version) not in known:
        there = ", ".join(str(one) for one in known)
        raise UnknownName(f"there is no version '{version}' of the rule set '{base}'", hint=f"there is {there}")
    return root / "rules" / base / f"{int(version)}.yaml", root


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
