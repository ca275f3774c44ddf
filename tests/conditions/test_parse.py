"""Text to typed tree: what each spelling means, and where findings stand in the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.conditions.parse import read
from engine.model.place import Origin, Place
from engine.model.scope import Scope
from engine.model.syntax import (
    DATE,
    DURATION,
    MONEY,
    NUMBER,
    PERCENT,
    TEXT,
    YES_NO,
    And,
    Call,
    Compare,
    ContextRef,
    FactRef,
    In,
    Kind,
    Literal,
    Not,
    Or,
    Type,
)
from tests.conditions.world import ROLES, SCOPE, STAGES, tree_of

AMOUNT = FactRef("amount", MONEY)
HOLD = FactRef("export_hold", YES_NO)
SURE = FactRef("budget_confirmed", YES_NO)
ROLE = Type(Kind.CHOICE, ROLES)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("budget_confirmed && export_hold", "budget_confirmed and export_hold"),
        ("budget_confirmed AND export_hold", "budget_confirmed and export_hold"),
        ("budget_confirmed || !export_hold", "budget_confirmed Or NOT export_hold"),
        ("not amount > 5", "!(amount > 5)"),
        ("!budget_confirmed == export_hold", "(not budget_confirmed) == export_hold"),
        ("budget_confirmed or export_hold and done('call')", "budget_confirmed or (export_hold and done('call'))"),
        ("(budget_confirmed and export_hold) and done('call')", "budget_confirmed and export_hold and done('call')"),
        ("amount-5>3", "(amount - 5) > 3"),
        ("amount - 5 - 3 > 0", "(amount - 5) - 3 > 0"),
        ("amount + 2 * seats > 0", "amount + (2 * seats) > 0"),
        ("competitor.contains('a')", 'contains(competitor, "a")'),
        ("competitor.startsWith('a')", 'starts_with(competitor, "a")'),
        ("competitor.lower().endsWith('a')", 'ends_with(lower(competitor), "a")'),
        ("stage in early", 'stage in ["prospect", "qualified"]'),
        ("not early", 'not (stage in ["prospect", "qualified"])'),
        ("amount\n  >= 5000", "amount >= 5000"),
        ("amount >= 5e3", "amount >= 5000.00"),
        ("wait > 2w", "wait > 14d"),
    ],
)
def test_two_spellings_mean_the_same(text: str, same: str) -> None:
    assert tree_of(text) == tree_of(same)


def test_an_expression_is_a_typed_tree() -> None:
    assert tree_of('amount >= 5000 and (contact_role in ["champion"] or not export_hold)') == And(
        (
            Compare(">=", AMOUNT, Literal(Decimal(5000), NUMBER)),
            Or((In(FactRef("contact_role", ROLE), Literal(("champion",), Type(Kind.LIST, item=ROLE))), Not(HOLD))),
        )
    )


def test_a_group_alone_means_that_the_deal_stands_in_one_of_its_stages() -> None:
    stage = Type(Kind.CHOICE, STAGES)
    options = Literal(STAGES[:4], Type(Kind.LIST, item=stage))
    assert tree_of("open") == In(ContextRef("stage", stage), options)
    assert tree_of("open and budget_confirmed") == And((tree_of("open"), SURE))


@pytest.mark.parametrize(
    ("text", "value", "of"),
    [
        ("5000", Decimal(5000), NUMBER),
        ("12.50", Decimal("12.5"), NUMBER),
        ("-3", Decimal(-3), NUMBER),
        ("15%", Decimal("0.15"), PERCENT),
        ("0.5%", Decimal("0.005"), PERCENT),
        ("-15%", Decimal("-0.15"), PERCENT),
        ("30d", timedelta(days=30), DURATION),
        ("2w", timedelta(weeks=2), DURATION),
        ("12h", timedelta(hours=12), DURATION),
        ("30min", timedelta(minutes=30), DURATION),
        ("-2d", timedelta(days=-2), DURATION),
        ('date("2026-03-31")', date(2026, 3, 31), DATE),
        ("'a\"b'", 'a"b', TEXT),
        ('"τ\\u00e9\\n\\x41\\101\\\\"', "τé\nAA\\", TEXT),
        ("true", True, YES_NO),
        ("[1, 2.0]", (Decimal(1), Decimal(2)), Type(Kind.LIST, item=NUMBER)),
        ("[]", (), Type(Kind.LIST)),
    ],
)
def test_a_written_value_is_exact_and_typed(text: str, value: object, of: Type) -> None:
    tree = tree_of(text, expects=None)
    assert isinstance(tree, Literal)
    assert (tree.value, tree.type) == (value, of)
    assert tree.span == (0, len(text))


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("amount * probability", MONEY),
        ("amount * 0.9", MONEY),
        ("10% * amount", MONEY),
        ("amount + budget", MONEY),
        ("amount - 100", MONEY),
        ("seats * 2", NUMBER),
        ("seats * 10%", NUMBER),
        ("2 * discount", PERCENT),
        ("discount + 5%", PERCENT),
        ("decision_date - today", DURATION),
        ("today + 30d", DATE),
        ("2w + today", DATE),
        ("signed_on - wait", DATE),
        ("wait - 2d", DURATION),
        ('since("call")', DURATION),
        ('count("call") + 1', NUMBER),
        ("size(note)", NUMBER),
        ("days_in_stage", NUMBER),
        ("lower(note)", TEXT),
        ("probability", PERCENT),
        ("stage", Type(Kind.CHOICE, STAGES)),
        ("reason", Type(Kind.CHOICE, SCOPE.reasons)),
        ("action", Type(Kind.CHOICE, SCOPE.actions)),
        ("actor.role", Type(Kind.CHOICE, SCOPE.roles)),
        ("reason.group", Type(Kind.CHOICE, SCOPE.reason_groups)),
        ("reason.contains('p')", YES_NO),
        ("track.legal", Type(Kind.CHOICE, SCOPE.tracks["legal"])),
    ],
)
def test_what_is_reckoned_has_a_kind(text: str, of: Type) -> None:
    assert tree_of(text, expects=None).type == of


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("5000", MONEY),
        ("amount * 2", NUMBER),
        ('"champion"', ROLE),
        ("contact_role", ROLE),
        ("contact_role", Type(Kind.CHOICE)),
        ("contact_role", TEXT),
        ("today", DATE),
        ("15%", PERCENT),
        ("early", YES_NO),
    ],
)
def test_a_value_fits_a_place_of_its_kind(text: str, expects: Type) -> None:
    expression, findings = read(text, SCOPE, expects=expects, what="value")
    assert (expression is not None, findings) == (True, ())


@pytest.mark.parametrize(
    ("text", "expects", "message", "hint"),
    [
        ("today", MONEY, "the value of 'x' must be money, and 'today' is a date", ""),
        ("15", PERCENT, "the value of 'x' must be a percent, and '15' is a number", "write 15%"),
        (
            '"2026-03-31"',
            DATE,
            "the value of 'x' must be a date, and \"2026-03-31\" is a text",
            'write date("2026-03-31")',
        ),
        ('"usr"', ROLE, "'usr' is not one of the choices of the value of 'x'", "did you mean 'user'?"),
        (
            "stage",
            ROLE,
            "'stage' can be something else than the choices of the value of 'x'",
            f"known: {', '.join(ROLES)}",
        ),
        ("competitor", ROLE, "the value of 'x' must be a choice, and 'competitor' is a text", ""),
        ("amount", TEXT, "the value of 'x' must be a text, and 'amount' is money", ""),
    ],
)
def test_a_value_of_another_kind_than_its_place_takes_is_a_finding(
    text: str, expects: Type, message: str, hint: str
) -> None:
    expression, findings = read(text, SCOPE, expects=expects, what="value of 'x'")
    assert expression is None
    assert [(f.message, f.hint) for f in findings] == [(message, hint)]


def test_an_empty_text_is_a_finding() -> None:
    _, findings = read(" \n", SCOPE, what="guard")
    assert [f.message for f in findings] == ["the guard is empty"]


def test_all_mistakes_of_name_and_kind_are_gathered_in_order() -> None:
    _, findings = read('ammount > 5 and seats == "x" and contact_role == "usr" and 5 > 2', SCOPE)
    assert [(f.code, f.at.column) for f in findings] == [("C003", 0), ("C006", 25), ("C005", 49)]


def test_findings_point_into_the_lines_of_the_file() -> None:
    # A block scalar: its second line begins at line 8, column 7.
    origin = Origin("processes/a/1.yaml", ((0, 7, 7), (17, 8, 7)))
    expression, findings = read("budget_confirmed\nand ammount > 5", SCOPE, origin=origin)
    assert expression is None
    assert [str(f.at) for f in findings] == ["processes/a/1.yaml:8:11"]


def test_an_expression_knows_where_it_begins() -> None:
    expression, _ = read("export_hold", SCOPE, origin=Origin("a.yaml", ((0, 3, 9),)))
    assert expression is not None
    assert expression.at == Place("a.yaml", 3, 9)
    assert expression.tree.span == (0, 11)


def test_in_a_rule_set_names_of_a_process_pass_unchecked() -> None:
    scope = Scope(facts={"amount": MONEY}, open_names=True)
    text = 'stage == "anything" and reached("x") and done("y") and track.z == "q" and reason == "r"'
    assert read(text, scope)[1] == ()
    assert [f.message for f in read("amont > 5", scope)[1]] == ["unknown fact 'amont'"]


def test_a_name_of_the_language_is_never_a_fact() -> None:
    scope = replace(SCOPE, facts={"stage": MONEY, "true": MONEY, "null": MONEY, "amount": MONEY})
    assert read('stage == "won" and true', scope)[1] == ()
    assert [f.code for f in read("null > 5", scope)[1]] == ["C007"]


def test_an_empty_list_takes_the_kind_of_what_is_looked_for_in_it() -> None:
    assert tree_of("amount in []") == In(AMOUNT, Literal((), Type(Kind.LIST, item=MONEY)))


def test_given_and_blank_hold_what_they_ask_about() -> None:
    assert tree_of("given(amount)") == Call("given", (AMOUNT,), YES_NO)
    assert tree_of("blank(note)") == Call("blank", (ContextRef("note", TEXT),), YES_NO)
