"""Changes in the words of people: levels, places, what a proof shows. Nothing here is escaped yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from engine.model.change import Change, Changes, Level, Relation, Subject
from engine.model.place import NOWHERE, Place
from engine.model.process import Process
from engine.model.rule import Fact, RuleSet
from engine.model.syntax import MONEY, Value
from engine.model.values import show_value
from engine.report.wording import both, count

if TYPE_CHECKING:
    from engine.model.study import Study

MEANS = {
    Level.BREAK: "a deal would be stranded",
    Level.TIGHTER: "something allowed before is refused",
    Level.LOOSER: "something refused before is allowed",
    Level.NOTE: "nothing is refused or allowed by it",
}

_RELATIONS = {
    Relation.SAME: "the same deals pass as before",
    Relation.STRICTER: "fewer deals pass than before",
    Relation.LOOSER: "more deals pass than before",
    Relation.NEITHER: "some deals pass only before, others only now",
}
_BY = {"proof": " (proved)", "form": " (both are written alike)", "search": ""}


@dataclass(frozen=True, slots=True)
class Sides:
    """The two that were compared. ``cannot_tell``: what is said where nobody can tell how two conditions compare."""

    old: Process | RuleSet
    new: Process | RuleSet
    cannot_tell: str = ""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts of both; one that both have as the new version declares it."""
        return {**self.old.facts, **self.new.facts}

    @property
    def new_file(self) -> str:
        """The file of the new version; empty where nobody knows."""
        return self.new.at.file


def ranked(changes: Changes) -> tuple[Change, ...]:
    """Worst first, then by what they are about; changes that are alike in both stay as they are."""
    levels, subjects = list(Level), list(Subject)
    return tuple(sorted(changes.changes, key=lambda one: (levels.index(one.level), subjects.index(one.subject))))


def grouped(changes: Changes) -> Iterator[tuple[Level, tuple[tuple[Subject, tuple[Change, ...]], ...]]]:
    """The changes by level, worst first, and in each by what they are about."""
    for level, found in groupby(ranked(changes), key=lambda change: change.level):
        parts = groupby(found, key=lambda change: change.subject)
        yield level, tuple((subject, tuple(some)) for subject, some in parts)


def counted(changes: Changes) -> str:
    """``12 changes: 1 break, 3 tighter, 2 looser, 6 notes``.

    Where something was not read it is never said that nothing changed.
    """
    if not changes.changes:
        return "nothing can be said: not everything could be read" if changes.unread else "no changes"
    told = [(level, changes.count(level)) for level in Level]
    return f"{count(len(changes.changes), 'change')}: " + ", ".join(level_count(*each) for each in told if each[1])


def level_count(level: Level, number: int) -> str:
    """``1 break``, ``3 tighter``, ``6 notes``."""
    word = level.value
    return count(number, word, word) if level in (Level.TIGHTER, Level.LOOSER) else count(number, word)


def title(changes: Changes) -> str:
    """``From inside-sales@1 to inside-sales@2``; of two texts of one version, that it is one."""
    if changes.old == changes.new:
        return f"{changes.new}, before and now"
    return f"From {changes.old} to {changes.new}"


def users(changes: Changes) -> str:
    """Who uses a rule set; empty for a process."""
    if changes.kind != "rule set":
        return ""
    if not changes.used_by:
        return "no process that could be read uses either version"
    return f"used by {both(changes.used_by)}"


def place_text(place: Place | None, missing: str) -> str:
    """``processes/inside-sales/2.yaml:40``, or what is said where the side does not have it."""
    if place is None or place == NOWHERE:
        return missing
    return f"{place.file}:{place.line}" if place.line else place.file


def proof_says(change: Change, sides: Sides) -> tuple[str, ...]:
    """Sentences on what shows how two conditions compare; none where nothing was compared.

    What is tighter is shown by a deal that is refused now, what is looser by one that is let through.
    """
    proof = change.proof
    if proof is None:
        return ()
    if proof.relation is Relation.UNKNOWN:
        return ("cannot tell which deals pass" + (f": {sides.cannot_tell}" if sides.cannot_tell else ""),)
    shown = []
    if proof.refused is not None and change.level is not Level.LOOSER:
        shown.append(f"{_deal(proof.refused, sides)} passed before and does not now")
    if proof.allowed is not None and change.level is not Level.TIGHTER:
        shown.append(f"{_deal(proof.allowed, sides)} did not pass before and does now")
    shown = shown or [_RELATIONS[proof.relation]]
    return tuple(sentence + _BY.get(proof.by, "") for sentence in shown)


def _deal(known: Mapping[str, Value], sides: Sides) -> str:
    if not known:
        return "a deal of which nothing is known"
    currency = sides.new.currency if isinstance(sides.new, Process) else ""
    return "a deal with " + both(_fact(name, value, sides.facts.get(name), currency) for name, value in known.items())


def _fact(name: str, value: Value, fact: Fact | None, currency: str) -> str:
    text = show_value(value, fact.type if fact else None)
    money = currency and fact is not None and fact.type.kind is MONEY.kind
    return f"{name} {text} {currency}" if money else f"{name} {text}"


def impact_study(changes: Changes) -> Study | None:
    """What the changes mean for the deals that were looked at, as a study; ``None`` where none were."""
    if not changes.impact and not changes.impact_says:
        return None
    # Most changes are told without deals, and need not wait for tables of figures.
    from engine.model.study import Study

    sections, says = changes.impact, changes.impact_says
    return Study("diff", "What it means for deals", "", None, sections, says, currency=changes.currency)


def unread_says(changes: Changes) -> str:
    """The heading above what could not be read."""
    return f"{count(len(changes.unread), 'thing')} could not be read or compared; what is told here is not all"


def lines(text: str) -> Sequence[str]:
    """The lines of what was written, without the blank ones at its ends."""
    return [line.rstrip() for line in text.strip("\n").split("\n")] if text.strip() else []
