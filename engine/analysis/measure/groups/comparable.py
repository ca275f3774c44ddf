"""Where deals of several versions are measured together: which figures stop being comparable, since when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.analysis.measure.groups.compare import APART, short_title
from engine.analysis.measure.periods import date_of
from engine.analysis.measure.view import View
from engine.analysis.words import counted
from engine.model.change import Change, Changes, Level
from engine.model.study import Section
from engine.tables.coded import NEVER, moments, where, whole_numbers

_TOLD = 3
"""So many changes at most are told of each kind; 'diff' tells all."""
_LONG = 380
"""A sentence of more characters is no sentence."""
_RATE = ("outcomes", "groups", "by-period", "cohorts", "velocity")
_STEPS = ("funnel", "dwell", "cycle-time", "pipeline", "chances", "ageing", "stuck", "metrics")


@dataclass(frozen=True, slots=True)
class Effect:
    """Changes of these codes keep figures of these sections from being like those before.

    ``notes_too``: also where a change lets no deal pass that was held before, nor the other way round.
    """

    codes: frozenset[str]
    sections: tuple[str, ...]
    notes_too: bool = True


def _effect(codes: str, *sections: str, notes_too: bool = True) -> Effect:
    return Effect(frozenset(codes.split()), sections, notes_too)


EFFECTS: tuple[Effect, ...] = (
    # Stages: added, removed, merged, split, in another order, another first one, no longer or newly reached.
    _effect("D101 D102 D104 D105 D106 D107 D112 D113", *_STEPS),
    # Ends that count otherwise, and wins that are in or out of reach.
    _effect("D108 D109 D110 D111 D114", *_RATE, "funnel", "cycle-time", "pipeline", "chances", "reasons", "metrics"),
    _effect("D115", "pipeline", "chances"),
    _effect("D116 D117", "ageing", "stuck"),
    # Actions that are new, gone, or lead from and to other stages.
    _effect("D201 D202 D206 D207 D208 D209 D210 D211 D214 D215 D216 D224", "funnel", "dwell", notes_too=False),
    _effect("D217 D911 D912", "contacts"),
    # Requirements and what is asked for, of the process and of its rule sets.
    _effect(
        "D301 D302 D303 D304 D305 D307 D308 D309 D311 D312 D313 D955 D956 D957 D958",
        *("refusals", "deviations", "outcomes", "by-period", "cohorts", "funnel"),
        notes_too=False,
    ),
    _effect("D501 D502 D503 D504 D505", "refusals", "overrides", "dwell"),
    _effect("D554 D555", "overrides"),
    # Clocks that close deals or move them on.
    _effect("D601 D602 D603 D605 D606 D607 D608 D609 D610", *_RATE, "dwell", "reasons", notes_too=False),
    _effect("D451 D452 D454 D457 D458", "reasons"),
    # A metric that is new is reckoned of all deals alike.
    _effect("D803", "metrics", "metrics-by-period"),
    _effect("D902", "by-period", "cohorts", "metrics-by-period"),
    _effect("D903", *_RATE, "pipeline", "reasons", "metrics"),
)
_ENDS = frozenset(("D101", "D102"))
"""A stage that is new or gone; where it is an end, it takes deals from the other ends."""


@dataclass(frozen=True, slots=True)
class Break:
    """Changes from ``old`` to ``new`` that touch the same sections; ``since`` is the day of the first move under it."""

    old: str
    new: str
    since: str
    sections: tuple[str, ...]
    changes: tuple[Change, ...]

    def why(self, most: int) -> str:
        """What changed, in the words of ``diff``: so many changes, and how many there are more."""
        says = list(dict.fromkeys(change.says for change in self.changes))
        more = len(says) - most
        return "; ".join(says[:most]) + (f"; and {counted(more, 'change')} more" if more > 0 else "")


def breaks(view: View, changes: Sequence[Changes]) -> tuple[Break, ...]:
    """What is not comparable across the versions that the deals follow; ``changes`` from each to the next one."""
    versions = view.told.version
    if not len(versions) or versions.min() == versions.max():
        return ()
    first, last = int(versions.min()), int(versions.max())
    return tuple(
        Break(each.old, each.new, _since(view, _number(each.new)), effect.sections, its)
        for each in changes
        if first <= _number(each.old) < _number(each.new) <= last
        for effect in EFFECTS
        if (its := tuple(change for change in each.changes if _touches(view, effect, change)))
    )


def said(found: Sequence[Break], sections: Sequence[Section]) -> tuple[str, ...]:
    """A sentence a break, for the top: which of the sections told here are not what they were before, and why."""
    titles = {section.id: f"'{short_title(section)}'" for section in sections if section.rows}
    sentences = []
    for each in found:
        its = [titles[name] for name in each.sections if name in titles]
        if its:
            sentences.append(_sentence(each, _listed(its)))
    if sentences:
        sentences.append(f"All that changed is told by 'stagewright diff {found[0].old} {found[-1].new}'.")
    return tuple(sentences)


def _sentence(each: Break, sections: str) -> str:
    """As many of the changes as can be read in one sentence."""
    told = [
        f"Changed with {each.new}{each.since}: {each.why(most)}. Not comparable across it: {sections}."
        for most in range(_TOLD, 0, -1)
    ]
    return next((sentence for sentence in told if len(sentence) <= _LONG), told[-1])


def noted(section: Section, found: Sequence[Break]) -> Section:
    """The section with a note for each two versions of which it is not comparable."""
    if not section.rows:
        return section
    pairs = dict.fromkeys(
        (each.old, each.new) for each in found if any(_is_of(section.id, name) for name in each.sections)
    )
    notes = tuple(
        f"'{section.title}' is not comparable across {old} and {new}: what is said at the top tells why."
        for old, new in pairs
    )
    return replace(section, notes=(*section.notes, *notes)) if notes else section


def _is_of(section: str, name: str) -> bool:
    """Whether a section is that of the measure or tells it in another way: ``dwell-with-skips``."""
    return section == name or (section.startswith(f"{name}-") and not section.endswith(f"-{APART}"))


def _touches(view: View, effect: Effect, change: Change) -> bool:
    if change.track != view.process.main.id:
        return False
    if change.code in _ENDS and view.process.main.is_end(change.thing):
        return "D114" in effect.codes
    return change.code in effect.codes and (effect.notes_too or change.level is not Level.NOTE)


def _since(view: View, version: int) -> str:
    """`` (since 2026-02-03)``: the local day of the first dated move under the version; empty where none is."""
    moves = view.told.tables.moves
    its = where(moves, "process", view.process.id) & (whole_numbers(moves, "version") == version)
    entered = moments(moves, "entered_at")[its]
    entered = entered[entered != NEVER]
    return f" (since {date_of(int(entered.min()), view.zone)})" if len(entered) else ""


def _number(name: str) -> int:
    return int(name.rpartition("@")[2])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
