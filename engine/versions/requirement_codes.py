"""The kinds of changes in requirements and asks."""

from __future__ import annotations

from engine.model.change import Code, Example, Level

_TIGHTER, _LOOSER, _NOTE = Level.TIGHTER, Level.LOOSER, Level.NOTE

CODES: tuple[Code, ...] = (
    Code(
        "D301",
        "requirement added",
        (_TIGHTER, _NOTE),
        "D302",
        "Moves must meet something that they did not have to. Open deals that do not meet it are refused at their "
        "next such move: record what is missing first, or leave them on their version. A `should` only warns, and is "
        "a note.",
        Example(
            "  try-out:   {from: demo, to: trial}\n",
            "  try-out:   {from: demo, to: trial, requires: [{must: given(champion), says: Someone there wants it}]}\n",
        ),
    ),
    Code(
        "D302",
        "requirement removed",
        (_LOOSER, _NOTE),
        "D301",
        "Moves no longer have to meet something. It is told as loudly as what is new, for a control is lost: see "
        "that it is meant, and not a line that went by mistake. A `should` only warned, and is a note.",
        Example(
            "    requires:\n      - when: discount > 10%\n        must: given(decision_date)\n"
            "        says: A discount needs a date of decision\n",
            "",
        ),
    ),
    Code(
        "D303",
        "requirement changed",
        (_TIGHTER, _LOOSER, _NOTE),
        "D303",
        "The condition of a requirement is another one, and not only written otherwise: `a and b` and `b and a` are "
        "one. It is tighter where it refuses deals that it let through, looser where it lets through deals that it "
        "refused. One that does both is told twice, once each way. Beside it stands, where one was found, a smallest "
        "deal that shows the difference. Of a `should` it is a note.",
        Example(
            "      - must: budget\n",
            "      - must: budget and amount >= 5000\n",
        ),
    ),
    Code(
        "D304",
        "requirement changed, nobody can tell how",
        (_TIGHTER, _LOOSER),
        "D304",
        "The condition of a requirement is another one, and neither a proof nor a deal could be found that shows "
        "whether it refuses deals that it let through (told as tighter), or lets through deals that it refused (told "
        "as looser). It counts as if it did: read both. The extra `prove` decides most of these.",
        Example(
            'contains(next_step, "call")',
            'contains(lower(next_step), "call")',
        ),
    ),
    Code(
        "D305",
        "warning or refusal",
        (_TIGHTER, _LOOSER),
        "D305",
        "A requirement that only warned (`should`) now refuses (`must`), or the other way about.",
        Example(
            "to_enter: [{should: given(champion)",
            "to_enter: [{must: given(champion)",
        ),
    ),
    Code(
        "D306",
        "requirement told in other words",
        (_NOTE,),
        "D306",
        "What a requirement says, or how it is mended, reads otherwise. It asks the same.",
        Example(
            "says: The budget is confirmed",
            "says: Someone has confirmed the budget",
        ),
    ),
    Code(
        "D307",
        "requirement moved",
        (_TIGHTER, _LOOSER, _NOTE),
        "D307",
        "The same condition is asked for at another place. It is tighter where moves need it that did not, looser "
        "where moves no longer need it; the sentence names their actions. Where both are so it is told twice, once "
        "each way.",
        Example(
            "  trial:      {title: Trial of two weeks, probability: 50%, stamps: {seen_on: today}}\n"
            "...\n    requires:\n      - when: discount > 10%\n        must: given(decision_date)\n"
            "        says: A discount needs a date of decision\n",
            "  trial:\n    title: Trial of two weeks\n    probability: 50%\n"
            "    stamps: {seen_on: today}\n    to_pass:\n      - when: discount > 10%\n"
            "        must: given(decision_date)\n        says: A discount needs a date of decision\n"
            "...\n",
        ),
    ),
    Code(
        "D308",
        "requirements of a new stage",
        (_TIGHTER, _NOTE),
        "D309",
        "A new stage has requirements. What it takes to pass it is also asked of moves over it, to a later stage or "
        "a won end; what it takes to enter it is asked of nobody who does not go there, and is a note.",
        Example(
            "  proposal:   {",
            "  security:   {to_pass: [{must: given(champion), says: Their security officer agreed}]}\n  proposal:   {",
        ),
    ),
    Code(
        "D309",
        "requirements of a removed stage",
        (_LOOSER, _NOTE),
        "D308",
        "A stage is gone, and with it what it took to pass it: moves that led over it no longer need that. Where it "
        "is still wanted, write it where deals go now.",
        Example(
            "  demo:\n    probability: 40%\n    target: 7d\n    alert: 21d\n    to_pass:\n"
            "      - must: budget\n        says: The budget is confirmed\n"
            "        fix: Ask for the budget, then record it.\n...\n"
            "  hold-demo: {from: first-call, to: demo, touchpoint: demo}\n"
            "  try-out:   {from: demo, to: trial}\n...\n    from: [demo, trial]\n...\n"
            "  step-back: {from: [demo, trial",
            "...\n  hold-demo: {from: first-call, to: trial, touchpoint: demo}\n...\n    from: trial\n"
            "...\n  step-back: {from: [trial",
        ),
    ),
    Code(
        "D311",
        "fact asked for",
        (_TIGHTER,),
        "D312",
        "A fact must be known for a move, or to enter a stage, that did not have to be. It can be given with the "
        "move. Open deals that lack it are refused at that move.",
        Example(
            "asks: [amount]}",
            "asks: [amount, budget]}",
        ),
    ),
    Code(
        "D312",
        "fact no longer asked for",
        (_LOOSER,),
        "D311",
        "A fact had to be known, and no longer has to be. Requirements and metrics that read it will see it missing "
        "more often.",
        Example(
            "asks: [amount]}",
            "asks: []}",
        ),
    ),
    Code(
        "D313",
        "when a fact is asked for changed",
        (_TIGHTER, _LOOSER),
        "D313",
        "A fact is asked for of more deals (tighter), of fewer (looser), or of others, which is told twice, once "
        "each way.",
        Example(
            "{champion: amount >= 50000}",
            "{champion: amount >= 20000}",
        ),
    ),
)
