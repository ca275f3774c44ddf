"""The kinds of changes of the single forms of actions: codes D224."""

from __future__ import annotations

from engine.model.change import Code, Example, Level

CODES: tuple[Code, ...] = (
    Code(
        "D224",
        "form of an action leads elsewhere",
        (Level.TIGHTER, Level.LOOSER),
        "D224",
        "An action that is written as a list still leads the same ways, but by another of its forms. Each form has its "
        "own conditions, roles, requirements and approvals, so deals may be refused that were let through, and let "
        "through that were refused: it is told twice. See that no approval is lost on the way.",
        Example(
            "    - {from: proposal, to: won, when",
            "    - {from: [first-call, proposal], to: won, when",
        ),
        "base_forms.yaml",
    ),
)
