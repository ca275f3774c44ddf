"""Frozen nouns made fast: the same values as their constructors make, field by field, in half the time.

The constructor of a frozen dataclass goes through ``object.__setattr__`` for each field, which for a decision with its
verdicts and clauses costs more than judging it. Each slot has a setter of its own; these are called directly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from engine.model.decision import Clause, Decision, Verdict

_Noun = TypeVar("_Noun")


def maker(noun: type[_Noun]) -> Callable[..., _Noun]:
    """What makes values of a frozen dataclass with slots, from the same arguments as its constructor."""
    names: dict[str, Any] = {"new": object.__new__, "noun": noun}
    parameters, lines = [], []
    for field in fields(noun):  # type: ignore[arg-type]
        names[f"set_{field.name}"] = getattr(noun, field.name).__set__
        # A default that is made anew each time cannot be bound once: such a field must be given.
        parameters.append(field.name if field.default is MISSING else f"{field.name}=default_{field.name}")
        names[f"default_{field.name}"] = field.default
        lines.append(f" set_{field.name}(made, {field.name})")
    code = [f"def make({', '.join(parameters)}):", " made = new(noun)", *lines, " return made"]
    # The text holds names of fields of our own classes, and nothing else.
    exec(compile("\n".join(code), "<maker>", "exec"), names)  # noqa: S102
    made: Callable[..., _Noun] = names["make"]
    return made


make_clause = maker(Clause)
make_verdict = maker(Verdict)
make_decision = maker(Decision)
