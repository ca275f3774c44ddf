"""The kinds of changes in stages."""

from __future__ import annotations

from engine.model.change import Code, Example, Level

_BREAK, _TIGHTER, _LOOSER, _NOTE = Level.BREAK, Level.TIGHTER, Level.LOOSER, Level.NOTE

CODES: tuple[Code, ...] = (
    Code(
        "D101",
        "stage added",
        (_NOTE,),
        "D102",
        "There is a stage that was not there before. The sentence tells where it stands in the pipeline and which "
        "actions lead to it and on from it. Open deals stay where they are. What it takes to pass the new stage is "
        "told apart, by D308, because moves over it now need that too.",
        Example(
            "  proposal:   {",
            "  security:   {probability: 55%}\n  proposal:   {",
        ),
    ),
    Code(
        "D102",
        "stage removed",
        (_BREAK, _NOTE),
        "D101",
        "A stage is no longer there and `follows` does not say what became of it. Deals can stand in it, so they "
        "would be stranded: say under `follows` where they go on, or decide it deal by deal when you plan. In a "
        "track beside the main one only the plan can say so, for `follows` renames no stages there. For an end, or a "
        "stage that no moves led to, it is a note: no open deal stands there.",
        Example(
            "  parked:     {to_enter: [{must: 'contains(next_step, \"call\")', says: The next step is a call}]}\n"
            "...\n  park:      {from: proposal, to: parked}\n",
            "...\n",
        ),
    ),
    Code(
        "D103",
        "stage renamed",
        (_NOTE,),
        "D103",
        "`follows` says that a stage has another id now. Deals that stand there go on under the new name. Nothing is "
        "asked of anybody.",
        Example(
            "version: 2\nfollows: {version: 1, actions: {call: hold-demo, show: hold-demo}}\n...\n"
            "  parked:     {to_enter: [{must: 'contains(next_step, \"call\")', says: The next step is a call}]}\n"
            "...\nto: parked}",
            "version: 3\nfollows: {version: 2, stages: {parked: waiting}}\n...\n"
            "  waiting:    {to_enter: [{must: 'contains(next_step, \"call\")', says: The next step is a call}]}\n"
            "...\nto: waiting}",
        ),
    ),
    Code(
        "D104",
        "stages merged",
        (_NOTE,),
        "D105",
        "Several stages became one. Deals of all of them go on in it. Where they had different requirements to enter "
        "or to pass, each one that is lost or new for some of the deals is told apart, by D301 and D302.",
        Example(
            "version: 2\nfollows: {version: 1, actions: {call: hold-demo, show: hold-demo}}\n...\n"
            "  trial:      {title: Trial of two weeks, probability: 50%, stamps: {seen_on: today}}\n"
            "...\n  try-out:   {from: demo, to: trial}\n...\n    from: [demo, trial]\n...\n"
            "    from: trial\n...\n[demo, trial, pro",
            "version: 3\nfollows: {version: 2, stages: {trial: demo}}\n...\n...\n...\n    from: demo\n"
            "...\n    from: demo\n...\n[demo, pro",
        ),
    ),
    Code(
        "D105",
        "stage split",
        (_BREAK, _NOTE),
        "D104",
        "One stage became several; `follows` lists where its deals go, and `when`. The first line that is true is "
        "meant. It breaks where a deal may be left for which no line is true: end the list with a target that has no "
        "`when`. Read backwards, as in going back to an earlier version, it breaks because nothing says which deals "
        "go where.",
        Example(
            "version: 2\nfollows: {version: 1, actions: {call: hold-demo, show: hold-demo}}\n...\n"
            "  parked:     {to_enter: [{must: 'contains(next_step, \"call\")', says: The next step is a call}]}\n"
            "...\nto: parked}",
            "version: 3\n"
            "follows: {version: 2, stages: {parked: [{to: waiting, when: budget}, {to: dormant, when: not "
            "budget}]}}\n...\n  waiting:    {}\n  dormant:    {}\n...\nto: [waiting, dormant]}",
        ),
    ),
    Code(
        "D106",
        "order of stages changed",
        (_TIGHTER, _LOOSER, _NOTE),
        "D106",
        "Stages stand in another order. A move forward passes the stages that lie between, and must meet what it "
        "takes to pass each: it is tighter where moves now pass a stage with requirements that they did not pass "
        "before, looser where they no longer do. What `later`, `earlier` and `reached` mean shifts with the order: "
        "tighter where actions that stand as they stood no longer lead the way they did, looser where they lead "
        "another way too. That is told here once, for all actions together.",
        Example(
            "  demo:\n    probability: 40%\n    target: 7d\n    alert: 21d\n    to_pass:\n"
            "      - must: budget\n        says: The budget is confirmed\n"
            "        fix: Ask for the budget, then record it.\n"
            "  trial:      {title: Trial of two weeks, probability: 50%, stamps: {seen_on: today}}\n",
            "  trial:      {title: Trial of two weeks, probability: 50%, stamps: {seen_on: today}}\n"
            "  demo:\n    probability: 40%\n    target: 7d\n    alert: 21d\n    to_pass:\n"
            "      - must: budget\n        says: The budget is confirmed\n"
            "        fix: Ask for the budget, then record it.\n",
        ),
    ),
    Code(
        "D107",
        "deals start in another stage",
        (_TIGHTER, _LOOSER),
        "D107",
        "A deal starts in the first stage of the pipeline, and that is another one now. It is told twice: deals no "
        "longer start in the one (tighter), they do in the other, without the moves that led there (looser). Deals "
        "that have started are not touched. Look whether the new first stage asks for facts that nobody has when a "
        "deal begins.",
        Example(
            "stages:\n  first-call: {",
            "stages:\n  inbound:    {probability: 5%}\n  first-call: {",
        ),
    ),
    Code(
        "D108",
        "stage that can no longer be left",
        (_BREAK, _TIGHTER),
        "D109",
        "No action leads on from a stage any more, and it is no end. Deals that stand there are stuck: give them a "
        "way on, or say under `follows` where they go. In a track beside the main one it is tighter, for the deal "
        "itself goes on.",
        Example(
            "    from: open\n    to: lost\n",
            "    from: [first-call, demo, trial, proposal]\n    to: lost\n",
        ),
    ),
    Code(
        "D109",
        "stage that can be left again",
        (_LOOSER,),
        "D108",
        "An action leads on from a stage that no action led on from before. Deals that are stuck there can go on "
        "once they are moved to this version.",
        Example(
            "by: [manager]}\n",
            "by: [manager]}\n      reopen:  {from: approved, to: in-review}\n",
        ),
    ),
    Code(
        "D110",
        "win out of reach",
        (_BREAK,),
        "D111",
        "From these stages a deal could be won, by some chain of moves, and no chain leads to a win any more. Such "
        "deals can only be lost. Look which action was removed, or leads elsewhere now.",
        Example(
            "    from: proposal\n    to: won\n",
            "    from: proposal\n    to: lost\n",
        ),
    ),
    Code(
        "D111",
        "win within reach",
        (_LOOSER,),
        "D110",
        "From these stages no chain of moves led to a win, and now one does.",
        Example(
            "  park:      {from: proposal, to: parked}\n",
            "  park:      {from: proposal, to: parked}\n  go-on:     {from: parked, to: proposal}\n",
        ),
    ),
    Code(
        "D112",
        "stage that is no longer reached",
        (_TIGHTER,),
        "D113",
        "No chain of moves leads from the first stage to this one any more. Deals that stand there are not touched; "
        "no other will come. If that is meant, remove the stage and say under `follows` where its deals go.",
        Example(
            "  park:      {from: proposal, to: parked}\n",
            "",
        ),
    ),
    Code(
        "D113",
        "stage that can be reached now",
        (_LOOSER,),
        "D112",
        "A chain of moves leads from the first stage to one that no deal could come to before.",
        Example(
            "      submit:  {from: unsigned, to: in-review}\n",
            "      submit:  {from: unsigned, to: in-review}\n      withdraw: {from: in-review, to: withdrawn}\n",
        ),
    ),
    Code(
        "D114",
        "stage of another kind",
        (_BREAK, _TIGHTER, _LOOSER, _NOTE),
        "D114",
        "A stage that was open is an end now, an end is open, or an end counts otherwise. It breaks where an open "
        "stage became an end: deals that stand there would be over without a move that ended them, so move them on "
        "first. Only a won end lies behind all open stages, so that moves to it must meet what it takes to pass "
        "them: it is tighter or looser where that comes or goes. Where an end counts otherwise, win rates of the "
        "past change with it.",
        Example(
            "  lost:       {ends: lost}",
            "  lost:       {ends: other}",
        ),
    ),
    Code(
        "D115",
        "chance of a win changed",
        (_TIGHTER, _LOOSER, _NOTE),
        "D115",
        "The probability of a stage is another one: every weighted sum of the pipeline changes on the day when deals "
        "come to this version. Where conditions read `probability`, moves are judged by it, so it is told twice: deals "
        "may be refused that were let through, and the other way about. Of stages that were merged or split it is told "
        "for each of them.",
        Example(
            "probability: 60%",
            "probability: 70%",
        ),
    ),
    Code(
        "D116",
        "target of a stage changed",
        (_NOTE,),
        "D116",
        "The time that a deal should need in a stage is another one. Nothing is refused because of it.",
        Example(
            "target: 7d",
            "target: 10d",
        ),
    ),
    Code(
        "D117",
        "alert of a stage changed",
        (_NOTE,),
        "D117",
        "The time after which a deal in a stage is told to stand too long is another one, or the reason for which it "
        "may (`unless`). Nothing is refused because of it.",
        Example(
            "alert: 21d",
            "alert: 14d",
        ),
    ),
    Code(
        "D118",
        "title of a stage changed",
        (_NOTE,),
        "D118",
        "A stage is called otherwise in reports. Its id is the same, and so is all that it means.",
        Example(
            "title: Trial of two weeks",
            "title: Trial of four weeks",
        ),
    ),
    Code(
        "D119",
        "stamps of a stage changed",
        (_TIGHTER, _LOOSER, _NOTE),
        "D119",
        "Other facts are recorded when a deal first reaches a stage, or other values. Deals that reached it before "
        "keep what was stamped then; metrics that read the fact mix both. Where conditions read it, it is told twice, "
        "for they may refuse what they let through and the other way about.",
        Example(
            "stamps: {seen_on: today}",
            "stamps: {seen_on: today + 14d}",
        ),
    ),
)
