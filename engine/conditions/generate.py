"""A tree as one Python function, equal to ``evaluate`` and much faster.

The code is put together from pieces written here alone: every id, text and number of the user's is a bound value
(``c0``, ``c1`` …), so nothing that someone wrote in a file is ever compiled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from engine.conditions.arithmetic import for_numbers, for_times
from engine.conditions.evaluate import NUMERIC
from engine.conditions.functions import FUNCTIONS, is_blank
from engine.model.situation import Situation
from engine.model.syntax import (
    And,
    Arithmetic,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Literal,
    Not,
    Or,
    Tree,
    Value,
    walk,
)

Function = Callable[[Mapping[str, Value], Situation], Value | None]
Functions = Callable[[Mapping[str, Value], Situation], tuple[Value | None, ...]]

# The only words of the situation that code may hold: ours, looked up by the user's.
_SITUATION = {
    "today": "situation.today",
    "stage": "situation.stage",
    "to": "situation.to",
    "action": "situation.action",
    "reason": "situation.reason",
    "note": "situation.note",
    "days_in_stage": "situation.days_in_stage",
    "probability": "situation.probability",
    "actor.role": "situation.role",
    "reason.group": "situation.reason_group",
}
_PAST = {
    "done": "situation.done",
    "count": "situation.count",
    "since": "situation.since",
    "reached": "situation.reached",
}
_COMPARISONS = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@lru_cache(maxsize=4096)
def function(tree: Tree) -> Function:
    """The tree as a function of facts and situation; equal trees share one."""
    code = _Code()
    code.hoist((tree,))
    code.verdict(tree)
    made: Function = code.made()
    return made


def functions(trees: Sequence[Tree]) -> Functions:
    """All the trees as one function that gives their values in order: each fact is looked up once."""
    code = _Code()
    code.hoist(trees)
    values = [code.value(tree) for tree in trees]
    code.line(f"return ({''.join(f'{value}, ' for value in values)})")
    made: Functions = code.made()
    return made


class _Code:
    """The lines of a function in the making, and what is bound to its names."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._indent = 2
        self._bound: dict[str, Any] = {}
        self._names = 0
        self._facts: dict[str, str] = {}
        self._never_unknown: set[str] = set()

    def made(self) -> Any:
        """The function, compiled."""
        lines = [f"def make({', '.join(self._bound)}):", " def made(facts, situation):", *self._lines, " return made"]
        space: dict[str, Any] = {}
        exec(compile("\n".join(lines), "<condition>", "exec"), {"__builtins__": {}}, space)  # noqa: S102
        return space["make"](**self._bound)

    def line(self, text: str) -> None:
        self._lines.append(" " * self._indent + text)

    def hoist(self, trees: Sequence[Tree]) -> None:
        """Facts that are read more than once are looked up first; the others where they are read."""
        self.line("get = facts.get")
        reads = Counter(node.name for tree in trees for node in walk(tree) if isinstance(node, FactRef))
        for name, times in reads.items():
            if times > 1:
                self._facts[name] = self._set(f"get({self._bind(name)})")

    def verdict(self, tree: Tree) -> None:
        """Returns the value; the parts of a conjunction or disjunction return as soon as one decides."""
        if not isinstance(tree, (And, Or)):
            self.line(f"return {self.value(tree)}")
            return
        decides = isinstance(tree, Or)
        self.line(f"result = {not decides}")
        for part in tree.parts:
            self._part(part, decides=decides)
        self.line("return result")

    def _part(self, part: Tree, *, decides: bool) -> None:
        test = self._test(part)
        if test is None:
            value = self.value(part)
            self.line(f"if {value} is {decides}: return {decides}")
            if value not in self._never_unknown:
                self.line(f"if {value} is None: result = None")
            return
        unknown, condition = test
        if unknown:
            self.line(f"if {unknown}: result = None")
        self.line(f"{'elif' if unknown else 'if'} {condition if decides else f'not {condition}'}: return {decides}")

    def _test(self, part: Tree) -> tuple[str, str] | None:
        """Of a comparison: when it is unknown, and the bare test for when it is not."""
        if isinstance(part, Compare):
            left, right = self.value(part.left), self.value(part.right)
            return self._unknown(left, right), f"({left} {_COMPARISONS[part.operator]} {right})"
        if isinstance(part, In) and isinstance(part.options, Literal) and part.options.value:
            item = self.value(part.item)
            return self._unknown(item), f"({item} in {self._options(part.options)})"
        return None

    def value(self, tree: Tree) -> str:
        """Writes the lines that find the value, and gives the name that then holds it."""
        match tree:
            case Literal():
                return self._known(self._bind(tree.value))
            case FactRef(name=name):
                return self._facts.get(name) or self._set(f"get({self._bind(name)})")
            case ContextRef(name=name):
                return self._context(name)
            case And() | Or():
                return self._joined(tree)
            case Not(part=part):
                value = self.value(part)
                return self._strict(f"not {value}", value)
            case Compare() | In():
                return self._compared(tree)
            case Arithmetic(operator=operator, left=left, right=right, type=of):
                numeric = left.type.kind in NUMERIC and of.kind in NUMERIC
                apply = self._bind(for_numbers(operator) if numeric else for_times(operator))
                first, second = self.value(left), self.value(right)
                # Dates can leave the calendar, so the result is never sure to be known.
                return self._set(self._guarded(f"{apply}({first}, {second})", first, second))
            case Call():
                return self._called(tree)

    def _compared(self, tree: Compare | In) -> str:
        test = self._test(tree)
        if test is None:
            return self._known(self._set("False"))  # in an empty list
        unknown, condition = test
        name = self._set(f"None if {unknown} else {condition}" if unknown else condition)
        return name if unknown else self._known(name)

    def _context(self, name: str) -> str:
        if name.startswith("track."):
            return self._set(f"situation.track({self._bind(name.removeprefix('track.'))})")
        return self._set(_SITUATION[name])

    def _joined(self, tree: And | Or) -> str:
        """Kleene over the parts: later ones are looked at only while none has decided."""
        decides = isinstance(tree, Or)
        result = self._set(str(not decides))
        indent = self._indent
        for index, part in enumerate(tree.parts):
            if index:
                self._indent = indent
                self.line(f"if {result} is not {decides}:")
                self._indent = indent + 1
            value = self.value(part)
            self.line(f"if {value} is not {not decides}: {result} = {value}")
        self._indent = indent
        return result

    def _called(self, tree: Call) -> str:
        called = FUNCTIONS[tree.function]
        values = [self.value(argument) for argument in tree.arguments]
        if called.name == "given":
            return self._known(self._set(f"{values[0]} is not None"))
        if called.name == "blank":
            return self._known(self._set(f"{self._bind(is_blank)}({values[0]})"))
        if called.apply is None:
            return self._set(f"{_PAST[called.name]}({values[0]})")
        return self._strict(f"{self._bind(called.apply)}({', '.join(values)})", *values)

    def _options(self, options: Literal) -> str:
        values = options.value if isinstance(options.value, tuple) else ()
        return self._bind(frozenset(values))

    def _strict(self, expression: str, *values: str) -> str:
        name = self._set(self._guarded(expression, *values))
        return name if self._unknown(*values) else self._known(name)

    def _guarded(self, expression: str, *values: str) -> str:
        unknown = self._unknown(*values)
        return f"None if {unknown} else {expression}" if unknown else expression

    def _unknown(self, *values: str) -> str:
        """The test whether one of the names holds the unknown; empty where none can."""
        doubtful = dict.fromkeys(value for value in values if value not in self._never_unknown)
        return " or ".join(f"{value} is None" for value in doubtful)

    def _known(self, name: str) -> str:
        self._never_unknown.add(name)
        return name

    def _bind(self, value: object) -> str:
        name = f"c{len(self._bound)}"
        self._bound[name] = value
        return name

    def _set(self, expression: str) -> str:
        self._names += 1
        name = f"t{self._names}"
        self.line(f"{name} = {expression}")
        return name
