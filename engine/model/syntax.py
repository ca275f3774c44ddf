"""The syntax tree of a condition: what the parser makes, and every reader reads.

Spans are offsets in the text, left out of comparison: two trees are equal when they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

Value = bool | Decimal | str | date | timedelta | tuple["Value", ...]
"""What a fact or an expression can be; ``None`` beside it means unknown. Percent 15% is Decimal 0.15."""

Span = tuple[int, int]


class Kind(Enum):
    """The kinds of value. The first nine are the types a fact may have."""

    YES_NO = "yes-no"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    DURATION = "duration"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Type:
    """A kind; a choice has its ``choices`` (empty: any), a list the type of its items."""

    kind: Kind
    choices: tuple[str, ...] = ()
    item: Type | None = None

    def __str__(self) -> str:
        return self.kind.value

    def __hash__(self) -> int:
        # Trees are keys of many dicts; the name of the kind tells types apart well enough, and is quick.
        return hash(self.kind.value)


YES_NO, NUMBER, MONEY, PERCENT = Type(Kind.YES_NO), Type(Kind.NUMBER), Type(Kind.MONEY), Type(Kind.PERCENT)
TEXT, DATE, DURATION = Type(Kind.TEXT), Type(Kind.DATE), Type(Kind.DURATION)


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out: ``5000``, ``15%``, ``30d``, ``"won"``, ``true``, ``["a"]``, ``date("2026-03-31")``."""

    value: Value
    type: Type
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class FactRef:
    """The value of a fact; unknown where it is not recorded."""

    name: str
    type: Type
    span: Span = field(default=(0, 0), compare=False)

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class ContextRef:
    """What the situation tells: ``today``, ``stage``, ``reason``, ``reason.group``, ``track.legal`` …."""

    name: str
    type: Type
    span: Span = field(default=(0, 0), compare=False)

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class And:
    """True when all parts are; at least two parts, none of them an ``And``."""

    parts: tuple[Tree, ...]
    span: Span = field(default=(0, 0), compare=False)
    type: Type = field(default=YES_NO, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """True when any part is; at least two parts, none of them an ``Or``."""

    parts: tuple[Tree, ...]
    span: Span = field(default=(0, 0), compare=False)
    type: Type = field(default=YES_NO, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false."""

    part: Tree
    span: Span = field(default=(0, 0), compare=False)
    type: Type = field(default=YES_NO, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """``operator`` is one of ``== != < <= > >=``."""

    operator: str
    left: Tree
    right: Tree
    span: Span = field(default=(0, 0), compare=False)
    type: Type = field(default=YES_NO, compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """Whether the item is among the options; an empty list holds nothing, not even the unknown."""

    item: Tree
    options: Tree
    span: Span = field(default=(0, 0), compare=False)
    type: Type = field(default=YES_NO, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``operator`` is one of ``+ - *``."""

    operator: str
    left: Tree
    right: Tree
    type: Type
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language; ``given(x)`` and ``blank(x)`` hold a FactRef, ``done("x")`` a Literal."""

    function: str
    arguments: tuple[Tree, ...]
    type: Type
    span: Span = field(default=(0, 0), compare=False)


Tree = Literal | FactRef | ContextRef | And | Or | Not | Compare | In | Arithmetic | Call


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees one level below."""
    match tree:
        case And(parts=parts) | Or(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case In(item=item, options=options):
            return (item, options)
        case Call(arguments=arguments):
            return arguments
    return ()


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and all below it, in the order they are written."""
    yield tree
    for child in children(tree):
        yield from walk(child)


def facts_read(tree: Tree) -> frozenset[str]:
    """The ids of the facts that the tree looks at."""
    return frozenset(node.name for node in walk(tree) if isinstance(node, FactRef))
