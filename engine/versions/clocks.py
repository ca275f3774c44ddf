"""What differs in clocks: codes D6xx.

A clock with ``then`` limits how long a deal may stay as it is, and is a control: what makes it act on more deals or
sooner is tighter, what makes it act on fewer or later is looser. (An action that is done by itself is the other way
about: it allows a deal to go on without anybody.) A clock that only warns refuses and moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Code, Example, Level, Proof, Relation, Subject
from engine.model.names import MAIN
from engine.model.process import Clock
from engine.model.values import duration_text
from engine.versions.matched import action_couples, fact_couples, lost_and_gained, stage_couples
from engine.versions.pair import Pair
from engine.versions.relating import ALWAYS, new_in_later_words, old_in_later_words, related


def clock_changes(pair: Pair) -> Iterator[Change]:
    """Clocks added and removed, and what is another about the others."""
    old = {clock.id: clock for clock in pair.old.clocks}
    new = {clock.id: clock for clock in pair.new.clocks}
    for one in new.values():
        if one.id in old:
            yield from _limits(old[one.id], one)
            yield from _deals(old[one.id], one, pair)
            yield from _acts(old[one.id], one, pair)
        else:
            does = f"does '{one.then}' by itself" if one.then else "warns, and moves nothing"
            says = f"the clock '{one.id}' is new: after {duration_text(one.limit)} it {does}"
            yield _change("D601", Level.TIGHTER if one.then else Level.NOTE, None, one, says, "", _told(one))
    for one in old.values():
        if one.id not in new:
            does = f"nothing does '{one.then}' by itself any more" if one.then else "it warns no more"
            level = Level.LOOSER if one.then else Level.NOTE
            yield _change("D602", level, one, None, f"the clock '{one.id}' is gone: {does}", _told(one), "")


def _limits(was: Clock, now: Clock) -> Iterator[Change]:
    if was.limit != now.limit:
        sooner = now.limit < was.limit
        limits = f"after {duration_text(now.limit)}, no longer {duration_text(was.limit)}"
        says = f"the clock '{now.id}' ends {'sooner' if sooner else 'later'}: {limits}"
        level = _level(was, now, Level.TIGHTER if sooner else Level.LOOSER)
        yield _change("D603", level, was, now, says, duration_text(was.limit), duration_text(now.limit))
    if was.warn != now.warn:
        before = "never" if was.warn is None else f"after {duration_text(was.warn)}"
        after = "never" if now.warn is None else f"after {duration_text(now.warn)}"
        says = f"the clock '{now.id}' warns {after}, no longer {before}"
        yield _change("D604", Level.NOTE, was, now, says, before, after)
    if was.basis != now.basis:
        counts = {"stays": "time in the stage, whatever is done", "idle": "time without activity"}
        level = _level(was, now, Level.TIGHTER if now.basis == "stays" else Level.LOOSER)
        says = f"the clock '{now.id}' now counts {counts[now.basis]}"
        yield _change("D605", level, was, now, says, was.basis, now.basis)


def _deals(was: Clock, now: Clock, pair: Pair) -> Iterator[Change]:
    """For which deals it runs: by stage, and by condition."""
    if was.track != now.track:
        says = f"the clock '{now.id}' now runs in the track '{now.track}', no longer in '{was.track}'"
        for level in dict.fromkeys((_level(was, now, Level.TIGHTER), _level(was, now, Level.LOOSER))):
            yield _change("D613", level, was, now, f"{says}{_ACTS[level]}", was.track, now.track)
        return
    lost, gained = lost_and_gained(was.stages, now.stages, stage_couples(pair, now.track))
    before, after = ", ".join(was.stages), ", ".join(now.stages)
    if gained:
        says = f"the clock '{now.id}' now runs in {', '.join(gained)} too"
        yield _change("D606", _level(was, now, Level.TIGHTER), was, now, says, before, after)
    if lost:
        says = f"the clock '{now.id}' no longer runs in {', '.join(lost)}"
        yield _change("D607", _level(was, now, Level.LOOSER), was, now, says, before, after)
    yield from _conditions(was, now, pair)


def _conditions(was: Clock, now: Clock, pair: Pair) -> Iterator[Change]:
    """Both are told where each runs for some deals that the other leaves alone, or where nobody can tell."""
    old = old_in_later_words(was.when.tree, pair) if was.when else ALWAYS
    new = new_in_later_words(now.when.tree, pair) if now.when else ALWAYS
    proof = related((None, old), (None, new), pair)
    if proof is None or proof.relation is Relation.SAME:
        return
    before, after = (one.text if one else "" for one in (was.when, now.when))
    nobody = proof.relation is Relation.UNKNOWN
    how = "may now run" if nobody else "now runs"
    unsure = ": nobody can tell" if nobody else ""
    if proof.relation is not Relation.STRICTER:
        says = f"the clock '{now.id}' {how} for more deals{unsure}"
        yield _change("D608", _level(was, now, Level.TIGHTER), was, now, says, before, after, proof)
    if proof.relation is not Relation.LOOSER:
        says = f"the clock '{now.id}' {how} for fewer deals{unsure}"
        yield _change("D609", _level(was, now, Level.LOOSER), was, now, says, before, after, proof)


def _acts(was: Clock, now: Clock, pair: Pair) -> Iterator[Change]:
    """What it does, and what starts it anew."""
    if was.then != now.then and (was.then, now.then) not in action_couples(pair):
        levels = ((Level.TIGHTER,) if now.then else ()) + ((Level.LOOSER,) if was.then else ())
        does = f"does '{now.then}' by itself" if now.then else "only warns"
        did = f"did '{was.then}'" if was.then else "only warned"
        says = f"the clock '{now.id}' now {does}; before it {did}"
        for level in levels:
            told = says if len(levels) == 1 else f"{says}{_DOES[level]}"
            yield _change("D610", level, was, now, told, was.then, now.then)
    if pair.became.reason(was.reason) != now.reason and pair.back.reason(now.reason) != was.reason:
        says = f"the clock '{now.id}' gives {_reason(now)} now, no longer {_reason(was)}"
        yield _change("D611", Level.NOTE, was, now, says, was.reason, now.reason)
    lost, gained = lost_and_gained(was.activity, now.activity, fact_couples(pair))
    before, after = ", ".join(was.activity), ", ".join(now.activity)
    if gained:
        says = f"recording {', '.join(gained)} now starts the clock '{now.id}' anew"
        yield _change("D612", _level(was, now, Level.LOOSER), was, now, says, before, after)
    if lost:
        says = f"recording {', '.join(lost)} no longer starts the clock '{now.id}' anew"
        yield _change("D612", _level(was, now, Level.TIGHTER), was, now, says, before, after)


_ACTS = {
    Level.TIGHTER: ", where it acts on deals that it left alone",
    Level.LOOSER: ", and leaves deals alone that it acted on",
    Level.NOTE: "",
}
_DOES = {
    Level.TIGHTER: ": deals go another way that they did not go",
    Level.LOOSER: ": deals no longer go the way that they went",
}


def _level(was: Clock, now: Clock, level: Level) -> Level:
    """What a change of a clock is that acts in both versions; where it does not, that is told by itself."""
    return level if was.then and now.then else Level.NOTE


def _reason(clock: Clock) -> str:
    return f"the reason '{clock.reason}'" if clock.reason else "no reason"


def _told(clock: Clock) -> str:
    return f"{clock.basis} {duration_text(clock.limit)}" + (f", then {clock.then}" if clock.then else "")


def _change(
    code: str,
    level: Level,
    old: Clock | None,
    new: Clock | None,
    says: str,
    before: str,
    after: str,
    proof: Proof | None = None,
) -> Change:
    thing, track = next(((one.id, one.track) for one in (new, old) if one), ("", MAIN))
    at = (old.at if old else None, new.at if new else None)
    return Change(code, level, Subject.CLOCKS, thing, says, *at, before, after, track, proof)


_BASE = "base_rest.yaml"
_SLOW = "  slow:  {in: demo, stays: 30d}\n"
_LEVELS = (Level.TIGHTER, Level.LOOSER, Level.NOTE)

CODES: tuple[Code, ...] = (
    Code(
        "D601",
        "a clock is new",
        (Level.TIGHTER, Level.NOTE),
        "D602",
        "With `then` the clock moves deals by itself, also those that have waited longer than its limit already: the "
        "first `tick` after they come over does it. See how many these are before. It is tighter, for a clock limits "
        "how long deals may stay as they are; an action that is done by itself lets them go on, and is looser (D215). "
        "Without `then` it only warns.",
        Example(_SLOW, _SLOW + "  gone:  {in: qualified, idle: 90d, then: lose, reason: no-need}\n"),
        _BASE,
    ),
    Code(
        "D602",
        "a clock is gone",
        (Level.LOOSER, Level.NOTE),
        "D601",
        "What the clock did by itself is left to people from now on: deals that it would have closed stay open. "
        "Without `then` there is only one warning less.",
        Example(_SLOW, ""),
        _BASE,
    ),
    Code(
        "D603",
        "a clock has another limit",
        _LEVELS,
        "D603",
        "A shorter limit is tighter: deals that have waited longer than that are moved by the first `tick`. A longer "
        "one is looser. A note, where the clock only warns.",
        Example("idle: 60d", "idle: 45d"),
        _BASE,
    ),
    Code(
        "D604",
        "a clock warns at another time",
        (Level.NOTE,),
        "D604",
        "The warning comes sooner or later, or not at all. What the clock does when its time is over is no other.",
        Example("warn: 30d", "warn: 40d"),
        _BASE,
    ),
    Code(
        "D605",
        "a clock counts something else",
        _LEVELS,
        "D605",
        "`stays` counts the time in the stage, `idle` that since the last activity. With `stays` no call and no note "
        "holds the clock up: it is the tighter of the two.",
        Example("in: demo, stays: 30d", "in: demo, idle: 30d"),
        _BASE,
    ),
    Code(
        "D606",
        "a clock runs in more stages",
        (Level.TIGHTER, Level.NOTE),
        "D607",
        "Deals that stand in these stages are under the clock from the moment that they come over, and it counts from "
        "when they entered the stage or were last active.",
        Example("stale: {in: early", "stale: {in: [lead, qualified, demo]"),
        _BASE,
    ),
    Code(
        "D607",
        "a clock runs in fewer stages",
        (Level.LOOSER, Level.NOTE),
        "D606",
        "Nothing happens by itself any more to deals that stand in these stages.",
        Example("stale: {in: early", "stale: {in: lead"),
        _BASE,
    ),
    Code(
        "D608",
        "a clock runs for more deals",
        (Level.TIGHTER, Level.NOTE),
        "D609",
        "Its `when` is true of deals that it left alone before. Where nobody can tell, both this and the opposite are "
        "said.",
        Example("amount < 50000, idle", "amount < 90000, idle"),
        _BASE,
    ),
    Code(
        "D609",
        "a clock runs for fewer deals",
        (Level.LOOSER, Level.NOTE),
        "D608",
        "Its `when` is no longer true of deals that it ran for before: nothing happens to them by itself any more.",
        Example("amount < 50000, idle", "amount < 20000, idle"),
        _BASE,
    ),
    Code(
        "D610",
        "a clock does something else",
        _LEVELS,
        "D610",
        "Looser where it only warns now, tighter where it did. Another action is told twice: deals go a way that they "
        "did not go, and no longer the one that they went. See where it leads.",
        Example(", then: lose, reason: price", ""),
        _BASE,
    ),
    Code(
        "D611",
        "a clock gives another reason",
        (Level.NOTE,),
        "D611",
        "Reports by reason count what the clock does under this reason from now on.",
        Example("then: lose, reason: price", "then: lose, reason: no-need"),
        _BASE,
    ),
    Code(
        "D612",
        "other facts start a clock anew",
        _LEVELS,
        "D612",
        "The more facts count as activity, the longer a deal can go on without a move or a contact: looser. Fewer are "
        "tighter.",
        Example("activity: [region]", "activity: [region, amount]"),
        _BASE,
    ),
    Code(
        "D613",
        "a clock runs in another track",
        _LEVELS,
        "D613",
        "It has kept its name and is another clock: read it as one that is gone (looser) and one that is new "
        "(tighter). A note, where the clock only warns.",
        Example("slow:  {in: demo, stays", "slow:  {track: papers, in: none, stays"),
        _BASE,
    ),
)
