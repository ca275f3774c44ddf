"""In which order changes are told: worst first, then by what they are about."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.change import Change, Level, Subject

_LEVELS, _SUBJECTS = tuple(Level), tuple(Subject)


def worst_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes by level, subject, code and thing."""
    return tuple(
        sorted(
            changes,
            key=lambda one: (_LEVELS.index(one.level), _SUBJECTS.index(one.subject), one.code, one.thing),
        )
    )
