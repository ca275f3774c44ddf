"""A smallest deal that one side lets pass and the other does not: little known about it, values near the edges.

Every deal given was tried on both sides as they are declared, with defaults and tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, product

from engine.conditions.imagine import Imagined, imagined, subject
from engine.conditions.prove_near import Near, near
from engine.conditions.prove_sides import Passes, Side, passes, trees
from engine.conditions.unparse import unparse
from engine.model.syntax import YES_NO, Call, ContextRef, FactRef, Tree, Type, Value

Deal = Mapping[Tree, Value]
"""What is known of a deal: the values of terms. All else is unknown, never done, not reached."""

_MOST_TRIES = 600
_LARGEST_SWEPT = 3


@dataclass(frozen=True)
class Question:
    """Is there a deal that passes the first side and not the second? ``types`` are those of all names, for both."""

    first: Side
    second: Side
    types: Mapping[str, Type]

    @cached_property
    def near(self) -> Near:
        """Values to try for each term that matters."""
        # Edges of the side that refuses come first: "amount 4999" shows best what "amount >= 5000" refuses.
        return near([*trees(self.second), *trees(self.first)], self.types)

    @cached_property
    def passes(self) -> Passes:
        """Whether a deal passes the first side."""
        return passes(self.first)

    @cached_property
    def fails(self) -> Passes:
        """Whether a deal passes the second side, which it should not."""
        return passes(self.second)

    def told_by(self, deal: Deal) -> bool:
        """Whether the deal is one."""
        facts, situation = world(deal)
        return self.passes(facts, situation) and not self.fails(facts, situation)


def world(deal: Deal) -> tuple[Mapping[str, Value], Imagined]:
    """The deal as facts and a situation."""
    reached = frozenset(subject(t) for t in deal if isinstance(t, Call) and t.function == "reached")
    return imagined(deal, reached)


def deal_of(facts: Mapping[str, Value], situation: Imagined, question: Question) -> Deal:
    """What facts and a situation say of the terms that matter."""
    found = ((term, _worth(term, facts, situation)) for term in question.near)
    return {term: value for term, value in found if value is not None}


def _worth(term: Tree, facts: Mapping[str, Value], situation: Imagined) -> Value | None:
    match term:
        case FactRef(name=name):
            return facts.get(name)
        case ContextRef(name="today"):
            return situation.today
        case ContextRef(name=name):
            return situation.words.get(name)
        case Call(function="count"):
            return situation.count(subject(term)) or None
        case Call(function="since"):
            return situation.spans.get(subject(term))
        case Call(function="reached"):
            return subject(term) in situation.stages or None
    return None


def smallest(question: Question) -> Deal | None:
    """A deal of which one thing is known, else two, else three, else nothing; ``None`` where none was tried."""
    terms = _optional(question)
    for size in range(1, _LARGEST_SWEPT + 1):
        found = _first(question, combinations(terms, size))
        if found is not None:
            return found
    return _first(question, [()])


def smaller(question: Question, deal: Deal) -> Deal:
    """The deal with less known, and nicer values, where that also tells the two apart."""
    kept = _dropped(question, deal)
    terms = tuple(term for term in kept if not _is_today(term))
    if len(terms) > 1 or not terms:
        for size in range(1, len(terms) if terms else 2):
            found = _first(question, combinations(_optional(question), size))
            if found is not None:
                return found
    found = nicer(question, kept)
    return kept if found is None else found


def nicer(question: Question, deal: Deal) -> Deal | None:
    """A deal of which the same is known, with values near the edges or its own."""
    values = {term: tuple(dict.fromkeys((*tried, *_own(deal, term)))) for term, tried in question.near.items()}
    terms = tuple(term for term in deal if term in values and not _is_today(term))
    return _first(question, [terms], values)


def _own(deal: Deal, term: Tree) -> tuple[Value, ...]:
    return (deal[term],) if term in deal else ()


def _dropped(question: Question, deal: Deal) -> Deal:
    """The deal without what need not be known; something is known of it if it can be."""
    kept = dict(deal)
    for term in [term for term in deal if not _is_today(term)]:
        fewer = {other: value for other, value in kept.items() if other != term}
        if any(not _is_today(other) for other in fewer) and question.told_by(fewer):
            kept = fewer
    return kept


def _first(question: Question, groups: Iterable[Sequence[Tree]], values: Near | None = None) -> Deal | None:
    """The first deal, of those that know just one of the groups, that tells the two apart."""
    tries = (deal for group in groups for deal in _deals(values or question.near, group))
    return next((deal for deal in islice(tries, _MOST_TRIES) if question.told_by(deal)), None)


def _deals(values: Near, group: Sequence[Tree]) -> Iterator[Deal]:
    terms = (*group, *(term for term in values if _is_today(term)))
    for chosen in product(*(values[term] for term in terms)):
        yield dict(zip(terms, chosen, strict=True))


def _optional(question: Question) -> tuple[Tree, ...]:
    return tuple(term for term in question.near if not _is_today(term))


def _is_today(term: Tree) -> bool:
    """What day it is, is always known."""
    return isinstance(term, ContextRef) and term.name == "today"


def told(question: Question, deal: Deal) -> Mapping[str, Value]:
    """The deal by names: facts and words by their own, the past as conditions write it: ``done("demo")``."""
    return dict(_named(term, value, question.near.get(term, ())) for term, value in deal.items())


def _named(term: Tree, value: Value, tried: Sequence[Value]) -> tuple[str, Value]:
    # Where only being done matters, no other count was worth trying.
    if isinstance(term, Call) and term.function == "count" and value == 1 and tuple(tried) == (value,):
        return unparse(Call("done", term.arguments, YES_NO)), True
    return unparse(term), value
