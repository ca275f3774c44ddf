"""Two versions of a rule set compared, and the processes of the workspace that use them named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.options import Where
from engine.model.errors import BadValue
from engine.model.rule import RuleSet

if TYPE_CHECKING:
    from engine.loading.uses import Users
    from engine.model.change import Changes
    from engine.model.process import Process


def rule_set_changes(old: RuleSet, new: RuleSet, where: Where) -> Changes:
    """What differs between two versions of a rule set. Raises ``BadValue`` where they are of different rule sets."""
    if old.id != new.id:
        raise BadValue(
            f"{old.id}@{old.version} and {new.id}@{new.version} are versions of different rule sets",
            hint=f"name two versions of '{old.id}', or two of '{new.id}'",
        )
    from engine.loading import catalog
    from engine.versions.rule_set_diff import diff_rule_sets

    root = where.workspace or catalog.workspace_of(Path(new.at.file))
    users, processes = _users(old.id, {old.version, new.version}, root)
    found = diff_rule_sets(old, new, used_by=users.names, processes=processes)
    unread = (f"'{path}' could not be read: whether it uses {old.id} is not known" for path in users.unread)
    return replace(found, unread=(*found.unread, *unread))


def _users(rule_set: str, versions: set[int], root: Path | None) -> tuple[Users, tuple[Process, ...]]:
    """The processes of a workspace that use one of those versions, as far as they can be read."""
    from engine.loading.processes import load_process
    from engine.loading.uses import Users, users

    if root is None:
        return Users(()), ()
    found = users(rule_set, versions, workspace=root)
    loaded = [load_process(path, workspace=root) for _, path in found.files]
    return found, tuple(process for one in loaded if (process := one.value or one.partial))
