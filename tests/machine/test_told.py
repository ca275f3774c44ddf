"""What a seller is told of the shipped process, word for word."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from engine.loading.processes import load_process
from engine.machine.compact import decide_compact, names
from engine.machine.compile import compile_process
from engine.machine.decide import decide, options
from engine.model.deal import Deal
from engine.model.decision import Decision, Move

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LOADED = load_process(Path(__file__).parents[2] / "processes" / "inside-sales" / "2.yaml")
assert LOADED.value is not None, LOADED.findings
MACHINE = compile_process(LOADED.value)
DEMO = Deal(
    id="acme",
    process="inside-sales",
    version=2,
    digest="",
    stage="demo",
    started_at=NOW - timedelta(days=9),
    entered_at=NOW - timedelta(days=2),
    last_at=NOW,
    facts={"amount": Decimal(900), "contact_role": "user"},
    visited=frozenset({"prospect", "qualified", "demo"}),
)
SEND = Move("send-proposal", role="ae", facts={"discount": Decimal("0.12")})

REFUSED = """\
failed demo/to_pass/1: Someone who can decide has seen the demo
  needs contact_role one of "champion", "economic-buyer" (is "user")
  fix   Meet the champion or the economic buyer, then record contact_role.
  who   ae, manager
  no  contact_role in ["champion", "economic-buyer"]  contact_role=user
failed send-proposal/requires/1: A discount needs a date of decision
  needs record decision_date
  fix   Ask when they will decide, then record decision_date.
  who   ae, manager
  no  given(decision_date)  decision_date=None
failed budget-known: The budget is confirmed and covers the smallest plan
  needs record budget_confirmed and amount at least 5000 (is 900)
  fix   Ask for the yearly budget, then record amount and budget_confirmed.
  who   ae, manager
  no  budget_confirmed and amount >= 5000
    ?   budget_confirmed  budget_confirmed=None
    no  amount >= 5000  amount=900"""


def told(decision: Decision) -> str:
    marks = {True: "yes", False: "no", None: "?"}
    lines = []
    for verdict in decision.refusals:
        lines.append(f"{verdict.result.value} {verdict.requirement}: {verdict.says}")
        lines.append(f"  needs {verdict.needs}")
        lines.append(f"  fix   {verdict.fix}")
        lines.append(f"  who   {', '.join(verdict.who)}")
        for clause in verdict.clauses:
            seen = ", ".join(f"{name}={value}" for name, value in clause.seen)
            lines.append(f"  {'  ' * clause.depth}{marks[clause.holds]:<3} {clause.text}  {seen}".rstrip())
    return "\n".join(lines)


def test_a_refused_proposal_is_told_with_every_cause_and_what_mends_it():
    assert told(decide(MACHINE, DEMO, SEND, now=NOW)) == REFUSED


def test_the_compact_form_names_the_same_requirements():
    compact = decide_compact(MACHINE, DEMO, SEND, now=NOW)
    assert names(MACHINE, compact.failing) == ("demo/to_pass/1", "send-proposal/requires/1", "budget-known")


def test_what_can_be_done_tells_what_each_action_still_needs():
    asked = options(MACHINE, DEMO, role="ae", now=NOW)
    needed = {each.move.action: "; ".join(verdict.needs for verdict in each.refusals) for each in asked}
    assert needed["lose"] == ""
    assert needed["step-back"] == "a role that may: manager (is 'ae')"
    assert needed["sign"].startswith("a deal in 'negotiation' (is in 'demo'); contact_role one of")
    assert needed["approve-contract"] == (
        "a deal in 'in-review' (is in 'not-started'); a role that may: manager (is 'ae')"
    )
