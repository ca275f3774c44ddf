"""The actions of a file beside those of a draft: which do the same, where new stages belong, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.loading import written
from engine.loading.nodes import Keyed
from engine.model.names import STAGE_WORDS
from engine.model.process import Track, targets_from

Edge = tuple[str, str]


def renamed(now: Track, drafted: Track) -> Mapping[str, str]:
    """Drafted actions that somebody calls otherwise, and how: those that lead from and to the same stages."""
    mine = {action.id: _edges(now, action.id) for action in now.actions}
    theirs = {action.id: _edges(drafted, action.id) for action in drafted.actions}
    return {
        name: next((other for other, same in mine.items() if same == edges and other not in theirs), "")
        for name, edges in theirs.items()
        if name not in mine
    }


def not_needed(now: Track, drafted: Track, *, new_stages: frozenset[str]) -> frozenset[str]:
    """Drafted actions that are not to be added: others lead to the same stages, or a stage of them was taken out."""
    have = _all_edges(now)
    stages = {*(stage.id for stage in now.stages), *new_stages, *STAGE_WORDS}
    return frozenset(
        action.id
        for action in drafted.actions
        if _edges(drafted, action.id) <= have or not stages.issuperset((*action.sources, *action.targets))
    )


def widened(
    actions: Keyed, now: Track, drafted: Track, *, new_stages: frozenset[str]
) -> Iterator[tuple[int, int, str]]:
    """Edits that let actions begin in new stages too. That they may not begin elsewhere, somebody may have meant."""
    for action in drafted.actions:
        mine, entry = now.variants(action.id), actions.get(action.id)
        source = entry.get("from") if isinstance(entry, Keyed) else None
        new = [stage for stage in action.sources if stage in new_stages]
        if not new or source is None or len(mine) != 1 or mine[0].targets != action.targets:
            continue
        names = [node.value for node in written.scalars(source)]
        # Where a group or ``open`` is named, what it holds is somebody's to say.
        if set(names) == set(mine[0].sources):
            end = source.start + len(source.source.text[source.start : source.end].rstrip())
            yield source.start, end, f"[{', '.join([*names, *new])}]"


def missing_moves(now: Track, drafted: Track) -> Iterator[str]:
    """The moves of a draft that no action of the file leads to, in words."""
    have = _all_edges(now)
    for name in dict.fromkeys(action.id for action in drafted.actions):
        for source, target in sorted(_edges(drafted, name) - have):
            yield f"frequent in the deals, and no action leads there: from {source} to {target}"


def _all_edges(track: Track) -> frozenset[Edge]:
    return frozenset(edge for action in track.actions for edge in _edges(track, action.id))


def _edges(track: Track, action_id: str) -> frozenset[Edge]:
    return frozenset(
        (source, target)
        for action in track.variants(action_id)
        for source in action.sources
        for target in targets_from(track, action, source)
    )
