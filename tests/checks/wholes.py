"""Random processes with all that acts by itself: clocks, automatic actions, tracks, approvals, starts, transfers."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from engine.conditions.parse import read
from engine.model.expression import Assignment, Expression
from engine.model.process import Action, Clock, Process, Stage, Start, Track, Transfer
from engine.model.rule import Approval, Ask, Fact, Force, Reason, Requirement
from engine.model.scope import Scope
from engine.model.syntax import MONEY, TEXT, YES_NO

MAIN_STAGES = ("a", "b", "c", "won")
SIDE_STAGES = ("p", "q", "r")
FACTS = {"amount": Fact("amount", MONEY), "paid": Fact("paid", YES_NO), "word": Fact("word", TEXT)}
SCOPE = Scope(
    {fact.id: fact.type for fact in FACTS.values()},
    stages=MAIN_STAGES,
    actions=tuple(f"{track}{number}" for track in "ms" for number in range(6)),
    roles=("rep", "boss"),
    reasons=("silence",),
    tracks={"side": SIDE_STAGES},
)
PLACES = (
    *(f'stage == "{stage}"' for stage in MAIN_STAGES),
    *(f'track.side == "{stage}"' for stage in SIDE_STAGES),
    *(f'reached("{stage}")' for stage in MAIN_STAGES),
    'stage != "a"',
    'to == "b"',
    'stage in ["b", "c"] and track.side != "p"',
    'not reached("b") or track.side == "q"',
)
KNOWN = (
    "paid",
    "not paid",
    "amount > 5",
    "amount < 3",
    "given(amount)",
    "blank(word)",
    'done("m1")',
    'count("m2") < 3',
    'actor.role == "boss"',
    'reason == "silence"',
    "paid and amount > 1",
    'word.contains("x")',
)


def expression(text: str) -> Expression:
    """The text as an expression."""
    found, findings = read(text, SCOPE, expects=None)
    assert found is not None, findings
    return found


_PLACES = tuple(expression(text) for text in PLACES)
_KNOWN = tuple(expression(text) for text in KNOWN)
_TRUE, _MORE = expression("true"), expression("amount + 1")


def conditions(*, places_only: bool = False) -> st.SearchStrategy[Expression]:
    """Conditions on where a deal stands, and on all else."""
    return st.sampled_from(_PLACES if places_only else (*_PLACES, *_KNOWN))


@st.composite
def requirement(draw: st.DrawFn, name: str, *, places_only: bool) -> tuple[Requirement, ...]:
    """One requirement, or none."""
    if draw(st.booleans()):
        return ()
    when = draw(st.none() | conditions(places_only=places_only))
    force = Force.MUST if places_only else draw(st.sampled_from(Force))
    return (Requirement(name, force, draw(conditions(places_only=places_only)), "It is right", when),)


@st.composite
def track(draw: st.DrawFn, name: str, stages: tuple[str, ...], *, places_only: bool) -> Track:
    """A track of these stages, with up to six actions."""
    numbers = range(draw(st.integers(1, 6)))
    made = [draw(action(f"{name[0]}{number}", stages, places_only=places_only)) for number in numbers]
    declared = [
        Stage(
            stage,
            ends=stage if stage == "won" else "",
            to_enter=draw(requirement(f"{stage}/to_enter/1", places_only=places_only)),
        )
        for stage in stages
    ]
    return Track(name, tuple(declared), tuple(made), draw(requirement(f"{name}/always/1", places_only=places_only)))


@st.composite
def action(draw: st.DrawFn, name: str, stages: tuple[str, ...], *, places_only: bool) -> Action:
    """An action between stages; where not only places count also automatic, approved, starting and transferring."""
    sources = tuple(draw(st.lists(st.sampled_from(stages), min_size=1, max_size=2, unique=True)))
    targets = tuple(draw(st.lists(st.sampled_from(stages), min_size=1, max_size=2, unique=True)))
    requires = draw(requirement(f"{name}/requires/1", places_only=places_only))
    if places_only:
        return Action(name, sources, targets, requires=requires)
    return Action(
        name,
        sources,
        draw(st.sampled_from([targets, targets[:1], targets[:1], targets[:1], ("previous",), ("later",)])),
        by=draw(st.sampled_from([(), ("rep",), ("boss",)])),
        requires=requires,
        asks=draw(st.sampled_from([(), (Ask("note"),), (Ask("amount", _KNOWN[0]),)])),
        reasons=draw(st.sampled_from([(), (Reason("silence", "No answer"),)])),
        approvals=tuple(
            Approval(f"{name}/approval/1", ("boss",), "Yes", when) for when in draw(st.lists(conditions(), max_size=1))
        ),
        sets=draw(st.sampled_from([(), (Assignment("paid", _TRUE),), (Assignment("amount", _MORE),)])),
        auto=draw(st.booleans()),
        when=draw(st.none() | conditions()),
        transfer=draw(st.sampled_from([None, None, None, Transfer("made", "b")])),
        starts=draw(st.sampled_from([(), (Start("made", None, (Assignment("paid", _TRUE),)),)])),
    )


@st.composite
def clock(draw: st.DrawFn, name: str, actions: tuple[Action, ...]) -> Clock:
    """A clock that does one of the actions from its stages, or only warns."""
    then = draw(st.sampled_from(actions))
    return Clock(
        name,
        then.sources,
        draw(st.sampled_from(["idle", "stays"])),
        timedelta(days=draw(st.integers(1, 5))),
        draw(st.none() | conditions()),
        then=draw(st.sampled_from([then.id, then.id, ""])),
        reason="silence" if then.reasons else "",
    )


@st.composite
def processes(draw: st.DrawFn, *, places_only: bool = False) -> Process:
    """A process of two tracks; ``places_only``: by hand alone, and no condition looks at what is known."""
    main = draw(track("main", MAIN_STAGES, places_only=places_only))
    side = draw(track("side", SIDE_STAGES, places_only=places_only))
    clocks = (
        ()
        if places_only
        else tuple(draw(clock(f"clock-{number}", main.actions)) for number in range(draw(st.integers(0, 4))))
    )
    return Process("made", 1, main, roles={"rep": (), "boss": ("rep",)}, facts=FACTS, clocks=clocks, tracks=(side,))
