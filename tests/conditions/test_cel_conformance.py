"""The conformance tests of CEL: whatever of it our language reads must come out as CEL says."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.conditions import generate
from engine.conditions.evaluate import evaluate
from engine.conditions.parse import read
from engine.model.scope import Scope
from engine.model.syntax import NUMBER, TEXT, YES_NO
from tests.conditions import textproto
from tests.conditions.world import Now

FOLDER = Path(__file__).parents[2] / "../shared/data/cel-spec"
KINDS = {"INT64": NUMBER, "UINT64": NUMBER, "DOUBLE": NUMBER, "BOOL": YES_NO, "STRING": TEXT}

# Why a test of CEL's is none of ours, by what our first finding on it says.
REASONS = (
    (r"unknown function 'dyn'", "dyn(): here the kind of each value is known when the file is checked"),
    (r"unknown fact '(TestAllTypes|google)'|maps or messages", "maps and messages"),
    (r"unknown name 'null'|unknown fact 'null'", "null: here one asks for given(x)"),
    (r"there is one kind of text", "bytes and raw texts"),
    (r"unknown (fact|function)|nothing has a part", "names of a kind that facts do not have, or that nobody declared"),
    (r"'\w+[uU]' is not a number", "unsigned numbers"),
    (r"is not a number|digit|'\.' stands", "numbers of more digits than ours, or without one before the point"),
    (r"no division", "division"),
    (r"no '\? :'", "the choice ? :"),
    (r"does not order", "an order of texts or of yes-no values"),
    (
        r"lists are not compared|is a list|'\[' stands|'list holds|a list holds",
        "lists compared, joined, indexed or of several kinds",
    ),
    (r"not a condition|cannot be compared", "kinds that do not go together"),
    (r"nested deeper", "nested deeper than 24"),
)


@dataclass(frozen=True)
class Case:
    name: str
    expression: str
    scope: Scope
    facts: dict[str, Any]
    kind: str
    value: Any


def _value(message: dict[str, list[Any]]) -> tuple[str, Any]:
    kind = next(iter(message))
    value = message[kind][0]
    if kind in ("int64_value", "uint64_value", "double_value"):
        return kind, Decimal(value)
    if kind == "list_value":
        return kind, tuple(_value(item)[1] for item in value.get("values", []))
    return kind, value


def _scope(test: dict[str, list[Any]]) -> Scope:
    facts = {}
    for declared in test.get("type_env", []):
        of = declared["ident"][0]["type"][0].get("primitive", [""])[0]
        if of in KINDS:
            facts[declared["name"][0]] = KINDS[of]
    return Scope(facts=facts)


def _case(section: str, test: dict[str, list[Any]]) -> Case:
    # A test that names no result expects true.
    kind, value = ("error", None) if "eval_error" in test else _value(test.get("value", [{"bool_value": [True]}])[0])
    facts = {
        binding["key"][0]: _value(binding["value"][0]["value"][0])[1]
        for binding in test.get("bindings", [])
        if "value" in binding["value"][0]
    }
    name = f"{section}/{test['name'][0]}"
    return Case(name, test["expr"][0], _scope(test), facts, kind, value)


def _cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.textproto")):
        for section in textproto.parse(path.read_text(encoding="utf-8"))["section"]:
            for test in section["test"]:
                yield _case(section["name"][0], test)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    if not FOLDER.is_dir():
        pytest.skip("the conformance tests of CEL are not here")
    return list(_cases())


def _accepted(cases: list[Case]) -> Iterator[tuple[Case, Any]]:
    for case in cases:
        expression, _ = read(case.expression, case.scope, expects=None)
        if expression is not None:
            yield case, expression.tree


def _reason(case: Case) -> str:
    _, findings = read(case.expression, case.scope, expects=None)
    return next((why for pattern, why in REASONS if re.search(pattern, findings[0].message)), findings[0].message)


def test_every_condition_that_we_read_has_the_answer_of_cel(
    cases: list[Case], capsys: pytest.CaptureFixture[str]
) -> None:
    conditions = [case for case in cases if case.kind == "bool_value"]
    accepted = list(_accepted(conditions))
    wrong = [case.name for case, tree in accepted if evaluate(tree, case.facts, Now()) is not case.value]
    assert wrong == []
    names = {case.name for case, _ in accepted}
    left_out = Counter(_reason(case) for case in conditions if case.name not in names)
    told = [f"CEL: {len(accepted)} of {len(conditions)} boolean tests are conditions of ours; left out:"]
    told += [f"  {count:4} {reason}" for reason, count in left_out.most_common()]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(told) + "\n")
    assert len(accepted) >= 65
    assert set(left_out) <= {why for _, why in REASONS}


def test_every_other_value_that_we_read_is_that_of_cel(cases: list[Case]) -> None:
    accepted = [(case, tree) for case, tree in _accepted(cases) if case.kind not in ("bool_value", "error")]
    wrong = [case.name for case, tree in accepted if evaluate(tree, case.facts, Now()) != case.value]
    assert wrong == []
    assert len(accepted) >= 50


def test_the_generated_form_has_the_answers_of_cel_too(cases: list[Case]) -> None:
    accepted = [(case, tree) for case, tree in _accepted(cases) if case.kind != "error"]
    wrong = [case.name for case, tree in accepted if generate.function(tree)(case.facts, Now()) != case.value]
    assert wrong == []


def test_where_cel_only_runs_out_of_room_the_exact_number_is_given(cases: list[Case]) -> None:
    # CEL's whole numbers have 64 bits and overflow; ours are exact. These are the only errors of CEL that we read.
    found = {case.expression: evaluate(tree, {}, Now()) for case, tree in _accepted(cases) if case.kind == "error"}
    assert found == {
        "5000000000 * 5000000000": Decimal(25 * 10**18),
        "(-5000000000) * 5000000000": Decimal(-25 * 10**18),
    }
