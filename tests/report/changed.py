"""Two versions by hand and what changed between them: of every level, with proofs, and seen on deals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from engine.model.change import Change, Changes, Level, Proof, Relation, Subject
from engine.model.place import Place
from engine.model.process import Action, Process, Stage, Track
from engine.model.rule import RuleSet
from engine.model.study import Heading, Section, Unit
from engine.report.changes_words import Sides
from tests.report.samples import PROCESS

OLD_FILE, NEW_FILE = "processes/inside-sales/1.yaml", "processes/inside-sales/2.yaml"


def placed(process: Process, file: str) -> Process:
    """The process with a place for each stage and action: stages from line 20, actions from 40, tracks from 100."""
    tracks = [_placed(track, file, 20 + 80 * i) for i, track in enumerate(process.all_tracks())]
    return replace(process, main=tracks[0], tracks=tuple(tracks[1:]), at=Place(file, 1, 1))


def _placed(track: Track, file: str, line: int) -> Track:
    stages = [replace(stage, at=Place(file, line + i, 3)) for i, stage in enumerate(track.stages)]
    ids = list(dict.fromkeys(action.id for action in track.actions))
    actions = [replace(action, at=Place(file, line + 20 + ids.index(action.id), 3)) for action in track.actions]
    return replace(track, stages=tuple(stages), actions=tuple(actions))


NEW = placed(PROCESS, NEW_FILE)


def _before() -> Process:
    """Version 1: ``qualified`` is still ``interested``, ``trial`` still there, nobody disqualifies, no legal review."""
    names = {"qualified": "interested"}
    stages = [replace(stage, id=names.get(stage.id, stage.id)) for stage in PROCESS.main.stages[:-1]]
    stages.insert(3, Stage("trial", target=stages[2].target))
    actions = [
        replace(
            action,
            sources=tuple(names.get(each, each) for each in action.sources),
            targets=tuple(names.get(each, each) for each in action.targets),
        )
        for action in PROCESS.main.actions
        if action.id != "disqualify"
    ]
    actions.insert(2, Action("start-trial", ("demo",), ("trial",)))
    main = replace(PROCESS.main, stages=tuple(stages), actions=tuple(actions))
    return placed(replace(PROCESS, version=1, main=main, tracks=(), follows=None), OLD_FILE)


OLD = _before()


def _at(process: Process, name: str) -> Place:
    things = [thing for track in process.all_tracks() for thing in (*track.stages, *track.actions)]
    return next(thing.at for thing in things if thing.id == name)


def _changes() -> tuple[Change, ...]:
    process, stages, actions = Subject.PROCESS, Subject.STAGES, Subject.ACTIONS
    return (
        Change("D901", Level.NOTE, process, "because", "why this version was made is told", new=Place(NEW_FILE, 5, 1)),
        Change(
            "D102",
            Level.BREAK,
            stages,
            "trial",
            "stage 'trial' is gone: a deal that stands there has nowhere to go",
            old=_at(OLD, "trial"),
            before="trial: {target: 10d}",
        ),
        Change(
            "D103",
            Level.NOTE,
            stages,
            "qualified",
            "stage 'interested' is now called 'qualified'",
            old=_at(OLD, "interested"),
            new=_at(NEW, "qualified"),
        ),
        Change("D101", Level.NOTE, stages, "unqualified", "stage 'unqualified' is new", new=_at(NEW, "unqualified")),
        Change("D202", Level.TIGHTER, actions, "start-trial", "no action leads to 'trial'", _at(OLD, "start-trial")),
        Change("D201", Level.LOOSER, actions, "disqualify", "'disqualify' is new", None, _at(NEW, "disqualify")),
        Change(
            "D303",
            Level.TIGHTER,
            Subject.REQUIREMENTS,
            "proposal/to_enter/1",
            "to enter 'proposal' more is required: The budget is confirmed and covers the smallest plan",
            Place(OLD_FILE, 31, 7),
            Place(NEW_FILE, 33, 7),
            "must: amount >= 1000",
            "must: budget_confirmed and amount >= 5000",
            proof=Proof(Relation.STRICTER, {"amount": Decimal(1000), "discount": Decimal("0.2")}, None, "proof"),
        ),
        Change(
            "D303",
            Level.TIGHTER,
            Subject.REQUIREMENTS,
            "send-proposal/requires/1",
            "'send-proposal' requires something else",
            Place(OLD_FILE, 44, 9),
            Place(NEW_FILE, 45, 9),
            "when: discount > 10%\nmust: given(decision_date)",
            "when: discount > 5%\nmust: size(competitor) < 3",
            proof=Proof(Relation.UNKNOWN),
        ),
        Change(
            "D502",
            Level.LOOSER,
            Subject.APPROVALS,
            "sign/approval/1",
            "nobody need approve 'sign' any more where it needed a manager",
            old=Place(OLD_FILE, 47, 5),
            new=Place(NEW_FILE, 46, 5),
            before="approval: [{by: manager}]",
            proof=Proof(Relation.LOOSER, None, {}, "search"),
        ),
        Change(
            "D701",
            Level.NOTE,
            Subject.TRACKS,
            "legal",
            "track 'legal' is new",
            new=Place(NEW_FILE, 99, 3),
            track="legal",
        ),
    )


IMPACT = Section(
    "refused_next",
    "Open deals that the new version would refuse",
    (
        Heading("requirement", "Requirement"),
        Heading("deals", "Deals", Unit.COUNT),
        Heading("amount", "Worth", Unit.MONEY),
        Heading("owners", "Owners"),
    ),
    (("proposal/to_enter/1", 3, Decimal(120_000), "ana, ben"), ("stranded in trial", 1, Decimal(9_000), "cleo")),
    says=("4 of 12 open deals are touched.",),
)
CHANGES = Changes(
    "process",
    "inside-sales@1",
    "inside-sales@2",
    _changes(),
    impact=(IMPACT,),
    impact_says=("12 open deals were judged by inside-sales@2.",),
    next_steps=(
        "say where deals in 'trial' go: write it under follows in processes/inside-sales/2.yaml",
        "plan how they come over: stagewright plan inside-sales@2 -o plan.json",
    ),
    currency="EUR",
)
SIDES = Sides(OLD, NEW, "install stagewright[prove] to have it proved")
UNREAD = replace(CHANGES, changes=(), impact=(), impact_says=(), unread=("inside-sales@3 could not be read",))
RULES = replace(
    CHANGES,
    kind="rule set",
    old="qualification@1",
    new="qualification@2",
    changes=CHANGES.changes[6:8],
    used_by=("inside-sales@1", "inside-sales@2"),
    impact=(),
    impact_says=(),
)
RULE_SIDES = Sides(RuleSet("qualification", 1, facts=PROCESS.facts), RuleSet("qualification", 2))
