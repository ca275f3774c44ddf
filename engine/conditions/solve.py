"""Whether atoms can be so all at once: refuted for certain, or a deal to try them on.

Every refutation is sound for any deal; what is not refuted is only a guess until somebody evaluates it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import islice, product
from typing import TypeGuard

from engine.conditions.atoms import Among, Atom, Holds, Known, terms
from engine.conditions.evaluate import evaluate
from engine.conditions.functions import lower
from engine.conditions.imagine import NEW_YEAR, Imagined, imagined, subject, value_of
from engine.conditions.linear import MEASURED, Form, Row, TooManyRows, above, below, feasible, solve
from engine.model.rule import Fact, Hit
from engine.model.syntax import Call, ContextRef, FactRef, Kind, Literal, Tree, Value

_MOST_GUESSES = 64
_SCALES = (Fraction(1), Fraction(0), Fraction(10**6))


@dataclass(slots=True)
class _Picture:
    """What the atoms say about each term, gathered."""

    known: dict[Tree, bool] = field(default_factory=dict)
    only: dict[Tree, frozenset[Value]] = field(default_factory=dict)
    never: dict[Tree, frozenset[Value]] = field(default_factory=dict)
    holds: dict[Tree, bool] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def refuted(atoms: Iterable[Atom], facts: Mapping[str, Fact]) -> bool:
    """Whether no deal at all can be so. ``False`` also where nobody can tell."""
    picture = _gather(atoms, facts)
    if picture is None or _clash(picture):
        return True
    try:
        return not feasible(_all_rows(picture))
    except TooManyRows:
        return False


def guesses(atoms: Iterable[Atom], facts: Mapping[str, Fact]) -> Iterator[tuple[Mapping[str, Value], Imagined]] | None:
    """Facts and situations that may well be so: each is to be evaluated. ``None`` where no deal at all can be so."""
    picture = _gather(atoms, facts)
    if picture is None or _clash(picture):
        return None
    measures = _measures(picture)
    return None if measures is None else _deals(picture, measures)


def _gather(atoms: Iterable[Atom], facts: Mapping[str, Fact]) -> _Picture | None:
    """All that is said; ``None`` where one atom denies another."""
    picture = _Picture()
    for atom in atoms:
        if isinstance(atom, Known):
            if picture.known.setdefault(atom.term, atom.yes) is not atom.yes:
                return None
        elif isinstance(atom, Among):
            _narrow(picture, atom, facts)
        elif isinstance(atom, Holds):
            if picture.holds.setdefault(atom.leaf, atom.yes) is not atom.yes:
                return None
        elif isinstance(atom, Row):
            picture.rows.append(atom)
    return None if any(_always_known(t, facts) for t, yes in picture.known.items() if not yes) else picture


def _narrow(picture: _Picture, atom: Among, facts: Mapping[str, Fact]) -> None:
    if not atom.yes:
        picture.never[atom.term] = picture.never.get(atom.term, frozenset()) | atom.values
        values = _universe(atom.term, facts)
        if values is None:
            return
    else:
        values = atom.values
    before = picture.only.get(atom.term, _universe(atom.term, facts))
    picture.only[atom.term] = values if before is None else values & before


def _universe(term: Tree, facts: Mapping[str, Fact]) -> frozenset[Value] | None:
    """All values that a term can have, where they are few."""
    declared = facts.get(term.name) if isinstance(term, FactRef) else None
    if declared is not None and declared.table is not None and declared.table.hit is not Hit.SUM:
        said = frozenset(row.then for row in declared.table.rows)
        return said if declared.default is None else said | {declared.default}
    if term.type.kind is Kind.YES_NO:
        return frozenset({True, False})
    if isinstance(term, FactRef) and term.type.kind is Kind.CHOICE and term.type.choices:
        return frozenset(term.type.choices)
    return None


def _always_known(term: Tree, facts: Mapping[str, Fact]) -> bool:
    if isinstance(term, FactRef):
        declared = facts.get(term.name)
        return declared is not None and declared.default is not None and declared.table is None
    return isinstance(term, ContextRef) and term.name == "today"


def _clash(picture: _Picture) -> bool:
    """Whether what is said of texts, choices and opaque leaves cannot be."""
    for leaf, yes in picture.holds.items():
        if isinstance(leaf, Call) and leaf.function == "reached" and not yes:
            _forbid_stage(picture, subject(leaf))
    if any(not _pool(picture, term) for term in picture.only):
        return True
    if any(_is_call(term, "lower") and not any(map(_is_low, pool)) for term, pool in picture.only.items()):
        return True
    if _texts_clash(picture.holds):
        return True
    return any(_impossible(picture, leaf) for leaf in (*picture.holds, *_looked_through(picture)))


def _is_low(value: Value) -> bool:
    """Whether ``lower`` may give this text."""
    return isinstance(value, str) and lower(value) == value


def _forbid_stage(picture: _Picture, stage: str) -> None:
    # Who stands in a stage has reached it.
    for term in [t for t in picture.known if isinstance(t, ContextRef) and t.name == "stage"]:
        picture.never[term] = picture.never.get(term, frozenset()) | {stage}


def _pool(picture: _Picture, term: Tree) -> frozenset[Value]:
    return picture.only.get(term, frozenset()) - picture.never.get(term, frozenset())


def _looked_through(picture: _Picture) -> list[Tree]:
    """Terms that are reckoned from another (``lower(x)``) and narrowed."""
    return [t for t in {**picture.only, **picture.never} if not isinstance(t, (FactRef, ContextRef))]


def _impossible(picture: _Picture, leaf: Tree) -> bool:
    """Whether no choice among the few values of its terms makes the leaf come out as it must."""
    reads = terms(leaf)
    if not reads or any(term not in picture.only for term in reads):
        return False
    pools = [sorted(_pool(picture, term), key=repr) for term in reads]
    choices = list(islice(product(*pools), _MOST_GUESSES + 1))
    if len(choices) > _MOST_GUESSES:
        return False
    return not any(_as_wanted(picture, leaf, dict(zip(reads, choice, strict=True))) for choice in choices)


def _as_wanted(picture: _Picture, leaf: Tree, values: Mapping[Tree, Value]) -> bool:
    found = evaluate(leaf, *imagined(values))
    if leaf in picture.holds:
        return found is picture.holds[leaf]
    only, never = picture.only.get(leaf), picture.never.get(leaf, frozenset())
    return found not in never and (only is None or found in only)


def _texts_clash(holds: Mapping[Tree, bool]) -> bool:
    """``x.contains("ab")`` with ``not x.contains("a")``, and two beginnings or ends that differ."""
    parts = [(leaf, _sought(leaf), yes) for leaf, yes in holds.items() if _is_text_test(leaf)]
    for leaf, text, yes in parts:
        for other, inner, also in parts:
            if not yes or leaf.arguments[0] != other.arguments[0]:
                continue
            if (not also and texts_imply(leaf.function, text, other.function, inner)) or (
                also and texts_apart(leaf.function, text, other.function, inner)
            ):
                return True
    return False


def _is_text_test(leaf: Tree) -> TypeGuard[Call]:
    return (
        isinstance(leaf, Call)
        and leaf.function in ("contains", "starts_with", "ends_with")
        and isinstance(leaf.arguments[1], Literal)
    )


def _sought(leaf: Call) -> str:
    argument = leaf.arguments[1]
    return str(argument.value) if isinstance(argument, Literal) else ""


def texts_imply(function: str, text: str, other: str, inner: str) -> bool:
    """Whether a text that contains, or begins or ends with, ``text`` surely does so with ``inner`` in the other way."""
    if other == "contains":
        return inner in text
    if function != other:
        return not inner
    return text.startswith(inner) if other == "starts_with" else text.endswith(inner)


def texts_apart(function: str, text: str, other: str, inner: str) -> bool:
    """Whether no text can pass both tests."""
    if function != other or function == "contains":
        return False
    if function == "starts_with":
        return not (text.startswith(inner) or inner.startswith(text))
    return not (text.endswith(inner) or inner.endswith(text))


def _measures(picture: _Picture) -> Mapping[Tree, Fraction] | None:
    """Values for all that is measured, ``None`` where there are none; empty where it cannot be reckoned."""
    try:
        return solve(_all_rows(picture))
    except TooManyRows:
        return {}


def _all_rows(picture: _Picture) -> list[Row]:
    measured = dict.fromkeys(term for row in picture.rows for term, _ in row.terms)
    return [*picture.rows, *(row for term in measured for row in _natural(term))]


def _natural(term: Tree) -> tuple[Row, ...]:
    """The bounds that hold in every deal."""
    plain = Form({term: Fraction(1)})
    match term:
        case Call(function="count" | "since" | "size") | ContextRef(name="days_in_stage"):
            return (above(plain, Fraction(0), strict=False),)
        case ContextRef(name="probability"):
            return (above(plain, Fraction(0), strict=False), below(plain, Fraction(1), strict=False))
    return ()


def _deals(picture: _Picture, measures: Mapping[Tree, Fraction]) -> Iterator[tuple[Mapping[str, Value], Imagined]]:
    reached = frozenset(subject(leaf) for leaf, yes in picture.holds.items() if yes and _is_call(leaf, "reached"))
    needed = [term for term, yes in picture.known.items() if yes]
    plain = [term for term in needed if term.type.kind not in MEASURED]
    free = [term for term in needed if term.type.kind in MEASURED and term not in measures]
    fixed = {term: found for term, k in measures.items() if (found := value_of(k, term.type)) is not None}
    texts = [_candidates(picture, term, measures) for term in plain]
    for scale in _SCALES if free else _SCALES[:1]:
        usual = {term: _usual(term, scale) for term in free}
        for choice in islice(product(*texts), _MOST_GUESSES):
            yield imagined({**fixed, **usual, **dict(zip(plain, choice, strict=True))}, reached)


def _is_call(leaf: Tree, function: str) -> TypeGuard[Call]:
    return isinstance(leaf, Call) and leaf.function == function


def _usual(term: Tree, scale: Fraction) -> Value:
    if term.type.kind is Kind.DATE:
        return NEW_YEAR
    found = value_of(scale, term.type)
    return Decimal(1) if found is None else found


def _candidates(picture: _Picture, term: Tree, measures: Mapping[Tree, Fraction]) -> list[Value]:
    """A few values that the term may well have."""
    never = picture.never.get(term, frozenset())
    if term in picture.only:
        options = sorted(picture.only[term] - never, key=repr)
    elif term.type.kind is Kind.YES_NO:
        options = [True, False]
    else:
        options = [o for o in (*term.type.choices, *_texts(picture, term, measures)) if o not in never]
    alone = [leaf for leaf in (*picture.holds, *_looked_through(picture)) if terms(leaf) == (term,)]
    return [o for o in options if all(_as_wanted(picture, leaf, {term: o}) for leaf in alone)][:8]


def _texts(picture: _Picture, term: Tree, measures: Mapping[Tree, Fraction]) -> Iterator[str]:
    """Texts put together from what the leaves ask for; a choice takes no made-up text."""
    if term.type.choices:
        return
    wanted: dict[str, list[str]] = {"starts_with": [], "contains": [], "ends_with": []}
    for leaf, yes in picture.holds.items():
        if yes and _is_text_test(leaf) and terms(leaf) == (term,):
            wanted[leaf.function].append(_sought(leaf))
    begin, end = max(wanted["starts_with"], key=len, default=""), max(wanted["ends_with"], key=len, default="")
    body = begin + "".join(wanted["contains"]) + end
    for leaf, size in measures.items():
        if _is_call(leaf, "size") and terms(leaf) == (term,):
            for filler in "x ":
                yield begin + "".join(wanted["contains"]).ljust(int(size) - len(begin) - len(end), filler) + end
    for leaf, values in picture.only.items():
        if _is_call(leaf, "lower") and terms(leaf) == (term,):
            yield from (text for value in sorted(map(str, values)) for text in (value, value.upper(), value.title()))
    yield from dict.fromkeys((body, begin, end, "x", "y", " ", ""))
