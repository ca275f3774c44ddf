"""The real generations: what differs between their files, written down by hand, against what is told.

The lists were made by reading the files side by side, before ``diff`` was asked: what is missing from the diff is a
fault of it, what it tells beyond them is noise. ``because`` and ``examples`` are of each version, and no difference.
The golden texts hold every sentence.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from engine.loading.processes import load_process
from engine.model.change import Changes, Level, Subject
from engine.model.process import Process
from engine.versions.codes import CODES
from engine.versions.diff import diff
from tests.versions.pairs import MIRRORED

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"

# Each thing stands as often as there is something to tell of it.
HANDS_ON_1_2 = {
    Subject.PROCESS: "tried shown talking",
    Subject.STAGES: """
        closed-lost                                     closed-admin is dropped, and goes there
        product-evaluation product-evaluation product-evaluation           its chance, its target, its alert
    """,
    Subject.ACTIONS: """
        lose                                            close-admin becomes it
        hand-to-self-serve hand-to-self-serve           another name for hand-over; two stages more
        hand-to-self-serve hand-to-self-serve           for small new deals only; drops more facts
        give-up                                         new
    """,
    Subject.REQUIREMENTS: """
        demo-completed/to_pass/1 demo-completed/to_pass/2 product-evaluation/to_pass/1 win/requires/1
        product-evaluation/asks                         six facts at once
        lose/asks/note                                  of other reasons
    """,
    Subject.FACTS: """
        seats                                           another name for users
        deal_type pain pricing_told decision_process champion paper_process timeline
        next_step next_step_date next_step_agreed signed_by_all
    """,
    Subject.REASONS: """
        lose/aged-out                                   gone
        lose/no-next-step                               new
        lose/admin lose/twice                           both became not-a-deal
    """,
    Subject.CLOCKS: "trial-over large-trial-over",
    Subject.METRICS: "new_win_rate",
}
HANDS_ON_2_3 = {
    Subject.PROCESS: "meeting demo tried shown talking live",
    Subject.STAGES: """
        problem-agreement solution-agreement            several became one
        solution-agreement vendor-approval              one became several
        priority-agreement duplicate                    new
        problem-agreement problem-agreement             chances of meeting-booked and demo-completed
        solution-agreement solution-agreement           chances of demo-completed and product-evaluation
        vendor-approval commercial-agreement            chances of commercial-legal-review
        solution-agreement solution-agreement           no target, no alert any more
        vendor-approval                                 stamps
    """,
    Subject.ACTIONS: """
        agree                                           four became one
        agree agree                                     two of them were contacts
        agree                                           there is priority-agreement in between now
        hand-to-self-serve give-up                      gone
        drop-duplicate                                  new
        win                                             not from commercial-agreement
    """,
    Subject.REQUIREMENTS: """
        demo-completed/to_pass/1 demo-completed/to_pass/2 product-evaluation/to_pass/1           gone
        product-evaluation/asks                         six facts at once, gone
        problem-agreement/to_pass/pain-in-figures problem-agreement/to_pass/must-be-solved
        problem-agreement/to_pass/next-step-in-three-parts
        solution-agreement/to_pass/tried-and-decided solution-agreement/to_pass/buyer-and-champion-named
        solution-agreement/to_pass/next-step-in-three-parts
        priority-agreement                              three, with the new stage
        commercial-agreement/to_pass/terms-agreed commercial-agreement/to_pass/next-step-in-three-parts
        vendor-approval/to_pass/1                       moved here from win
        win/asks/amount complete-demo/asks/seats        gone
        step-back/asks/note
    """,
    Subject.ROLES: "manager",
    Subject.FACTS: """
        contract_signed next_step_outcome               other names for signed_by_all and next_step
        contract_signed                                 no default any more
        contract_signed next_step_outcome paper_process           other titles
        next_step_agreed pricing_told timeline          gone
        agreed_on amount_when_agreed thorough pain_in_figures cost_of_doing_nothing must_be_solved uses_product
        trial_finished decided_for_us economic_buyer economic_buyer_title economic_buyer_quote champion_tested
        compelling_event budget price_in_writing terms_agreed next_step_written_on next_step_owner
    """,
    Subject.REASONS: "lose/no-budget",
    Subject.CLOCKS: "trial-over large-trial-over",
    Subject.TRACKS: "forecast",
    Subject.METRICS: "new_win_rate weighted committed last_mile",
    Subject.RULE_SETS: "buyer-agreement",
}
HANDS_ON_1_3 = {
    **HANDS_ON_2_3,
    Subject.PROCESS: "meeting demo live",
    Subject.STAGES: """
        closed-lost                                     closed-admin is dropped, and goes there
        problem-agreement solution-agreement            several became one
        solution-agreement vendor-approval              one became several
        priority-agreement duplicate                    new
        problem-agreement problem-agreement             chances of meeting-booked and demo-completed
        solution-agreement solution-agreement           chances of demo-completed and product-evaluation
        vendor-approval commercial-agreement            chances of commercial-legal-review
        vendor-approval                                 stamps
    """,
    Subject.ACTIONS: """
        agree                                           four became one
        agree agree                                     two of them were contacts
        agree                                           there is priority-agreement in between now
        lose                                            close-admin becomes it
        hand-over                                       gone
        drop-duplicate                                  new
        win                                             not from commercial-agreement
    """,
    Subject.REQUIREMENTS: """
        problem-agreement/to_pass/pain-in-figures problem-agreement/to_pass/must-be-solved
        problem-agreement/to_pass/next-step-in-three-parts
        solution-agreement/to_pass/tried-and-decided solution-agreement/to_pass/buyer-and-champion-named
        solution-agreement/to_pass/next-step-in-three-parts
        priority-agreement                              three, with the new stage
        commercial-agreement/to_pass/terms-agreed commercial-agreement/to_pass/next-step-in-three-parts
        vendor-approval/to_pass/1
        win/asks/amount complete-demo/asks/users        gone
        lose/asks/note step-back/asks/note
    """,
    Subject.FACTS: """
        seats                                           another name for users
        deal_type pain decision_process champion paper_process next_step_outcome next_step_date contract_signed
        agreed_on amount_when_agreed thorough pain_in_figures cost_of_doing_nothing must_be_solved uses_product
        trial_finished decided_for_us economic_buyer economic_buyer_title economic_buyer_quote champion_tested
        compelling_event budget price_in_writing terms_agreed next_step_written_on next_step_owner
    """,
    Subject.REASONS: """
        lose/aged-out                                   gone
        lose/no-next-step lose/no-budget                new
        lose/admin lose/twice                           both became not-a-deal
    """,
    Subject.CLOCKS: "",
    Subject.METRICS: "weighted committed last_mile",
}
INSIDE_SALES_1_2 = {
    Subject.PROCESS: "early",
    Subject.STAGES: """
        qualified                                       another name for interested
        qualified                                       stamps
        prospect demo                                   chances
        unqualified                                     new
    """,
    Subject.ACTIONS: """
        qualify                                         another name for mark-interested
        disqualify reopen                               new
    """,
    Subject.REQUIREMENTS: """
        always/1 demo/to_pass/1 proposal/to_enter/budget-known
        send-proposal/requires/1 send-proposal/requires/1           one is gone, another is new
        qualify/asks/contact_role
        lose/asks/note                                  of large deals too
    """,
    Subject.APPROVALS: "sign/approval/1 sign/approval/1           from 15% on; for 14 days",
    Subject.ROLES: "override",
    Subject.FACTS: """
        discount                                        another name for rebate
        contact_role decision_date qualified_on export_hold
        budget_confirmed                                a title, in the rule set
    """,
    Subject.REASONS: """
        qualify                                         needs one now
        lose/competitor lose/no-need                    in a group, in the rule set
    """,
    Subject.CLOCKS: "stale",
    Subject.TRACKS: "legal",
    Subject.METRICS: "win_rate close_rate weighted demo_to_won proposal_time",
    Subject.RULE_SETS: "qualification",
}


@pytest.mark.parametrize(
    ("process", "old", "new", "by_hand"),
    [
        ("hands-on", 1, 2, HANDS_ON_1_2),
        ("hands-on", 2, 3, HANDS_ON_2_3),
        ("hands-on", 1, 3, HANDS_ON_1_3),
        ("inside-sales", 1, 2, INSIDE_SALES_1_2),
    ],
)
def test_each_change_between_real_generations_is_accounted_for(
    process: str, old: int, new: int, by_hand: dict[Subject, str]
):
    found = _between(process, old, new)
    told = Counter((change.subject.value, change.thing) for change in found.changes)
    assert told == Counter((subject.value, thing) for subject, text in by_hand.items() for thing in _things(text))
    _golden(f"{process}-{old}-{new}.txt", _told(found))


@pytest.mark.parametrize(("process", "old", "new"), [("hands-on", 1, 2), ("hands-on", 1, 3), ("inside-sales", 1, 2)])
def test_real_generations_read_backwards_are_the_same_changes(process: str, old: int, new: int):
    forwards, backwards = _between(process, old, new), _between(process, new, old)
    mirror = {code.code: code.mirror for code in CODES}
    turned = {(mirror[one.code], MIRRORED.get(one.level, one.level)) for one in forwards.changes}
    assert {code for code, _ in turned} == {one.code for one in backwards.changes}
    # Backwards nothing says where deals go from a stage that became one of several.
    assert turned <= {(one.code, one.level) for one in backwards.changes}
    assert backwards.count(Level.BREAK) == (3 if new == 3 else 0)


@pytest.mark.parametrize("file", sorted(ROOT.glob("processes/*/[0-9].yaml")), ids=lambda file: file.parent.name)
def test_a_shipped_process_does_not_differ_from_itself(file: Path):
    process = _version(file.parent.name, int(file.stem))
    assert diff(process, process).changes == ()


def _things(text: str) -> list[str]:
    """The things at the beginning of each line; what stands behind a wide gap tells of them."""
    lines = (line.strip().partition("     ")[0] for line in text.strip().splitlines())
    return [thing for line in lines for thing in line.split()]


def _between(process: str, old: int, new: int) -> Changes:
    step = 1 if old < new else -1
    versions = [_version(process, number) for number in range(old, new + step, step)]
    return diff(versions[0], versions[-1], between=versions[1:-1])


@cache
def _version(process: str, number: int) -> Process:
    loaded = load_process(ROOT / "processes" / process / f"{number}.yaml")
    assert loaded.value is not None
    return loaded.value


def _told(found: Changes) -> str:
    return "".join(f"{one.code} {one.level.value:7} {one.thing}: {one.says}\n" for one in found.changes)


def _golden(name: str, text: str) -> None:
    """Asserts that it is what the file says. STAGEWRIGHT_GOLDEN=write renews it, to be read as a diff."""
    path = GOLDEN / name
    if os.environ.get("STAGEWRIGHT_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")
