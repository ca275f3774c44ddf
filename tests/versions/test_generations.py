"""The real generations: what differs between their files, written down by hand, against what is told.

The lists were made by reading the files side by side before ``diff`` existed for them: what is missing from the diff is
a fault of it, what it tells beyond them is noise. The golden texts hold every sentence.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.loading.processes import load_process
from engine.model.change import Changes, Subject
from engine.model.process import Process
from engine.versions.diff import diff

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
HANDS_ON_1_2 = {
    Subject.PROCESS: ["because", "groups/tried", "groups/shown", "groups/talking"],
    Subject.STAGES: [
        "closed-admin into closed-lost",
        "product-evaluation: 60% to 50%",
        "product-evaluation: a target of 14d, an alert at 28d",
    ],
    Subject.ACTIONS: [
        "close-admin into lose",
        "hand-over is hand-to-self-serve",
        "hand-to-self-serve: from inbound-lead and meeting-booked too",
        "hand-to-self-serve: only where new and below 20,000",
        "hand-to-self-serve: drops more facts",
        "give-up is new, done by itself",
    ],
    Subject.REQUIREMENTS: [
        "demo-completed/to_pass/1 is new",
        "demo-completed/to_pass/2 is new",
        "product-evaluation/to_pass/1 is new",
        "product-evaluation asks pain, pricing_told, decision_process, champion, paper_process, timeline",
        "win/requires/1 is new",
        "lose asks note where other",
    ],
    Subject.FACTS: [
        "users is seats",
        "deal_type, pain, pricing_told, decision_process, champion, paper_process, timeline, next_step, next_step_date, "
        "next_step_agreed, signed_by_all are new",
    ],
    Subject.REASONS: [
        "lose: aged-out is gone",
        "lose: no-next-step and not-a-deal are new",
        "close-admin: admin and twice are not-a-deal",
    ],
    Subject.CLOCKS: ["trial-over is new", "large-trial-over is new"],
    Subject.METRICS: ["new_win_rate is new"],
}
HANDS_ON_2_3 = {
    Subject.PROCESS: [
        "because",
        "touchpoints: demo is gone, meeting is new",
        "groups tried, shown and talking are gone, live is new",
    ],
    Subject.STAGES: [
        "inbound-lead and meeting-booked (and some of demo-completed) into problem-agreement",
        "product-evaluation (and some of demo-completed) into solution-agreement",
        "demo-completed into two",
        "commercial-legal-review into vendor-approval and commercial-agreement",
        "priority-agreement is new",
        "duplicate is new, an end (other)",
        "probabilities and targets of what became of what",
        "vendor-approval stamps agreed_on, amount_when_agreed",
    ],
    Subject.ACTIONS: [
        "book-meeting, complete-demo, evaluate and review into agree",
        "agree: other ways",
        "agree: no contact any more",
        "hand-to-self-serve is gone",
        "give-up is gone",
        "drop-duplicate is new",
        "win: from vendor-approval only",
    ],
    Subject.REQUIREMENTS: [
        "demo-completed/to_pass/1 and 2 are gone",
        "product-evaluation/to_pass/1 is gone, and six asks",
        "problem-agreement: pain-in-figures, must-be-solved, next-step-in-three-parts",
        "solution-agreement: tried-and-decided, buyer-and-champion-named, next-step-in-three-parts",
        "priority-agreement: budget-and-decision, priority-proved, next-step-in-three-parts",
        "commercial-agreement: terms-agreed, next-step-in-three-parts",
        "vendor-approval/to_pass/1",
        "win/requires/1 is gone",
        "win no longer asks amount",
        "complete-demo asked seats, agree does not",
        "step-back asks note",
    ],
    Subject.ROLES: ["manager is new, includes seller"],
    Subject.FACTS: [
        "signed_by_all is contract_signed, without default, without title",
        "next_step is next_step_outcome, with a title",
        "paper_process has another title",
        "pricing_told, timeline, next_step_agreed are gone",
        "agreed_on, amount_when_agreed and, of the rule set, 15 are new",
    ],
    Subject.REASONS: ["lose: no-budget is new"],
    Subject.CLOCKS: ["trial-over is gone", "large-trial-over is gone"],
    Subject.TRACKS: ["forecast is new"],
    Subject.METRICS: ["new_win_rate and weighted are gone", "committed and last_mile are new"],
    Subject.RULE_SETS: ["buyer-agreement@1 is used"],
}
