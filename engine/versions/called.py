"""What all that earlier versions had is called in one version, for deals that came to it with a past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from engine.model.process import Process
from engine.versions.became import became
from engine.versions.fates import renamed


def called_in(new: Process, others: Iterable[Process]) -> dict[str, Mapping[str, str]]:
    """``stages``, ``actions``, ``facts`` and ``reasons`` to their names in ``new``; what kept its name is left out.

    An id never means two things, so it does not matter in which version it was used.
    """
    found: dict[str, dict[str, str]] = {"stages": {}, "actions": {}, "facts": {}, "reasons": {}}
    versions = [old for old in others if old.id == new.id and old.version != new.version]
    for old in versions:
        names = became(old, new, versions)
        facts = ((f"facts/{was}", name) for was, name in names.facts.items() if name in new.facts)
        reasons = ((f"reasons/{was}", name) for was, name in names.reasons.items())
        for place, name in chain(renamed(old, new, names).items(), facts, reasons):
            of, _, was = place.partition("/")
            if was != name:
                found[of][was] = name
    return dict(found)
