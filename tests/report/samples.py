"""Values by hand that look like DESIGN's example: a process, decisions on a deal, and the entries of its life."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engine.model.decision import About, Clause, Decision, Move, Result, Verdict
from engine.model.entry import Entry, EntryKind
from engine.model.expression import Assignment, Expression
from engine.model.map import Map, Shape
from engine.model.process import Action, Clock, Follows, Metric, Process, RuleSetRef, Split, Stage, Track
from engine.model.proposal import Proposal
from engine.model.rule import Approval, Ask, Fact, Force, Reason, Requirement
from engine.model.syntax import DATE, MONEY, PERCENT, TEXT, YES_NO, Kind, Literal, Type

DIGEST = "d" * 64


def expression(text: str) -> Expression:
    """An expression whose tree nobody here reads."""
    return Expression(text, Literal(True, YES_NO))


def requirement(name: str, must: str, says: str, **more: object) -> Requirement:
    return Requirement(name, Force.MUST, expression(must), says, **more)  # type: ignore[arg-type]


def days(number: int) -> timedelta:
    return timedelta(days=number)


BUDGET = requirement(
    "budget-known",
    "budget_confirmed and amount >= 5000",
    "The budget is confirmed and covers the smallest plan",
    fix="Ask for the yearly budget, then record amount and budget_confirmed.",
    rule="qualification@1/budget-known",
)
LOSS = (
    Reason("price", "Too expensive"),
    Reason("competitor", "Went to a competitor", "market"),
    Reason("no-decision", "No decision was taken"),
    Reason("other", "Something else"),
)
OPEN = ("prospect", "qualified", "demo", "proposal", "negotiation")

STAGES = (
    Stage("prospect", "", "", Decimal("0.05"), days(3), days(14), asks=(Ask("amount"),)),
    Stage(
        "qualified",
        "",
        "",
        Decimal("0.2"),
        days(7),
        days(21),
        stamps=(Assignment("qualified_on", expression("today")),),
    ),
    Stage(
        "demo",
        "",
        "",
        Decimal("0.4"),
        days(10),
        days(30),
        to_pass=(
            requirement(
                "demo/to_pass/1",
                'contact_role in ["champion", "economic-buyer"]',
                "Someone who can decide has seen the demo",
                fix="Meet the champion or the economic buyer, then record contact_role.",
            ),
        ),
    ),
    Stage("proposal", "", "", Decimal("0.6"), days(14), days(30), to_enter=(BUDGET,)),
    Stage("negotiation", "", "", Decimal("0.8"), days(10), days(21)),
    Stage("won", ends="won"),
    Stage("lost", ends="lost"),
    Stage("unqualified", ends="other"),
)
AE = ("ae",)
ACTIONS = (
    Action(
        "qualify",
        ("prospect",),
        ("qualified",),
        by=("sdr",),
        touchpoint="call",
        asks=(Ask("contact_role"),),
        reasons=(
            Reason("need-confirmed", "The prospect named the need"),
            Reason("referral", "A customer vouched for them"),
        ),
    ),
    Action(
        "disqualify",
        ("prospect", "qualified"),
        ("unqualified",),
        by=AE,
        reasons=(Reason("no-need", "They have no need"), Reason("no-budget", "They have no budget")),
    ),
    Action("hold-demo", ("qualified",), ("demo",), by=AE, touchpoint="demo"),
    Action(
        "send-proposal",
        ("demo",),
        ("proposal",),
        by=AE,
        requires=(
            requirement(
                "send-proposal/requires/1",
                "given(decision_date)",
                "A discount needs a date of decision",
                when=expression("discount > 10%"),
            ),
        ),
    ),
    Action("negotiate", ("proposal",), ("negotiation",), by=AE, touchpoint="meeting"),
    Action(
        "sign",
        ("negotiation",),
        ("won",),
        by=AE,
        approvals=(
            Approval(
                "sign/approval/1",
                ("manager",),
                "More than 15% off needs a manager",
                expression("discount > 15%"),
                days(14),
            ),
        ),
        sets=(Assignment("signed_on", expression("today")),),
    ),
    Action(
        "lose",
        OPEN,
        ("lost",),
        by=AE,
        reasons=LOSS,
        asks=(
            Ask("note", expression('reason == "other" or amount >= 25000')),
            Ask("competitor", expression('reason == "competitor"')),
        ),
    ),
    Action("step-back", OPEN, ("earlier",), by=("manager",), asks=(Ask("note"),)),
    Action("reopen", ("lost",), ("qualified",), by=("manager",)),
)
LEGAL = Track(
    "legal",
    (Stage("not-started"), Stage("in-review"), Stage("approved")),
    (
        Action(
            "submit-contract",
            ("not-started",),
            ("in-review",),
            by=AE,
            requires=(requirement("submit-contract/requires/1", 'reached("proposal")', "There is a proposal"),),
        ),
        Action("approve-contract", ("in-review",), ("approved",), by=("manager",)),
    ),
)
PROCESS = Process(
    id="inside-sales",
    version=2,
    title="Inside sales of yearly subscriptions",
    because="In version 1 four of ten demos were held with people who could not buy.",
    time_zone="Europe/Berlin",
    currency="EUR",
    uses=(("qualification", 1),),
    follows=Follows(1, stages={"interested": (Split("qualified"),)}),
    roles={"sdr": (), "ae": ("sdr",), "manager": ("ae",)},
    by=AE,
    override_by=("manager",),
    touchpoints=("call", "email", "demo", "meeting"),
    groups={"early": ("prospect", "qualified")},
    facts={
        "amount": Fact("amount", MONEY, "Yearly value"),
        "budget_confirmed": Fact("budget_confirmed", YES_NO),
        "discount": Fact("discount", PERCENT, default=Decimal(0)),
        "contact_role": Fact("contact_role", Type(Kind.CHOICE, ("user", "champion", "economic-buyer"))),
        "decision_date": Fact("decision_date", DATE),
        "competitor": Fact("competitor", TEXT),
        "signed_on": Fact("signed_on", DATE),
        "qualified_on": Fact("qualified_on", DATE),
        "export_hold": Fact("export_hold", YES_NO, default=False),
    },
    rule_sets=(RuleSetRef("qualification", 1, {"loss": LOSS}),),
    main=Track(
        "main",
        STAGES,
        ACTIONS,
        always=(requirement("always/1", "not export_hold", "Export control has frozen this deal"),),
    ),
    clocks=(
        Clock(
            "stale",
            ("prospect", "qualified"),
            "idle",
            days(60),
            expression("amount < 50000"),
            days(30),
            ("decision_date",),
            "lose",
            "no-decision",
        ),
    ),
    tracks=(LEGAL,),
    metrics=(Metric("win_rate", "ratio"), Metric("proposal_time", "dwell")),
)

BUDGET_FAILED = Verdict(
    requirement="budget-known",
    about=About.TO_ENTER,
    result=Result.FAILED,
    says=BUDGET.says,
    needs="amount at least 5000 (is 100); record budget_confirmed",
    fix=BUDGET.fix,
    who=("ae", "manager"),
    missing=("budget_confirmed",),
    rule=BUDGET.rule,
    clauses=(
        Clause(BUDGET.condition.text, False, depth=0, joined="all"),
        Clause("budget_confirmed", None, (("budget_confirmed", None),), depth=1),
        Clause("amount >= 5000", False, (("amount", Decimal(100)),), depth=1),
    ),
)
BUDGET_PASSED = Verdict(
    requirement="budget-known",
    about=About.TO_ENTER,
    result=Result.PASSED,
    says=BUDGET.says,
    rule=BUDGET.rule,
    clauses=(
        Clause(BUDGET.condition.text, True, depth=0, joined="all"),
        Clause("budget_confirmed", True, (("budget_confirmed", True),), depth=1),
        Clause("amount >= 5000", True, (("amount", Decimal(9000)),), depth=1),
    ),
)
CHAMPION = Verdict(
    requirement="demo/to_pass/1",
    about=About.TO_PASS,
    result=Result.PASSED,
    says="Someone who can decide has seen the demo",
    clauses=(Clause('contact_role in ["champion", "economic-buyer"]', True, (("contact_role", "champion"),)),),
)
REASON_MISSING = Verdict(
    requirement="lose/reason",
    about=About.REASON,
    result=Result.UNKNOWN,
    says="a reason is given",
    needs="one of price, competitor, no-decision or other",
    missing=("reason",),
)
APPROVAL_MISSING = Verdict(
    requirement="sign/approval/1",
    about=About.APPROVAL,
    result=Result.UNKNOWN,
    says="More than 15% off needs a manager",
    needs="approval by a manager other than the mover",
    who=("manager",),
    clauses=(Clause("discount > 15%", True, (("discount", Decimal("0.2")),)),),
)


def stage_passed(about: About = About.STAGE) -> Verdict:
    return Verdict(about.value, about, Result.PASSED, "")


REFUSED = Decision(
    allowed=False,
    move=Move("send-proposal", actor="ben", role="ae"),
    track="main",
    from_stage="demo",
    to_stage="proposal",
    verdicts=(stage_passed(), stage_passed(About.ROLE), CHAMPION, BUDGET_FAILED),
)


def at(day: int, hour: int = 8, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, 30, tzinfo=UTC)


def entry(sequence: int, kind: EntryKind, when: datetime, **more: object) -> Entry:
    return Entry("acme-1", sequence, kind, when, when, "inside-sales", 2, DIGEST, **more)  # type: ignore[arg-type]


ANA = {"actor": "ana", "role": "sdr"}
BEN = {"actor": "ben", "role": "ae"}
CLEO = {"actor": "cleo", "role": "manager"}

ENTRIES = (
    entry(1, EntryKind.STARTED, at(2), to_stage="prospect", owner="ana", facts={"amount": Decimal(100)}, **ANA),
    entry(
        2,
        EntryKind.MOVED,
        at(3),
        action="qualify",
        from_stage="prospect",
        to_stage="qualified",
        reason="need-confirmed",
        note="Their head of IT asked for it, and wants to start before the summer",
        touchpoint="call",
        facts={"contact_role": "champion", "qualified_on": date(2026, 3, 3)},
        verdicts=(stage_passed(), stage_passed(About.ROLE), stage_passed(About.ASKS)),
        **ANA,
    ),
    entry(3, EntryKind.TOUCHED, at(5), touchpoint="email", **ANA),
    entry(
        4,
        EntryKind.MOVED,
        at(9, 14),
        action="hold-demo",
        from_stage="qualified",
        to_stage="demo",
        touchpoint="demo",
        **BEN,
    ),
    entry(
        5,
        EntryKind.REFUSED,
        at(10),
        action="send-proposal",
        from_stage="demo",
        to_stage="proposal",
        verdicts=REFUSED.verdicts,
        **BEN,
    ),
    entry(6, EntryKind.RECORDED, at(16), facts={"budget_confirmed": True, "amount": Decimal(9000)}, **BEN),
    entry(
        7,
        EntryKind.MOVED,
        at(16, 9),
        action="send-proposal",
        from_stage="demo",
        to_stage="proposal",
        verdicts=(stage_passed(), CHAMPION, BUDGET_PASSED),
        **BEN,
    ),
    entry(
        8,
        EntryKind.MOVED,
        at(16, 9),
        track="legal",
        action="submit-contract",
        from_stage="not-started",
        to_stage="in-review",
        **BEN,
    ),
    entry(
        9,
        EntryKind.MOVED,
        at(30),
        action="negotiate",
        from_stage="proposal",
        to_stage="negotiation",
        touchpoint="meeting",
        facts={"discount": Decimal("0.2")},
        **BEN,
    ),
    entry(10, EntryKind.APPROVED, at(8, 8, 4), action="sign", approval="sign/approval/1", **CLEO),
    entry(
        11,
        EntryKind.MOVED,
        at(9, 8, 4),
        action="sign",
        from_stage="negotiation",
        to_stage="won",
        outcome="won",
        facts={"signed_on": date(2026, 4, 9)},
        verdicts=(
            Verdict(
                "sign/approval/1",
                About.APPROVAL,
                Result.PASSED,
                "More than 15% off needs a manager",
                clauses=(Clause("discount > 15%", True, (("discount", Decimal("0.2")),)),),
            ),
        ),
        **BEN,
    ),
)

PROPOSAL = Proposal(
    Map("crm", "", Shape.MOVES, "Deal", "Stage", {"New": "new"}),
    {"deal": "3 different ones in 9 rows", "stages": "in the order in which deals mostly reached them"},
    frozenset({"stages"}),
    ("times name no zone",),
)
