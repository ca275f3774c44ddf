"""The kinds of changes in approvals."""

from __future__ import annotations

from engine.model.change import Code, Example, Level

_TIGHTER, _LOOSER, _NOTE = Level.TIGHTER, Level.LOOSER, Level.NOTE

CODES: tuple[Code, ...] = (
    Code(
        "D501",
        "approval added",
        (_TIGHTER,),
        "D502",
        "Someone else must agree before a move that nobody had to agree to. Open deals wait for it at that move; ask "
        "for it in time.",
        Example(
            "  park:      {from: proposal, to: parked}\n",
            "  park:      {from: proposal, to: parked, approval: [{by: lead, says: A lead agrees}]}\n",
        ),
    ),
    Code(
        "D502",
        "approval removed",
        (_LOOSER,),
        "D501",
        "A control is lost: the move needed someone else who agrees, and no longer does. See that it is meant.",
        Example(
            "    approval: [{by: manager, when: discount > 15%, says: More than 15% off needs a manager, "
            "lasts: 14d}]\n",
            "",
        ),
    ),
    Code(
        "D503",
        "who approves changed",
        (_TIGHTER, _LOOSER),
        "D503",
        "Fewer roles can give the approval (tighter), or more (looser); roles that gain and roles that lose are told "
        "apart. Approvals that were given under the version before do not count under this one.",
        Example(
            "{by: manager, when",
            "{by: lead, when",
        ),
    ),
    Code(
        "D504",
        "when an approval is needed changed",
        (_TIGHTER, _LOOSER),
        "D504",
        "The approval is needed for more deals (tighter), for fewer (looser), or for others, which is told twice, "
        "once each way. It is needed wherever its condition is not false, also where nobody knows. Where nobody can "
        "tell, it says so and counts as both.",
        Example(
            "when: discount > 15%",
            "when: discount > 20%",
        ),
    ),
    Code(
        "D505",
        "how long an approval counts changed",
        (_TIGHTER, _LOOSER),
        "D505",
        "An approval that was given counts for less time (tighter) or for more (looser). Without `lasts` it counts "
        "until the next move, or until a fact that it rests on changes.",
        Example(
            "lasts: 14d",
            "lasts: 7d",
        ),
    ),
    Code(
        "D506",
        "approval told in other words",
        (_NOTE,),
        "D506",
        "What an approval says reads otherwise. It asks the same.",
        Example(
            "says: More than 15% off needs a manager",
            "says: A manager agrees to more than 15% off",
        ),
    ),
)
