"""Random processes, deals and moves, and a plain second opinion on them: the process read line by line.

The second opinion shares no code with the machine but ``evaluate``, the reference reading of a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.conditions.decision_table import derive
from engine.conditions.evaluate import evaluate
from engine.machine.compile import Machine
from engine.machine.situation import DealSituation
from engine.model.deal import Deal, Grant, Times
from engine.model.decision import Move
from engine.model.process import Action, Process, Stage, Track, role_may, targets_from
from engine.model.rule import Force, Requirement
from engine.model.syntax import Value
from tests.machine.building import NOW, deal

OPEN = ("s1", "s2", "s3")
STAGES = (*OPEN, "won", "lost")
ORDERS = (STAGES, ("s1", "lost", "s2", "won", "s3"), ("s1", "s2", "won", "lost", "s3"))
"""Where ends are declared says nothing."""
ROLES = ("clerk", "seller", "boss")
FACTS: Mapping[str, Any] = {
    "amount": "money",
    "rate": {"type": "percent", "default": "5%"},
    "n": "number",
    "ok": "yes-no",
    "hold": {"type": "yes-no", "default": "false"},
    "name": "text",
    "part": "text",
    "level": {"of": ["low", "high", "top"]},
    "due": "date",
    "gap": "duration",
    "grade": {"of": ["A", "B"], "table": {"rows": [{"when": "amount > 1000", "then": "A"}, {"then": "B"}]}},
    "stamped": "date",
    "counted": "number",
}
VALUES: Mapping[str, st.SearchStrategy[Value]] = {
    "amount": st.sampled_from(
        [Decimal("-1"), Decimal(0), Decimal("999.99"), Decimal(1000), Decimal("1E+3"), Decimal(5001)]
    ),
    "rate": st.sampled_from([Decimal("0.05"), Decimal("0.1"), Decimal("0.125"), Decimal(0)]),
    "n": st.sampled_from(
        [Decimal(-2), Decimal(0), Decimal("0.5"), Decimal(3), Decimal("123456789012345678.123456789")]
    ),
    "ok": st.booleans(),
    "hold": st.booleans(),
    "name": st.sampled_from(["", "  ", "Acme", "acme", "ACME Corp", "Zoë"]),
    "part": st.sampled_from(["c", "Acme", ""]),
    "level": st.sampled_from(["low", "high", "top"]),
    "due": st.sampled_from([date(2026, 3, 9), date(2026, 3, 10), date(2026, 4, 30), date(9999, 12, 31)]),
    "gap": st.sampled_from([timedelta(0), timedelta(hours=36), timedelta(days=9_000_000)]),
}
LEAVES = (
    "amount >= 1000",
    "amount < 999.99",
    "amount == 1000",
    "amount - n > 500",
    "amount * probability > 100",
    "n + n <= 3",
    "rate > 10%",
    "rate != 5%",
    "ok",
    "ok == hold",
    "hold",
    'name == "Acme"',
    "name == part",
    "contains(name, part)",
    'contains(name, "c")',
    'lower(name) == "acme"',
    'starts_with(lower(name), "ac")',
    "size(name) > 3",
    "blank(name)",
    "given(due)",
    'level in ["low", "high"]',
    'level != "top"',
    "amount in [1000, 0]",
    "level in []",
    "due < today",
    "due - today <= 30d",
    "due + gap > today",
    "due - gap < today",
    "gap + gap > 2d",
    "gap > 1d",
    'stage == "s1"',
    'to in ["s2", "won"]',
    'action == "act1"',
    'reason == "r1"',
    'reason.group == "g1"',
    "blank(note)",
    "days_in_stage > 2",
    "probability >= 20%",
    'done("call")',
    'done("act1")',
    'count("call") >= 2',
    'since("call") < 3d',
    'reached("s2")',
    'reached("won")',
    'track.legal == "signed"',
    'actor.role == "boss"',
    'grade == "A"',
    "true",
)
conditions = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " and ".join(parts) + ")"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: "(" + " or ".join(parts) + ")"),
        inner.map(lambda part: f"not ({part})"),
    ),
    max_leaves=4,
)
requirement = st.fixed_dictionaries({"must": conditions}, optional={"when": conditions}) | st.fixed_dictionaries(
    {"should": conditions}
)
requirements = st.lists(requirement, max_size=2)
ask = st.sampled_from(["amount", "name", "note", "level"]) | st.fixed_dictionaries({"name": conditions})
asks = st.lists(ask, max_size=2, unique_by=lambda each: each if isinstance(each, str) else "name")
roles = st.lists(st.sampled_from(ROLES), max_size=1)
action = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["open", "s1", ["s1", "s2"], ["s2", "lost"], ["lost", "won"], "won"]),
        "to": st.sampled_from(["s1", "s2", "s3", "won", "lost", ["s2", "won"], "later", "earlier", "previous"]),
    },
    optional={
        "by": roles,
        "reasons": st.sampled_from([["g1/r1", "r2"], ["r1", "g1/r2"]]),
        "asks": asks,
        "requires": requirements,
        "approval": st.lists(st.fixed_dictionaries({"by": st.just("boss")}, optional={"when": conditions}), max_size=1),
        "sets": st.just({"counted": "n + 1"}),
        "when": conditions,
    },
)
stage = st.fixed_dictionaries(
    {},
    optional={
        "probability": st.just("0.3"),
        "asks": asks,
        "to_pass": requirements,
        "to_enter": requirements,
        "stamps": st.just({"stamped": "today"}),
    },
)
processes = st.fixed_dictionaries(
    {
        "stages": st.sampled_from(ORDERS).flatmap(
            lambda order: st.fixed_dictionaries(
                {each: stage if each in OPEN else st.just({"ends": each}) for each in order}
            )
        ),
        "actions": st.fixed_dictionaries(
            {
                "act1": action,
                # Some reason has the group that conditions ask for.
                "act2": action.map(lambda one: {"reasons": ["g1/r1", "r2"], **one}),
                "act3": st.lists(action, min_size=1, max_size=3),
            }
        ),
        "always": requirements,
        "tracks": st.fixed_dictionaries(
            {
                "legal": st.fixed_dictionaries(
                    {
                        "stages": st.just({"open": {}, "signed": {}}),
                        "actions": st.fixed_dictionaries(
                            {
                                "sign-off": st.fixed_dictionaries(
                                    {"from": st.just("open"), "to": st.just("signed")},
                                    optional={"requires": requirements, "by": roles},
                                )
                            }
                        ),
                    },
                    optional={"always": requirements},
                )
            }
        ),
        "override": st.sampled_from([None, [], ["boss"]]),
        "facts": st.just(FACTS),
        "touchpoints": st.just(["call"]),
        "roles": st.just({"clerk": (), "seller": ("clerk",), "boss": ("seller",)}),
        "time_zone": st.sampled_from(["UTC", "Pacific/Auckland"]),
    }
)
facts = st.fixed_dictionaries({}, optional=dict(VALUES))
times = st.builds(Times, st.integers(1, 3), st.sampled_from([NOW, NOW - timedelta(days=5)]))
grants = st.builds(
    Grant,
    st.sampled_from(["act1", "act3"]),
    st.sampled_from(["act1/approval/1", "act3/approval/1"]),
    st.sampled_from(["ana", "mia"]),
    st.sampled_from(["boss", "clerk"]),
    st.just(NOW),
    facts,
    changed=st.frozensets(st.sampled_from(["amount", "rate", "name"]), max_size=1),
)


@st.composite
def deals(draw: st.DrawFn) -> Deal:
    stands = draw(st.sampled_from(STAGES))
    return deal(
        stands,
        facts=draw(facts),
        previous=draw(st.sampled_from(["", *STAGES])),
        visited=frozenset({stands, *draw(st.lists(st.sampled_from(STAGES), max_size=2))}),
        touches=draw(st.dictionaries(st.just("call"), times)),
        actions=draw(st.dictionaries(st.sampled_from(["act1", "act2"]), times)),
        tracks=draw(st.sampled_from([{}, {"legal": "open"}, {"legal": "signed"}])),
        grants=tuple(draw(st.lists(grants, max_size=2))),
        entered_at=NOW - draw(st.sampled_from([timedelta(hours=1), timedelta(days=3, hours=1)])),
    )


moves = st.builds(
    Move,
    st.sampled_from(["act1", "act2", "act3", "sign-off"]),
    to=st.sampled_from(["", "", "s1", "s2", "won", "lost"]),
    reason=st.sampled_from(["", "r1", "r2", "other"]),
    note=st.sampled_from(["", " ", "because"]),
    actor=st.sampled_from(["ana", "mia", "Mia ", "", " "]),
    role=st.sampled_from(["", *ROLES]),
    facts=st.just({}) | facts,
    override=st.sampled_from([False, False, True]),
)


class Opinion:
    """What the process says of a move, read line by line; and what stock ``transitions`` is bound to."""

    def __init__(self, machine: Machine, deal: Deal, move: Move) -> None:
        self.machine, self.deal, self.move = machine, deal, move
        self.process: Process = machine.process
        track = self.process.track_of(move.action)
        assert track is not None
        self.track: Track = track
        self.state = deal.stage if track.id == "main" else deal.tracks.get(track.id, track.first.id)
        by = self.process.override_by
        self.waives = move.override and by is not None and role_may(self.process, move.role, by)

    def holds(self, tree: Any, to: str) -> Value | None:
        """What a condition comes to for a move to a stage."""
        situation = DealSituation(self.machine.frame, self.deal, self.move, NOW, to or None)
        return evaluate(tree, derive(self.process.facts, {**self.deal.facts, **self.move.facts}, situation), situation)

    def allowed(self, action: Action, to: str) -> bool:
        """Whether a variant may lead to a stage, all its requirements and the mover taken together."""
        process, move = self.process, self.move
        goal = self.track.stage(to)
        assert goal is not None
        firm = (
            role_may(process, move.role, action.by)
            and (not action.reasons or move.reason in {reason.code for reason in action.reasons})
            and (not move.override or self.waives)
            and all(self.meets(each, to) for each in self.track.always)
        )
        if not firm or self.waives:
            return firm
        crossed = [each for stage in self.crossed(goal) for each in stage.to_pass]
        return (
            all(self.known(each, to) for each in (*action.asks, *goal.asks))
            and all(self.meets(each, to) for each in (*crossed, *action.requires, *goal.to_enter))
            and all(self.agreed(each, to) for each in action.approvals)
        )

    def crossed(self, goal: Stage) -> list[Stage]:
        """The open stages that a move forward leaves or goes over."""
        if goal.ends not in ("", "won"):
            return []
        line = [stage for stage in self.track.stages if not stage.ends]
        names = [stage.id for stage in line]
        start = self.state
        if start not in names:
            stood = [name for name in names if name in self.deal.visited]
            start = self.deal.previous if self.deal.previous in names else (stood or names[:1])[-1]
        return line[names.index(start) :] if goal.ends else line[names.index(start) : names.index(goal.id)]

    def meets(self, requirement: Requirement, to: str) -> bool:
        """Whether a requirement lets the move through."""
        if requirement.force is Force.SHOULD:
            return True
        applies = self.holds(requirement.when.tree, to) if requirement.when else True
        return applies is False or (applies is True and self.holds(requirement.condition.tree, to) is True)

    def known(self, ask: Any, to: str) -> bool:
        """Whether what is asked for is known, or need not be."""
        if ask.when is not None and self.holds(ask.when.tree, to) is False:
            return True
        value = self.move.note or None if ask.fact == "note" else {**self.deal.facts, **self.move.facts}.get(ask.fact)
        return value is not None and not (isinstance(value, str) and not value.strip() and ask.fact != "level")

    def agreed(self, approval: Any, to: str) -> bool:
        """Whether nobody need approve, or someone else did, of facts that still stand."""
        if approval.when is not None and self.holds(approval.when.tree, to) is False:
            return True
        return any(self.counts(approval, grant) for grant in self.deal.grants)

    def counts(self, approval: Any, grant: Grant) -> bool:
        """Whether an approval given is one of this."""
        from engine.machine.requirements import recorded_facts

        read = recorded_facts(self.process, approval.when.tree) if approval.when else frozenset()
        now = {**self.deal.facts, **self.move.facts}
        defaults = {name: fact.default for name, fact in self.process.facts.items()}
        return (
            (grant.action, grant.approval) == (self.move.action, approval.id)
            and self.move.actor.strip() != ""
            and grant.actor.lower() != self.move.actor.strip().lower()
            and role_may(self.process, grant.role, approval.by)
            and all(grant.facts.get(name, defaults[name]) == now.get(name, defaults[name]) for name in read)
            and not read & grant.changed
        )

    def meant(self) -> tuple[Action, str] | None:
        """The variant and the stage that the move means; ``None`` where it means none."""
        led = []
        for variant in self.track.variants(self.move.action):
            if self.state in variant.sources:
                previous = self.deal.previous if self.track.id == "main" else ""
                targets = targets_from(self.track, variant, self.state, previous=previous or None)
                if targets or variant.targets == ("previous",):
                    led.append((variant, targets))
        to = self.move.to
        applying = [each for each in led if not each[0].when or self.holds(each[0].when.tree, to) is True]
        chosen = ([each for each in applying if to in each[1]] or applying)[:1]
        if not chosen:
            return None
        variant, targets = chosen[0]
        target = to if to in targets else targets[0] if len(targets) == 1 and not to else ""
        if not target or (variant.when and not self.applies(led, target)):
            return None
        return variant, target

    def applies(self, led: list[tuple[Action, tuple[str, ...]]], target: str) -> bool:
        """Whether some variant applies once it is clear where the move leads."""
        return any(not each.when or self.holds(each.when.tree, target) is True for each, _ in led)
