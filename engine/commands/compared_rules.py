"""Two versions of a rule set compared, and the processes of the workspace that use them named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.commands.source import workspace_of
from engine.model.errors import BadValue, UnknownName
from engine.model.rule import RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.model.change import Changes
    from engine.model.process import Process


def rule_set_changes(old: RuleSet, new: RuleSet, where: Where) -> Changes:
    """What differs between two versions of a rule set. Raises ``BadValue`` where they are of different rule sets."""
    if old.id != new.id:
        raise BadValue(
            f"{old.id}@{old.version} and {new.id}@{new.version} are versions of different rule sets",
            hint=f"name two versions of '{old.id}', or two of '{new.id}'",
        )
    from engine.versions.rule_set_diff import diff_rule_sets

    users, unread = _users(old.id, {old.version, new.version}, where)
    found = diff_rule_sets(old, new, processes=users)
    return replace(found, unread=(*found.unread, *unread))


def _users(rule_set: str, versions: set[int], where: Where) -> tuple[tuple[Process, ...], tuple[str, ...]]:
    """The processes of the workspace that use one of those versions, and sentences on those that cannot be read."""
    from engine.loading.processes import load_process

    users, unread = [], []
    for path in _processes_near(where):
        # Few processes use a rule set: most files need not be parsed to know that.
        if rule_set not in path.read_text(encoding="utf-8", errors="replace"):
            continue
        loaded = load_process(path)
        process = loaded.value or loaded.partial
        if process is None:
            unread.append(f"'{path}' could not be read: whether it uses {rule_set} is not known")
        elif any(name == rule_set and version in versions for name, version in process.uses):
            users.append(process)
    return tuple(users), tuple(unread)


def _processes_near(where: Where) -> Iterator[Path]:
    from engine.loading import catalog

    try:
        root = workspace_of(where)
    except UnknownName:
        return
    for name in catalog.names(root):
        yield from (root / "processes" / name / f"{each}.yaml" for each in catalog.versions(name, workspace=root))
