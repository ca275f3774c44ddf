"""Tree to text, in the one spelling of the language: reading it again gives the same tree."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from engine.model.syntax import (
    And,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Or,
    Tree,
    Type,
    Value,
)
from engine.model.values import duration_text, plain_number

# How tightly each binds; a part that binds less tightly than its place asks for stands in brackets.
OR, AND, NOT, COMPARE, SUM, PRODUCT, UNIT = 1, 2, 3, 4, 5, 6, 7

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONGEST_DAYS = timedelta(days=9_999_999)


def unparse(tree: Tree) -> str:
    """The text of a tree."""
    return _write(tree, OR)


def shown(tree: Tree) -> str:
    """The text of a tree in a message: cut short where it is long."""
    text = unparse(tree)
    return text if len(text) <= 50 else text[:49] + "…"


def _write(tree: Tree, place: int) -> str:
    match tree:
        case Literal(value=value, type=of):
            return literal(value, of)
        case FactRef(name=name) | ContextRef(name=name):
            return name
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(_write(argument, OR) for argument in arguments)})"
        case Not(part=part):
            # Where it is an operand the sign is used: it binds more tightly than the word.
            return f"not {_write(part, NOT)}" if place <= NOT else f"!{_write(part, UNIT)}"
        case And(parts=parts):
            return _inside(" and ".join(_write(part, NOT) for part in parts), AND, place)
        case Or(parts=parts):
            return _inside(" or ".join(_write(part, AND) for part in parts), OR, place)
        case In(item=item, options=options):
            return _inside(f"{_write(item, SUM)} in {_write(options, SUM)}", COMPARE, place)
        case Compare(operator=operator, left=left, right=right):
            return _inside(f"{_write(left, SUM)} {operator} {_write(right, SUM)}", COMPARE, place)
        case Arithmetic(operator=operator, left=left, right=right):
            own = PRODUCT if operator == "*" else SUM
            return _inside(f"{_write(left, own)} {operator} {_write(right, own + 1)}", own, place)


def _inside(text: str, own: int, place: int) -> str:
    return f"({text})" if own < place else text


def literal(value: Value, of: Type) -> str:
    """A value as it is written in an expression; its type tells percent from number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain_number(value.scaleb(2)) + "%" if of.kind is Kind.PERCENT else plain_number(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    items = of.item
    return "[" + ", ".join(literal(item, items or of) for item in value) + "]"


def _duration(span: timedelta) -> str:
    # A number of weeks can have more days than a number may have digits.
    return f"{span // timedelta(weeks=1)}w" if abs(span) > _LONGEST_DAYS else duration_text(span)


def quoted(text: str) -> str:
    """A text in quotes; what cannot be printed is written as an escape."""
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escape(c)) for c in text) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
