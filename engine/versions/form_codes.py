"""The kinds of changes in the forms of an action that is written as a list."""

from __future__ import annotations

from engine.model.change import Code, Example, Level

_TIGHTER, _LOOSER = Level.TIGHTER, Level.LOOSER

CODES: tuple[Code, ...] = (
    Code(
        "D206",
        "form of an action added",
        (_TIGHTER, _LOOSER),
        "D207",
        "An action that is written as a list has one more form on a way that it led already: of several, the first "
        "whose `when` is true is meant. Deals to which none applied may move now. Where it stands before others that "
        "may apply too, it is also tighter: it is meant instead of them.",
        Example(
            "by: [lead], drops: [champion]}\n",
            "by: [lead], drops: [champion]}\n"
            "    - {from: first-call, to: self-serve/signed-up, when: amount < 9000, by: [manager], drops: "
            "[champion]}\n",
        ),
    ),
    Code(
        "D207",
        "form of an action removed",
        (_TIGHTER, _LOOSER),
        "D206",
        "An action that is written as a list has one form less, though it still leads the same way by another. Deals "
        "to which only that form applied can no longer move so. Where it stood before others that may apply too, it "
        "is also looser: they are meant now.",
        Example(
            "    - {from: first-call, to: self-serve/signed-up, when: amount < 5000, by: [lead], drops: [champion]}\n",
            "",
        ),
    ),
    Code(
        "D223",
        "order of forms changed",
        (_TIGHTER, _LOOSER),
        "D223",
        "An action that is written as a list has its forms in another order, and of several that apply to a deal the "
        "first is meant: it decides who may do it, what it requires, and where a move goes that names no stage. It is "
        "told only where both may apply to one deal, and twice, for it may refuse and let through.",
        Example(
            "    - {from: first-call, to: self-serve/signed-up, when: amount < 1000, drops: [champion]}\n"
            "    - {from: first-call, to: self-serve/signed-up, when: amount < 5000, by: [lead], drops: [champion]}\n",
            "    - {from: first-call, to: self-serve/signed-up, when: amount < 5000, by: [lead], drops: [champion]}\n"
            "    - {from: first-call, to: self-serve/signed-up, when: amount < 1000, drops: [champion]}\n",
        ),
    ),
    Code(
        "D224",
        "form of an action leads elsewhere",
        (_TIGHTER, _LOOSER),
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
