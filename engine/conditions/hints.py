"""What to write instead, where two kinds of value do not go together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from engine.conditions import days
from engine.conditions.unparse import literal, shown
from engine.model.errors import BadValue
from engine.model.syntax import PERCENT, ContextRef, FactRef, Kind, Literal, Tree, Type
from engine.model.values import parse_date, parse_number, parse_value, plain_number

_WITH_ARTICLE = {
    Kind.YES_NO: "yes-no",
    Kind.NUMBER: "a number",
    Kind.MONEY: "money",
    Kind.PERCENT: "a percent",
    Kind.TEXT: "a text",
    Kind.CHOICE: "a choice",
    Kind.DATE: "a date",
    Kind.DURATION: "a duration",
    Kind.LIST: "a list",
}
_DAY = timedelta(days=1)


def kind_words(kind: Kind) -> str:
    """A kind as it stands in a sentence."""
    return _WITH_ARTICLE[kind]


def said(tree: Tree) -> str:
    """``'amount' is money``."""
    text = shown(tree)
    quote = "" if text.startswith('"') else "'"
    return f"{quote}{text}{quote} is {kind_words(tree.type.kind)}"


def truth_hint(tree: Tree) -> str:
    """How a value that is no condition becomes one."""
    text = shown(tree)
    kind = tree.type.kind
    if isinstance(tree, Literal):
        if isinstance(tree.value, str) and tree.value.lower() in ("true", "false", "yes", "no"):
            return f"write {'true' if tree.value.lower() in ('true', 'yes') else 'false'}, without quotes"
        return "compare a fact with it"
    if not isinstance(tree, (FactRef, ContextRef)):
        return "compare it with a value"
    if kind in (Kind.NUMBER, Kind.MONEY):
        return f"compare it, such as {text} > 0, or ask whether it is known: given({text})"
    if kind is Kind.CHOICE and tree.type.choices:
        return f'compare it, such as {text} == "{tree.type.choices[0]}", or ask whether it is known: given({text})'
    return f"compare it with a value, or ask whether it is known: given({text})"


def order_hint(left: Tree, right: Tree) -> str:
    """What stands for ``<`` where values have no order."""
    if "stage" in (shown(left), shown(right)):
        return 'write reached("…"), or list the stages: stage in ["…"]'
    kinds = (left.type.kind, right.type.kind)
    if Kind.CHOICE in kinds:
        return 'list the choices that are meant: x in ["…"]'
    if kinds == (Kind.YES_NO, Kind.YES_NO):
        return "write and, or, not"
    return "texts can be equal or not; declare the fact as a number or a date to order it"


def mismatch_hint(wanted: Type, other: Tree) -> str:
    """What to write in place of ``other`` beside a value of the wanted type; empty where nothing is obvious."""
    if not isinstance(other, Literal):
        return ""
    if isinstance(other.value, str):
        return _for_text(wanted, other.value)
    if isinstance(other.value, timedelta) and wanted.kind is Kind.NUMBER:
        days = Decimal(other.value // _DAY)
        return f"write {plain_number(days)}: it is a number" + (" of days" if days else "")
    if isinstance(other.value, Decimal):
        return _for_number(wanted, other)
    if isinstance(other.value, bool) and wanted.kind in (Kind.TEXT, Kind.CHOICE):
        return f'put it in quotes: "{shown(other)}"'
    return ""


def _for_text(wanted: Type, text: str) -> str:
    if not text.strip():
        return "an unknown value is asked for by given(x) and blank(x)"
    if wanted.kind is Kind.YES_NO:
        return "write the yes-no fact alone, or not before it" if text.lower() in _TRUTHS else ""
    if wanted.kind is Kind.DATE:
        return _date_hint(text)
    if wanted.kind not in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION):
        return ""
    try:
        value = parse_value(text, wanted)
    except BadValue:
        return _number_in(wanted, text)
    return f"write {literal(value, wanted)}, without quotes"


_TRUTHS = ("true", "false", "yes", "no", "y", "n", "1", "0")


def _date_hint(text: str) -> str:
    try:
        parse_date(text)
    except BadValue:
        return days.meant(text) or 'write date("2026-03-31")'
    return f'write date("{text.strip()}")'


def _number_in(wanted: Type, text: str) -> str:
    """A number that someone wrote with signs of its own: ``5,000``, ``10``, beside percent …."""
    try:
        number = parse_number(text.strip("€$£%' ").replace(",", ""))
    except BadValue:
        return ""
    return _for_number(wanted, Literal(number, Type(Kind.NUMBER))) or f"write {plain_number(number)}, without quotes"


def _for_number(wanted: Type, other: Literal) -> str:
    if not isinstance(other.value, Decimal):
        return ""
    text = shown(other)
    if wanted.kind is Kind.PERCENT and other.type.kind is Kind.NUMBER:
        # 15 and 0.15 are both written where 15% is meant.
        share = other.value if abs(other.value) < 1 else other.value.scaleb(-2)
        return f"write {literal(share, PERCENT)}"
    if wanted.kind is Kind.DURATION and other.type.kind is Kind.NUMBER:
        return f"write {text}d for days" if "." not in text else "write a whole number and min, h, d or w"
    if wanted.kind in (Kind.TEXT, Kind.CHOICE):
        return f'put it in quotes: "{text}"'
    if wanted.kind is Kind.YES_NO and other.value in (0, 1):
        return f"write {'true' if other.value else 'false'}"
    if wanted.kind in (Kind.NUMBER, Kind.MONEY) and other.type.kind is Kind.PERCENT:
        return "write a number, or a percent of something: amount * 15%"
    return 'write date("2026-03-31")' if wanted.kind is Kind.DATE else ""
