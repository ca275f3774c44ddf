"""The version before: whether what ``follows`` says it had was there, where its file stands beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.loading import codes, written
from engine.loading.document import read_document
from engine.loading.loaded import Findings
from engine.loading.merged import check_merged
from engine.loading.nodes import Items, Node
from engine.loading.shelf import Shelf
from engine.model.errors import UnreadableFile
from engine.model.names import did_you_mean

_CODES = {
    "stages": codes.UNKNOWN_STAGE,
    "actions": codes.UNKNOWN_ACTION,
    "facts": codes.UNKNOWN_FACT,
    "reasons": codes.UNKNOWN_REASON,
}


def check_before(path: Path, root: Node | None, shelf: Shelf, found: Findings) -> None:
    """Tells old names that the version before did not have: a deal would wait for them in vain.

    Told too: that it follows this one in turn, and that stages which become one had asked for different things.
    """
    follows = written.get(root, "follows")
    version, this = written.number(written.get(follows, "version")), written.number(written.get(root, "version"))
    if version is None or version == this:
        return
    try:
        before = read_document(path.with_name(f"{version}.yaml")).root
    except UnreadableFile:
        return
    for section, code in _CODES.items():
        old = _declared(before, section, shelf)
        for key, _ in written.pairs(written.get(follows, section)):
            # A version that cannot be read, or not whole, is told when it is checked.
            if old and key.value not in old:
                message = f"version {version} has no {section.removesuffix('s')} '{key.value}'"
                found.error(code, key.at, message, _hint(key.value, section, old, before))
    _check_circle(follows, before, this, found)
    check_merged(written.get(follows, "stages"), written.get(before, "stages"), found)


def _hint(name: str, section: str, old: tuple[str, ...], before: Node | None) -> str:
    for track, holder in written.pairs(written.get(before, "tracks")) if section == "stages" else ():
        if written.get(written.get(holder, "stages"), name) is not None:
            return f"track '{track.value}' has one; only stages of the main track can be renamed, so delete the line"
    return did_you_mean(name, old, most=10) or "delete the line"


def _check_circle(follows: Node | None, before: Node | None, this: int | None, found: Findings) -> None:
    """Told in both files: which of the two is wrong nobody can say."""
    version = written.scalar(written.get(follows, "version"))
    back = written.number(written.get(written.get(before, "follows"), "version"))
    if version is not None and this is not None and back == this and int(version.value) < this:
        message = f"version {this} follows version {version.value}, which says that it follows version {this}"
        found.error(codes.FOLLOWS_LATER, version.at, message, f"mend 'follows' in version {version.value}")


def _declared(before: Node | None, section: str, shelf: Shelf) -> tuple[str, ...]:
    """What the version before had; nothing where a rule set that it used may have had more."""
    own = tuple(_reasons(before) if section == "reasons" else _keys(before, section))
    if section not in ("facts", "reasons"):
        return own
    shared = _shared(before, section, shelf)
    return () if shared is None else tuple(dict.fromkeys((*own, *shared)))


def _holders(before: Node | None) -> Iterator[Node | None]:
    yield before
    yield from (value for _, value in written.pairs(written.get(before, "tracks")))


def _keys(before: Node | None, section: str) -> Iterator[str]:
    holders = _holders(before) if section == "actions" else (before,)
    for holder in holders:
        yield from (key.value for key, _ in written.pairs(written.get(holder, section)))


def _reasons(before: Node | None) -> Iterator[str]:
    for holder in _holders(before):
        for _, action in written.pairs(written.get(holder, "actions")):
            for one in action.nodes if isinstance(action, Items) else (action,):
                yield from (key.value for key, _ in written.pairs(written.get(one, "reasons")))


def _shared(before: Node | None, section: str, shelf: Shelf) -> tuple[str, ...] | None:
    """What its rule sets had; ``None`` where one of them is not there."""
    names: list[str] = []
    for key, value in written.pairs(written.get(before, "uses")):
        version = written.number(value)
        if version is None or version not in shelf.versions(key.value):
            return None
        listed = written.get(shelf.document(key.value, version).root, section)
        holders = (listed,) if section == "facts" else tuple(one for _, one in written.pairs(listed))
        names += [name.value for holder in holders for name, _ in written.pairs(holder)]
    return tuple(names)
