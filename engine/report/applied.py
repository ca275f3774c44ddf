"""What came of a plan: how many deals it brought over, by what became of their stage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from engine.model.plan import Fate, Plan
from engine.report import json_text
from engine.report.escape import shown
from engine.report.wording import count

_FATES = {
    Fate.STAYS: "in the same stage",
    Fate.FOLLOWS: "in the same stage, under a new name",
    Fate.MAPS: "where the version says",
    Fate.DECIDE: "where somebody decided",
}


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: the lines of ``plan``. ``done`` deals were brought over before, ``left`` stay on their version."""

    plan: Plan
    done: int
    left: int
    is_dry_run: bool


def text(told: Applied) -> str:
    """One line for all, and one for each that is worth telling apart."""
    plan = told.plan
    name = f"{plan.process}@{plan.version}"
    number = len(plan.lines)
    if not number and told.done:
        lines = [f"already applied: {count(told.done, 'deal')} came to {name} by this plan before; nothing was added"]
    else:
        verb = "would come" if told.is_dry_run else "came"
        lines = [f"{count(number, 'deal')} {verb} to {name}"]
        fates = Counter(line.fate for line in plan.lines)
        lines += [f"  {fates[fate]:,} {words}" for fate, words in _FATES.items() if fates[fate]]
        lines += [f"{count(told.done, 'deal')} came over by this plan before"] if told.done else []
    if told.left:
        stay = "stays on its version, and goes on" if told.left == 1 else "stay on their version, and go on"
        lines.append(f"{count(told.left, 'deal')} {stay}")
    # Deals that are in the plan and of which nothing more can be said.
    lines += [f"left out: {sentence}" for sentence in plan.left_out]
    if told.is_dry_run:
        lines.append("a dry run: nothing was recorded")
    return "\n".join(map(shown, lines)) + "\n"


def json(told: Applied) -> str:
    """``stagewright/applied/1``: a row for each deal that was brought over."""
    plan = told.plan
    return json_text.document(
        "applied",
        {
            "process": plan.process,
            "version": plan.version,
            "digest": plan.digest,
            "dry_run": told.is_dry_run,
            "migrated": len(plan.lines),
            "done_before": told.done,
            "left": told.left,
            "rows": tuple(
                {
                    "deal": line.deal,
                    "from_version": line.version,
                    "from": line.stage,
                    "to": line.to_stage,
                    "fate": line.fate.value,
                    "why": line.why,
                    "because": line.because,
                }
                for line in plan.lines
            ),
        },
    )
