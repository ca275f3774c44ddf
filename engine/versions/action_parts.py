"""What differs in one form of an action that both versions have: who may do it, when it applies, what it does."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.change import Change, Level, Proof, Relation, Subject
from engine.model.names import MAIN
from engine.model.process import Action, Process, role_may
from engine.versions.matched import alike
from engine.versions.pair import Pair
from engine.versions.relating import ALWAYS, new_in_later_words, old_in_later_words, related
from engine.versions.saying import assigned, named, written
from engine.versions.setting import same_sets


def variant_changes(pair: Pair, track: str, old: Action, new: Action) -> Iterator[Change]:
    """What differs in one form of an action, apart from its ways and requirements."""
    both = (old, new, track)
    yield from _by(pair, *both)
    yield from _when(pair, *both)
    yield from _auto(*both)
    yield from _effects(pair, *both)
    if old.title != new.title:
        says = f"the title of '{new.id}' is now: {new.title or 'none'}"
        yield _change("D221", Level.NOTE, says, *both, texts=(old.title, new.title))


def _by(pair: Pair, old: Action, new: Action, track: str) -> Iterator[Change]:
    """Who may do it; where it is left to the process in both versions, that is told of the process."""
    if old.by == new.by or (old.by == pair.old.by and new.by == pair.new.by):
        return
    lost, gained = roles_between(pair, old.by, new.by)
    texts = (" or ".join(old.by) or "anyone", " or ".join(new.by) or "anyone")
    if lost or (new.by and not old.by):
        who = named(lost) if lost else "who has none of these roles"
        says = f"'{new.id}' is now done by {texts[1]} only, no longer by {who if old.by else 'anyone else'}"
        yield _change("D212", Level.TIGHTER, says, old, new, track, texts=texts)
    if gained or (old.by and not new.by):
        says = f"'{new.id}' may now also be done by {named(gained) if new.by else 'anyone'}, before by {texts[0]}"
        yield _change("D213", Level.LOOSER, says, old, new, track, texts=texts)


def roles_between(pair: Pair, old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that may no longer, and those that may now: a role may what the roles that it includes may."""
    roles = tuple(dict.fromkeys((*pair.old.roles, *pair.new.roles, *old, *new)))
    could = {role for role in roles if _may(pair.old, role, old)}
    can = {role for role in roles if _may(pair.new, role, new)}
    return tuple(one for one in roles if one in could - can), tuple(one for one in roles if one in can - could)


def _may(process: Process, role: str, by: tuple[str, ...]) -> bool:
    return (role in process.roles or role in by) and role_may(process, role, by)


def _when(pair: Pair, old: Action, new: Action, track: str) -> Iterator[Change]:
    """Where it applies. Of an action done by itself a wider condition refuses nothing, but does more."""
    before = old_in_later_words(old.when.tree, pair) if old.when else ALWAYS
    after = new_in_later_words(new.when.tree, pair) if new.when else ALWAYS
    proof = related((None, before), (None, after), pair)
    if proof is None or proof.relation is Relation.SAME:
        return
    for level, says in _applies(new, proof):
        told = Level.NOTE if old.auto and new.auto else level
        texts = (written(old.when), written(new.when))
        yield _change("D214", told, says, old, new, track, texts=texts, proof=proof)
        if told is Level.NOTE:
            return


def _applies(new: Action, proof: Proof) -> Iterator[tuple[Level, str]]:
    when = f"now applies where {written(new.when)}" if new.when else "now applies to every deal"
    if new.auto:
        yield Level.NOTE, f"'{new.id}' is now done by itself for other deals: it {when}"
        return
    match proof.relation:
        case Relation.STRICTER:
            yield Level.TIGHTER, f"'{new.id}' applies to fewer deals: it {when}"
        case Relation.LOOSER:
            yield Level.LOOSER, f"'{new.id}' applies to more deals: it {when}"
        case Relation.UNKNOWN:
            yield Level.TIGHTER, f"'{new.id}' {when}, and whether these are more or fewer deals cannot be told"
        case Relation.NEITHER:
            yield Level.TIGHTER, f"'{new.id}' no longer applies to some deals: it {when}"
            yield Level.LOOSER, f"'{new.id}' now applies to deals that it did not apply to: it {when}"


def _auto(old: Action, new: Action, track: str) -> Iterator[Change]:
    if new.auto and not old.auto:
        when = f" as soon as {written(new.when)}" if new.when else ""
        yield _change("D215", Level.NOTE, f"'{new.id}' is now done by itself{when}", old, new, track)
    elif old.auto and not new.auto:
        yield _change("D216", Level.NOTE, f"'{new.id}' is no longer done by itself", old, new, track)
    elif old.reason != new.reason and old.auto:
        says = f"'{new.id}' is done by itself with the reason '{new.reason}', before with '{old.reason}'"
        yield _change("D220", Level.NOTE, says, old, new, track, texts=(old.reason, new.reason))


def _effects(pair: Pair, old: Action, new: Action, track: str) -> Iterator[Change]:
    if old.touchpoint != new.touchpoint:
        texts = (old.touchpoint or "none", new.touchpoint or "none")
        says = f"'{new.id}' now counts as the touchpoint {texts[1]}, before {texts[0]}"
        yield _change("D217", Level.NOTE, says, old, new, track, texts=texts)
    if not same_sets(old.sets, new.sets, pair):
        texts = (assigned(old.sets) or "nothing", assigned(new.sets) or "nothing")
        says = f"'{new.id}' now sets {texts[1]}, before {texts[0]}"
        yield _change("D218", Level.NOTE, says, old, new, track, texts=texts)
    if not _same_hand_over(pair, old, new):
        texts = (_handed(old), _handed(new))
        says = f"'{new.id}' now hands on {texts[1]}, before {texts[0]}"
        yield _change("D219", Level.NOTE, says, old, new, track, texts=texts)


def _same_hand_over(pair: Pair, old: Action, new: Action) -> bool:
    if {pair.became.fact(one) for one in old.drops} != set(new.drops) or len(old.starts) != len(new.starts):
        return False
    return all(
        one.process == other.process
        and alike(one.when, other.when, pair)
        and len(one.sets) == len(other.sets)
        and all(a.fact == b.fact and alike(a.value, b.value, pair) for a, b in zip(one.sets, other.sets, strict=True))
        for one, other in zip(old.starts, new.starts, strict=True)
    )


def _handed(action: Action) -> str:
    parts = [f"all facts but {', '.join(action.drops)}"] if action.drops else []
    for one in action.starts:
        when = f" when {written(one.when)}" if one.when else ""
        parts.append(f"a new deal of {one.process}{when} ({assigned(one.sets) or 'no facts'})")
    return "; ".join(parts) or "nothing of its own"


def _change(
    code: str,
    level: Level,
    says: str,
    old: Action,
    new: Action,
    track: str,
    *,
    texts: tuple[str, ...] = ("", ""),
    proof: Proof | None = None,
) -> Change:
    thing = new.id
    if track != MAIN:
        thing, says = f"{track}/{thing}", f"{says} ({track})"
    before, after = texts
    return Change(code, level, Subject.ACTIONS, thing, says, old.at, new.at, before, after, track, proof)
