"""Stages that were one for a while and are several again: where a deal of then belongs, no version can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.process import Process
from engine.versions.became import became


def apart_again(old: Process, new: Process, between: Iterable[Process]) -> Mapping[str, tuple[str, ...]]:
    """Of each main stage of ``old`` that was made of several: those which ``new`` has again, in its order.

    ``between`` are further versions, as for ``became``. A stage that is left out is told by ``became`` alone.
    """
    known = tuple(between)
    earlier = sorted((one for one in known if one.version < old.version), key=lambda one: -one.version)
    names = became(old, new, known)
    found: dict[str, tuple[str, ...]] = {}
    for then in earlier:
        back, forth = became(old, then, known), became(then, new, known)
        for stage in old.main.stages:
            if stage.id in found or len(names.stage(stage.id)) > 1 or stage.ends:
                continue
            ends = {to for was in back.stage(stage.id) for to in forth.stage(was)}
            several = tuple(each.id for each in new.main.stages if each.id in ends)
            if len(several) > 1:
                found[stage.id] = several
    return found
