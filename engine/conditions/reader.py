"""Reads tokens from left to right into a typed tree: operators by how tightly they bind, all mistakes of kind kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from engine.conditions import literals, types, words
from engine.conditions.cursor import Cursor
from engine.conditions.functions import FUNCTIONS, METHODS, call, unknown_function, usage
from engine.conditions.problem import BAD_CALL, GRAMMAR, NOT_OURS, UNKNOWN_NAME, Problem, Stop
from engine.model.scope import Scope
from engine.model.syntax import And, Kind, Literal, Not, Or, Tree, Type

MOST_PROBLEMS = 10
"""Of one expression: enough to see what is wrong, few enough that looking for what was meant takes no time."""

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT = 1, 2, 3, 4, 5, 6
_BINDS = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), _COMPARE),
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
}


class Reader:
    """Reads one text. ``None`` in place of a tree: it has a problem, noted already. Raises ``Stop``."""

    __slots__ = ("_beside", "_cursor", "_places", "_scope", "problems")

    def __init__(self, text: str, scope: Scope) -> None:
        self._cursor = Cursor(text)
        self._scope = scope
        self._places: dict[int, list[int]] = {}
        self._beside: Type | None = None
        self.problems: list[Problem] = []

    def whole(self) -> Tree | None:
        """The tree of the whole text."""
        tree = self._expression(0)
        self._cursor.finish()
        return tree

    def kept(self, result: Tree | Problem | tuple[Problem, ...]) -> Tree | None:
        """The tree; problems in its place are noted."""
        if isinstance(result, Problem):
            result = (result,)
        if not isinstance(result, tuple):
            return result
        self.problems.extend(result[: MOST_PROBLEMS - len(self.problems)])
        if len(self.problems) == MOST_PROBLEMS:
            raise Stop
        return None

    def _expression(self, floor: int) -> Tree | None:
        """What binds more tightly than ``floor``."""
        left = self._unary()
        while True:
            kind, operator, at = self._cursor.token
            binds = _BINDS.get(operator, 0) if kind == "op" else 0
            if binds <= floor:
                return left
            if binds <= _AND:
                left = self._joined(left, operator, binds)
                continue
            self._cursor.count(at)
            self._cursor.at += 1
            self._beside = left.type if left is not None and binds == _COMPARE else None
            start = self._cursor.token[2]
            right = self._expression(binds)
            if operator == "in" and self._cursor.next_is(",") and self._cursor.is_outside:
                raise Stop(Problem(GRAMMAR, start, "a list stands in square brackets", 'write it like x in ["a", "b"]'))
            self._beside = None
            left = self._applied(operator, left, right)
            if binds == _COMPARE:
                self._refuse_chain()

    def _joined(self, first: Tree | None, operator: str, binds: int) -> Tree | None:
        """``a and b and c`` as one; parts in brackets that are joined alike are taken in."""
        parts = [self._condition(first)]
        while self._cursor.next_is(operator):
            self._cursor.count(self._cursor.token[2])
            self._cursor.at += 1
            parts.append(self._condition(self._expression(binds)))
        group = And if operator == "and" else Or
        flat: list[Tree] = []
        for part in parts:
            if part is None:
                return None
            flat.extend(part.parts if isinstance(part, group) else (part,))
        return group(tuple(flat), (flat[0].span[0], flat[-1].span[1]))

    def _condition(self, tree: Tree | None) -> Tree | None:
        return None if tree is None else self.kept(types.yes_no(tree))

    def _applied(self, operator: str, left: Tree | None, right: Tree | None) -> Tree | None:
        if left is None or right is None:
            return None
        if operator in ("+", "-", "*"):
            return self.kept(types.arithmetic(operator, left, right))
        if operator == "in":
            return self.kept(types.contained(left, right, places=self._places.get(right.span[0], ())))
        result = types.compare(operator, left, right)
        if isinstance(result, Problem):
            result = words.fact_meant(words.group_meant(result, right, self._scope), left, right, self._scope)
        return self.kept(result)

    def _refuse_chain(self) -> None:
        kind, operator, at = self._cursor.token
        if kind == "op" and _BINDS.get(operator) == _COMPARE:
            message = f"a comparison cannot be compared again with '{operator}'"
            raise Stop(Problem(GRAMMAR, at, message, "write both and join them: 1 < x and x < 5"))

    def _unary(self) -> Tree | None:
        kind, text, at = self._cursor.token
        if kind == "op" and text in ("!", "not"):
            self._cursor.count(at)
            self._cursor.at += 1
            self._cursor.enter(at)
            part = self._condition(self._expression(_NOT if text == "not" else _PRODUCT))
            self._cursor.depth -= 1
            return None if part is None else Not(part, (at, part.span[1]))
        if kind == "op" and text == "-":
            return self._negative(at)
        return self._with_methods(self._primary())

    def _negative(self, at: int) -> Tree | None:
        """A minus sign before a written number; before a fact it would hide a subtraction from zero."""
        self._cursor.at += 1
        kind, text, start = self._cursor.token
        if kind == "end":
            raise self._cursor.unexpected("a number")
        if kind != "number":
            message = "a minus sign stands only before a written number"
            raise Stop(Problem(NOT_OURS, at, message, "write a subtraction: 0 - x"))
        self._cursor.at += 1
        number = self.kept(literals.number(text, start))
        if isinstance(number, Literal) and isinstance(number.value, (Decimal, timedelta)):
            return Literal(-number.value, number.type, (at, number.span[1]))
        return None

    def _primary(self) -> Tree | None:
        kind, text, at = self._cursor.token
        if kind == "word":
            self._cursor.at += 1
            return self._call(text, at) if self._cursor.next_is("(") else self._named(text, at)
        if kind == "number":
            self._cursor.at += 1
            return self.kept(literals.number(self._with_unit(text, at), at))
        if kind == "text":
            self._cursor.at += 1
            return self.kept(literals.text_of(text, at))
        if kind == "op" and text == "(":
            self._cursor.open(at)
            tree = self._expression(0)
            self._cursor.close(")", at)
            return tree
        if kind == "op" and text == "[":
            return self._list(at)
        raise self._cursor.unexpected("a fact or a value")

    def _list(self, at: int) -> Tree | None:
        items = self._until("]", at)
        span = (at, self._cursor.end)
        written: list[Literal] = []
        for item in items:
            if item is None:
                return None
            if not isinstance(item, Literal) or item.type.kind is Kind.LIST:
                is_group = isinstance(item, Literal)
                hint = (
                    "name one group, without brackets: stage in early"
                    if is_group
                    else "write a fact without brackets, and == to compare"
                )
                return self.kept(Problem(NOT_OURS, item.span[0], "a list holds written values only", hint))
            problem = types.list_item_problem(item, written[0]) if written else None
            if problem:
                return self.kept(problem)
            written.append(item)
        self._places[at] = [item.span[0] for item in written]
        of = Type(Kind.LIST, item=written[0].type if written else None)
        return Literal(tuple(item.value for item in written), of, span)

    def _with_unit(self, number: str, at: int) -> str:
        """The number; with the word after it where that is a unit of time, to be told how it is written."""
        kind, word, start = self._cursor.token
        lower = word.lower()
        if kind != "word" or not (lower in literals.UNIT_WORDS or literals.is_amount(word)):
            return number
        self._cursor.at += 1
        whole = f"{number}{' ' * (start - at - len(number))}{word}"
        return self._with_unit(whole, at) if lower in literals.SIZE_WORDS else whole

    def _named(self, word: str, at: int) -> Tree | None:
        if word in ("track", "actor") or (word == "reason" and self._cursor.part_is("group")):
            return self._dotted(word, at)
        span = (at, at + len(word))
        tree = words.resolve(word, self._scope, span)
        if tree is not None:
            return tree
        if lost := words.other_tongue(word, at, before=self._cursor.token):
            raise Stop(lost)
        whole = self._cursor.dashed(word, at, is_meant=lambda name: words.is_meant(name, self._scope))
        if whole == word:
            whole = self._cursor.spaced(word, is_meant=lambda name: words.text_meant(name, self._scope) != "")
        return self.kept(words.unknown(whole, at, self._scope, beside=self._beside))

    def _dotted(self, owner: str, at: int) -> Tree | None:
        if not self._cursor.next_is("."):
            hint = "write actor.role" if owner == "actor" else "write track. and the name of a track"
            return self.kept(Problem(UNKNOWN_NAME, at, f"'{owner}' cannot stand alone", hint))
        self._cursor.at += 1
        kind, member, start = self._cursor.token
        if kind != "word":
            raise self._cursor.unexpected("a name")
        self._cursor.at += 1
        return self.kept(words.dotted(owner, member, self._scope, (at, start + len(member))))

    def _call(self, name: str, at: int) -> Tree | None:
        opened = self._cursor.token[2]
        self._cursor.count(opened)
        arguments = self._until(")", opened)
        function = FUNCTIONS.get(name) or METHODS.get(name)
        if function is None and name != "date":
            return self.kept(unknown_function(name, at))
        known = tuple(argument for argument in arguments if argument is not None)
        if len(known) < len(arguments):
            return None
        span = (at, self._cursor.end)
        if function is None:
            return self.kept(_date(known, span))
        return self.kept(call(function, known, self._scope, span=span))

    def _with_methods(self, tree: Tree | None) -> Tree | None:
        """``x.lower().contains("a")`` is ``contains(lower(x), "a")``."""
        depth = self._cursor.depth
        while self._cursor.next_is("."):
            self._cursor.at += 1
            kind, name, at = self._cursor.token
            if kind != "word":
                raise self._cursor.unexpected("a name")
            self._cursor.at += 1
            tree = self._method(tree, name, at)
            self._cursor.enter(at)
        self._cursor.depth = depth
        return tree

    def _method(self, tree: Tree | None, name: str, at: int) -> Tree | None:
        if not self._cursor.next_is("("):
            hint = "only track, actor and reason have parts"
            problem = Problem(UNKNOWN_NAME, at, f"nothing has a part '{name}'", hint)
            if name in METHODS:
                raise Stop(Problem(GRAMMAR, at, f"'{name}' stands without its brackets", usage(METHODS[name])))
            return None if tree is None else self.kept(problem)
        opened = self._cursor.token[2]
        self._cursor.count(opened)
        arguments = (tree, *self._until(")", opened))
        function = METHODS.get(name)
        if function is None:
            return self.kept(unknown_function(name, at))
        known = tuple(argument for argument in arguments if argument is not None)
        if tree is None or len(known) < len(arguments):
            return None
        span = (tree.span[0], self._cursor.end)
        return self.kept(call(function, known, self._scope, span=span))

    def _until(self, closing: str, opened: int) -> list[Tree | None]:
        """Expressions between commas, from the opening bracket to the closing one."""
        self._cursor.open(opened)
        found: list[Tree | None] = []
        if not self._cursor.next_is(closing):
            found.append(self._expression(0))
            while self._cursor.next_is(","):
                self._cursor.at += 1
                found.append(self._expression(0))
        self._cursor.close(closing, opened)
        return found


def _date(arguments: tuple[Tree, ...], span: tuple[int, int]) -> Tree | Problem:
    first = arguments[0] if len(arguments) == 1 else None
    if isinstance(first, Literal) and isinstance(first.value, str):
        return literals.date_of(first.value, first.span[0], span)
    message = "'date' takes one day in quotes"
    return Problem(BAD_CALL, span[0], message, 'it is written like date("2026-03-31")')
