"""The history of a process in git: each commit that touched a version, and what it changed in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from engine.commands.options import Where
from engine.commands.versioned import home_of
from engine.loading import git
from engine.model.errors import UnknownName
from engine.model.finding import Severity

if TYPE_CHECKING:
    from engine.loading.loaded import Loaded
    from engine.model.change import Changes
    from engine.model.process import Process
    from engine.model.rule import RuleSet
    from engine.model.table import Table
    from engine.report.versions import CommitRow

_SHORT = 10


def commits(name: str, where: Where, *, most: int) -> Table:
    """``stagewright/commits/1`` of all versions of a process, or of one file, also a rule set, under all its names.

    Raises ``UnknownName`` where there is no repository.
    """
    from engine.report.versions import commits_table

    file = Path(name) if Path(name).is_file() else None
    folder = file.parent if file else home_of(name, where)[0].folder
    if git.prefix(folder) is None:
        raise UnknownName(f"'{folder}' is in no git repository", hint="leave --git out, or go where its repository is")
    # One more than is told: then it is known that there are more.
    found = git.log(file.name if file else ".", folder=folder, most=most + 1)
    told = found[:most]
    revisions = _Revisions(folder)
    revisions.know(_needed(told))
    rows = [_row(commit, touched, revisions) for commit in told for touched in commit.files if _is_version(touched)]
    notes = [] if len(found) <= most else [f"there are older commits; --most {most * 4} shows more"]
    return commits_table(name, rows, notes=notes if rows else ["git knows no commit of it"])


def _is_version(touched: git.Touched) -> bool:
    path = PurePosixPath(touched.path)
    return path.suffix == ".yaml" and path.stem.isdigit()


def _needed(commits: Iterable[git.Commit]) -> Iterator[str]:
    """The revisions that will be read, so that git can be asked once."""
    for commit in commits:
        for touched in filter(_is_version, commit.files):
            yield f"{commit.id}:{touched.path}"
            if commit.parent:
                yield f"{commit.parent}:{touched.before}"


Read: TypeAlias = "Loaded[Process] | Loaded[RuleSet]"


@dataclass(slots=True)
class _Revisions:
    """Processes and rule sets by ``COMMIT:PATH``; those of equal files and equal folders of rules are read once."""

    folder: Path
    _contents: dict[str, tuple[str, str]] = field(default_factory=dict)
    _read: dict[tuple[str, str], Read] = field(default_factory=dict)

    def know(self, names: Iterable[str]) -> None:
        """Asks git for what the files and their rule sets are called."""
        rules = {name: f"{name.partition(':')[0]}:{_top(name.partition(':')[2])}rules" for name in names}
        found = git.ids([*rules, *dict.fromkeys(rules.values())], folder=self.folder)
        self._contents |= {
            name: (found[name], found.get(beside, "")) for name, beside in rules.items() if name in found
        }

    def read(self, name: str) -> Read | None:
        """What the file says in that commit; ``None`` where the commit does not have it."""
        from engine.loading.processes import load_revision
        from engine.loading.rules import load_rule_set_revision

        if name not in self._contents:
            self.know([name])
        key = self._contents.get(name)
        if key is None:
            return None
        if key not in self._read:
            in_rules = PurePosixPath(name.partition(":")[2]).parts[-3:-2] == ("rules",)
            self._read[key] = (load_rule_set_revision if in_rules else load_revision)(name, folder=self.folder)
        return self._read[key]


def _top(path: str) -> str:
    """``sales/`` of ``sales/processes/inside-sales/1.yaml``: where ``rules/`` stands."""
    return "".join(f"{part}/" for part in path.split("/")[:-3])


def _row(commit: git.Commit, touched: git.Touched, revisions: _Revisions) -> CommitRow:
    from engine.report.versions import CommitRow

    new, old, against, problem = _compared(commit, touched, revisions)
    changes = _changes(old, new)
    told = (commit.id[:_SHORT], commit.at, commit.author, commit.subject, touched.path)
    return CommitRow(*told, changes, against, problem)


def _compared(
    commit: git.Commit, touched: git.Touched, revisions: _Revisions
) -> tuple[Process | RuleSet | None, Process | RuleSet | None, str, str]:
    """The file as the commit left it, the one before it, what that one is, and why either cannot be had."""
    if touched.how == "D":
        return None, None, "", "the file was deleted"
    new = revisions.read(f"{commit.id}:{touched.path}")
    if new is None or new.value is None:
        return None, None, "", _why_not(new, "this version")
    if touched.how == "A":
        before = _version_before(commit, touched, revisions.folder)
        old = revisions.read(f"{commit.id}:{before}") if before else None
        against = f"version {PurePosixPath(before).stem}" if before else ""
        return new.value, old.value if old else None, against, _why_not(old, against) if before else ""
    old = revisions.read(f"{commit.parent}:{touched.before}")
    return new.value, old.value if old else None, "the commit before", _why_not(old, "the one before")


def _version_before(commit: git.Commit, touched: git.Touched, folder: Path) -> str:
    """Of a new version, the file of the nearest lower one in the same commit; empty where there is none."""
    path = PurePosixPath(touched.path)
    lower = [
        one
        for one in map(PurePosixPath, git.paths(commit.id, str(path.parent), folder=folder))
        if one.parent == path.parent and one.suffix == ".yaml" and one.stem.isdigit() and int(one.stem) < int(path.stem)
    ]
    return str(max(lower, key=lambda one: int(one.stem))) if lower else ""


def _changes(old: Process | RuleSet | None, new: Process | RuleSet | None) -> Changes | None:
    from engine.model.process import Process
    from engine.model.rule import RuleSet
    from engine.versions.diff import diff
    from engine.versions.rule_set_diff import diff_rule_sets

    match old, new:
        case Process(), Process():
            return diff(old, new)
        case RuleSet(), RuleSet():
            return diff_rule_sets(old, new)
    return None


def _why_not(read: Read | None, which: str) -> str:
    if read is None:
        return f"git does not have {which}"
    if read.value is not None:
        return ""
    first = next((one for one in read.findings if one.severity is Severity.ERROR), None)
    return f"{which} does not load: line {first.at.line}: {first.message}" if first else f"{which} does not load"
