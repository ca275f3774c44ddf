"""The kinds of changes in actions."""

from __future__ import annotations

from engine.model.change import Code, Example, Level

_TIGHTER, _LOOSER, _NOTE = Level.TIGHTER, Level.LOOSER, Level.NOTE

CODES: tuple[Code, ...] = (
    Code(
        "D201",
        "action added",
        (_LOOSER,),
        "D202",
        "There is a way to move deals that was not there before. Look who may do it, and what it asks for: a new "
        "action can lead around what others require.",
        Example(
            "  park:      {from: proposal, to: parked}\n",
            "  park:      {from: proposal, to: parked}\n  skip:      {from: first-call, to: proposal}\n",
        ),
    ),
    Code(
        "D202",
        "action removed",
        (_TIGHTER,),
        "D201",
        "An action is no longer there, and `follows` does not say what became of it. Who did it must go another way. "
        "Where it was the last way on from a stage, D108 tells it; where no win is left, D110.",
        Example(
            "  try-out:   {from: demo, to: trial}\n",
            "",
        ),
    ),
    Code(
        "D203",
        "action renamed",
        (_NOTE,),
        "D203",
        '`follows` says that an action has another id now. It is the same one in `done("…")`, in figures and in the '
        "past.",
        Example(
            "version: 2\nfollows: {version: 1, actions: {call: hold-demo, show: hold-demo}}\n...\n  park:      {",
            "version: 3\nfollows: {version: 2, actions: {park: put-off}}\n...\n  put-off:   {",
        ),
    ),
    Code(
        "D204",
        "actions merged",
        (_NOTE,),
        "D205",
        "Several actions became one. What one of them required and the other did not is told apart, by D301 and D302.",
        Example(
            "version: 2\nfollows: {version: 1, actions: {call: hold-demo, show: hold-demo}}\n...\n"
            "  hold-demo: {from: first-call, to: demo, touchpoint: demo}\n"
            "  try-out:   {from: demo, to: trial}\n",
            "version: 3\nfollows: {version: 2, actions: {hold-demo: show, try-out: show}}\n...\n"
            "  show:\n    - {from: first-call, to: demo, touchpoint: demo}\n"
            "    - {from: demo, to: trial}\n",
        ),
    ),
    Code(
        "D205",
        "action split",
        (_NOTE,),
        "D204",
        "One action became several, as it happens when a version is compared with an earlier one. What each requires "
        "is compared with what the one required.",
        Example(
            "version: 2\nfollows: {version: 1, actions: {call: hold-demo, show: hold-demo}}\n...\n"
            "  hold-demo: {from: first-call, to: demo, touchpoint: demo}\n",
            "version: 1\n...\n  call:      {from: first-call, to: demo, touchpoint: call}\n"
            "  show:      {from: first-call, to: demo, touchpoint: demo}\n",
        ),
    ),
    Code(
        "D208",
        "action no longer possible from a stage",
        (_TIGHTER,),
        "D209",
        "Deals in these stages cannot do the action any more; of a stage that was split perhaps only some of them. "
        "Stages that were removed are told by D102 alone.",
        Example(
            "    from: [demo, trial]\n",
            "    from: trial\n",
        ),
    ),
    Code(
        "D209",
        "action possible from more stages",
        (_LOOSER,),
        "D208",
        "Deals in these stages can do the action now. A move forward over stages still meets what it takes to pass "
        "each of them. Stages that are new are told by D101 alone.",
        Example(
            "    from: [demo, trial]\n",
            "    from: [first-call, demo, trial]\n",
        ),
    ),
    Code(
        "D210",
        "action no longer leads to a stage",
        (_TIGHTER,),
        "D211",
        "From these stages the action leads to fewer stages than before. `later` and `earlier` are spelled out. "
        "What only another order of the stages takes away is told by D106.",
        Example(
            "to: earlier, by: [lead]",
            "to: first-call, by: [lead]",
        ),
    ),
    Code(
        "D211",
        "action leads to more stages",
        (_LOOSER,),
        "D210",
        "From these stages the action leads to stages that it did not lead to before. `later` and `earlier` are "
        "spelled out. What only another order of the stages adds is told by D106.",
        Example(
            "to: parked}",
            "to: [parked, trial]}",
        ),
    ),
    Code(
        "D212",
        "fewer may do an action",
        (_TIGHTER,),
        "D213",
        "Roles that could do the action no longer can. A role may do what the roles that it includes may do; only "
        "what comes of it is compared. Tell those who did it, and look whether enough people are left.",
        Example(
            "  park:      {from: proposal, to: parked}\n",
            "  park:      {from: proposal, to: parked, by: [manager]}\n",
        ),
    ),
    Code(
        "D213",
        "more may do an action",
        (_LOOSER,),
        "D212",
        "Roles that could not do the action now can. See that this is meant: who may do a thing is a control.",
        Example(
            "to: earlier, by: [lead]",
            "to: earlier, by: [seller]",
        ),
    ),
    Code(
        "D214",
        "when an action applies changed",
        (_TIGHTER, _LOOSER),
        "D214",
        "The `when` of an action is another one: it applies to fewer deals (tighter), to more (looser), or to some "
        "that it did not and no longer to others, which is told twice, once each way. Where nobody can tell, it says "
        "so and counts as both. An action that is done by itself is done for these deals: where it "
        "is looser, look how many it would move at once.",
        Example(
            "when: amount < 1000",
            "when: amount < 500",
        ),
    ),
    Code(
        "D215",
        "action done by itself",
        (_LOOSER,),
        "D216",
        "From now on the engine does this action as soon as its `when` is true, and nobody has to ask for it: a deal "
        "can go on without anybody, which is looser wherever it leads. A clock is the other way about, for it limits "
        "how long a deal may stay (D601). Look how many open deals it would move at once: their next entry is enough.",
        Example(
            "  park:      {from: proposal, to: parked}\n",
            "  park:      {from: proposal, to: parked, auto: true, when: amount < 100}\n",
        ),
    ),
    Code(
        "D216",
        "action no longer done by itself",
        (_TIGHTER,),
        "D215",
        "The engine no longer does this action, so a deal no longer goes on without anybody. Where nobody does it "
        "either, deals stay.",
        Example(
            "    auto: true\n    when: not budget\n"
            "    reasons: {budget: There is no budget, waited: Nothing came of it}\n"
            "    reason: budget\n",
            "    when: not budget\n    reasons: {budget: There is no budget, waited: Nothing came of it}\n",
        ),
    ),
    Code(
        "D217",
        "touchpoint of an action changed",
        (_TIGHTER, _LOOSER, _NOTE),
        "D217",
        "Doing the action counts as another contact with the customer, or as none any more. `count`, `since` and "
        "`done` read that: where conditions do so it is told twice, for they may refuse and let through.",
        Example(
            "touchpoint: demo}",
            "touchpoint: call}",
        ),
    ),
    Code(
        "D218",
        "what an action sets changed",
        (_TIGHTER, _LOOSER, _NOTE),
        "D218",
        "The action records other facts, or other values. What reads them sees the difference from the next move on. "
        "Where conditions read them it is told twice, for they may refuse what they let through and the other way "
        "about.",
        Example(
            "sets: {signed_on: today}",
            "sets: {signed_on: today, seen_on: today}",
        ),
    ),
    Code(
        "D219",
        "what a hand-over leaves behind changed",
        (_NOTE,),
        "D219",
        "Where the action hands a deal over to another process, other facts are left behind knowingly (`drops`).",
        Example(
            "when: amount < 1000, drops: [champion]",
            "when: amount < 1000, drops: [champion, decision_date]",
        ),
    ),
    Code(
        "D220",
        "reason that the engine gives changed",
        (_NOTE,),
        "D220",
        "Where the engine does the action by itself it gives another reason. Figures by reason change with it.",
        Example(
            "    reason: budget\n",
            "    reason: waited\n",
        ),
    ),
    Code(
        "D221",
        "title of an action changed",
        (_NOTE,),
        "D221",
        "An action is called otherwise in reports. Its id is the same, and so is all that it does.",
        Example(
            "  try-out:   {from: demo, to: trial}\n",
            "  try-out:   {title: Let them try it, from: demo, to: trial}\n",
        ),
    ),
    Code(
        "D222",
        "deals that an action starts changed",
        (_NOTE,),
        "D222",
        "The action begins other new deals in other processes, under other conditions, or gives them other facts. "
        "Nothing is refused because of it; look at the process where they begin.",
        Example(
            "    sets: {signed_on: today}\n",
            "    sets: {signed_on: today}\n"
            "    starts: {process: renewals, when: amount >= 1000, sets: {amount: amount}}\n",
        ),
    ),
)
