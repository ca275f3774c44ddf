"""Which stages and actions of two versions are the same thing, track by track."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.model.names import MAIN
from engine.model.process import Track
from engine.versions.matched import couples
from engine.versions.pair import Pair


@dataclass(frozen=True, slots=True)
class Kin:
    """Counterparts: ``forth`` of the old ids among the new ones, ``back`` the other way.

    Several where something was merged or split; none where it was removed or added.
    """

    forth: Mapping[str, tuple[str, ...]]
    back: Mapping[str, tuple[str, ...]]

    @property
    def couples(self) -> Iterator[tuple[str, str]]:
        """Old id and new id."""
        return ((old, new) for old, found in self.forth.items() for new in found)

    @property
    def any_several(self) -> bool:
        """Whether anything was merged or split."""
        return any(len(found) > 1 for found in (*self.forth.values(), *self.back.values()))

    def single(self, old: str) -> str:
        """The one counterpart of an old id that is nobody else's; empty where there is none such."""
        found = self.forth.get(old, ())
        return found[0] if len(found) == 1 and len(self.back[found[0]]) == 1 else ""

    def name(self, old: str) -> str:
        """What an old id is called in a sentence: as it is now where that is clear."""
        return self.single(old) or old


def tracks_of_both(pair: Pair) -> Iterator[tuple[Track, Track]]:
    """The tracks that both versions have."""
    for old in pair.old.all_tracks():
        new = pair.new.track(old.id)
        if new is not None:
            yield old, new


def stage_kin(pair: Pair, old: Track, new: Track) -> Kin:
    """The counterparts of the stages of a track; only those of the main one are ever renamed."""
    before, after = [stage.id for stage in old.stages], [stage.id for stage in new.stages]
    found = [(one, one) for one in before]
    if old.id == MAIN:
        found = [(one, to) for one in before for to in pair.became.stage(one)]
        found += [(one, to) for to in after for one in pair.back.stage(to)]
    return _kin(before, after, found)


def action_kin(pair: Pair, old: Track, new: Track) -> Kin:
    """The counterparts of the actions of a track."""
    before, after = ([one.id for one in track.actions] for track in (old, new))
    return _kin(before, after, couples(before, after, pair.became.actions, pair.back.actions))


def _kin(before: Iterable[str], after: Iterable[str], found: Iterable[tuple[str, str]]) -> Kin:
    forth: dict[str, dict[str, None]] = {one: {} for one in before}
    back: dict[str, dict[str, None]] = {one: {} for one in after}
    for old, new in found:
        if old in forth and new in back:
            forth[old][new] = back[new][old] = None
    return Kin({one: tuple(to) for one, to in forth.items()}, {one: tuple(to) for one, to in back.items()})
