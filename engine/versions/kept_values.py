"""Which values of a deal come over to another version, under which names, and in which currency money is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.machine.facts import fits
from engine.model.process import Process
from engine.model.rule import Fact
from engine.model.syntax import Kind, Value
from engine.versions.became import Became

AMOUNT = "amount"
"""The fact that says what a deal is worth."""

_NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Keeping:
    """How the facts of one version come to another. ``risky`` are those that change their name, old to new, or whose
    values may not fit.
    """

    old: Process
    new: Process
    risky: Mapping[str, str]

    def since(self, facts: Mapping[str, Value]) -> Mapping[str, str]:
        """Of the values of a deal those that do not simply stay: what each is called since, empty where it is lost."""
        found = {}
        for before, after in self.risky.items():
            value = facts.get(before)
            if value is not None:
                is_held = _holds(self.new.facts.get(after), value) and _same_money(self.old, self.new, after)
                if after != before or not is_held:
                    found[before] = after if is_held else ""
        return found or _NONE

    def carried(self, facts: Mapping[str, Value]) -> Mapping[str, Value]:
        """The values that come over, under the names that they have since."""
        names = self.since(facts) if self.risky else _NONE
        return carried(facts, names) if names else facts


def keeping(old: Process, new: Process, names: Became) -> Keeping:
    """How the facts of ``old`` come to ``new``; ``names`` says what became of its ids."""
    return Keeping(old, new, dict(_risky(old, new, names)))


def carried(facts: Mapping[str, Value], names: Mapping[str, str]) -> dict[str, Value]:
    """Facts under the names that they have since; those that became nothing are left behind."""
    kept = {name: value for name, value in facts.items() if name not in names}
    return {**kept, **{new: facts[old] for old, new in names.items() if new and old in facts}}


def amount_fact(old: Process, names: Became) -> str:
    """What the amount of a deal is called in the version that it follows."""
    return next((fact for fact in old.facts if names.fact(fact) == AMOUNT), AMOUNT)


def amount_of(facts: Mapping[str, Value], name: str) -> Decimal | None:
    """What a deal is worth by that fact; ``None`` where nobody said."""
    amount = facts.get(name)
    return amount if isinstance(amount, Decimal) else None


def currency_of(followed: Iterable[Process], new: Process) -> str:
    """The currency in which deals that follow these versions are told: theirs or, where they have several, that of
    ``new`` if it is one of them, else the first.
    """
    named = tuple(dict.fromkeys(each.currency for each in followed if each.currency))
    return new.currency if not named or new.currency in named else named[0]


def is_told_in(version: Process, currency: str) -> bool:
    """Whether the money of deals that follow a version is of that currency; one that names none only did not say."""
    return not version.currency or not currency or version.currency == currency


def _risky(old: Process, new: Process, names: Became) -> Iterator[tuple[str, str]]:
    for fact in old.facts.values():
        name = names.fact(fact.id)
        there = new.facts.get(name)
        if there is None or fact.table is not None:
            continue
        if name != fact.id or there.type != fact.type or not _same_money(old, new, name):
            yield fact.id, name
    named = {*old.facts, *map(names.fact, old.facts)}
    # A value that an older version left behind may not fit what is called so again.
    yield from ((fact, fact) for fact in new.facts if fact not in named)


def _same_money(old: Process, new: Process, name: str) -> bool:
    there = new.facts.get(name)
    return there is None or there.type.kind is not Kind.MONEY or is_told_in(old, new.currency)


def _holds(fact: Fact | None, value: Value) -> bool:
    if fact is None or fact.table is not None or not fits(fact, value):
        return False
    return fact.type.kind is not Kind.CHOICE or not fact.type.choices or value in fact.type.choices
