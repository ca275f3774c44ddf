"""What differs in one form of an action that both versions have: who may do it, when it applies, what it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model.change import Change, Level, Proof, Relation, Subject
from engine.model.names import MAIN
from engine.model.process import Action, Process, Start, role_may
from engine.versions.matched import alike
from engine.versions.pair import Pair
from engine.versions.relating import ALWAYS, REASON, How, directions, new_in_later_words, old_in_later_words, related
from engine.versions.saying import assigned, named, written
from engine.versions.setting import same_sets, set_otherwise
from engine.versions.words_read import effects_of_contacts, effects_of_facts


@dataclass(frozen=True, slots=True)
class Form:
    """One form of an action in both versions, and what it is called in a sentence."""

    old: Action
    new: Action
    track: str
    name: str


def variant_changes(pair: Pair, form: Form) -> Iterator[Change]:
    """What differs in one form of an action, apart from its ways and requirements."""
    yield from _by(pair, form)
    yield from _when(pair, form)
    yield from _auto(form)
    yield from _effects(pair, form)
    if form.old.title != form.new.title:
        texts = (form.old.title or "none", form.new.title or "none")
        yield _change("D221", Level.NOTE, f"the title of {form.name} is now: {texts[1]}", form, texts=texts)


def _by(pair: Pair, form: Form) -> Iterator[Change]:
    """Who may do it; where it is left to the process in both versions, that is told of the process."""
    old, new = form.old.by, form.new.by
    if old == new or (old == pair.old.by and new == pair.new.by):
        return
    lost, gained = roles_between(pair, old, new)
    texts = (" or ".join(old) or "anyone", " or ".join(new) or "anyone")
    if lost or (new and not old):
        says = f"{form.name} is now done by {texts[1]} only, no longer by {named(lost) if old else 'anyone else'}"
        yield _change("D212", Level.TIGHTER, says, form, texts=texts)
    if gained or (old and not new):
        says = f"{form.name} may now also be done by {named(gained) if new else 'anyone'}, before by {texts[0]}"
        yield _change("D213", Level.LOOSER, says, form, texts=texts)


def roles_between(pair: Pair, old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that may no longer, and those that may now: a role may what the roles that it includes may."""
    roles = tuple(dict.fromkeys((*pair.old.roles, *pair.new.roles, *old, *new)))
    could = {role for role in roles if _may(pair.old, role, old)}
    can = {role for role in roles if _may(pair.new, role, new)}
    return tuple(one for one in roles if one in could - can), tuple(one for one in roles if one in can - could)


def _may(process: Process, role: str, by: tuple[str, ...]) -> bool:
    return (role in process.roles or role in by) and role_may(process, role, by)


def _when(pair: Pair, form: Form) -> Iterator[Change]:
    """Where it applies. An action that is done by itself may be done by people too: both go by the condition."""
    old, new = form.old, form.new
    before = old_in_later_words(old.when.tree, pair) if old.when else ALWAYS
    after = new_in_later_words(new.when.tree, pair) if new.when else ALWAYS
    known = (REASON,) if old.reasons and new.reasons else ()
    proof = related((None, before), (None, after), pair, known=known)
    if proof is None or proof.relation is Relation.SAME:
        return
    texts = (written(old.when), written(new.when))
    now = f"where {texts[1]}" if new.when else "whatever the deal"
    for level, how in directions(proof):
        told = _DONE[level, how] if old.auto and new.auto else _APPLIES[level, how]
        yield _change("D214", level, f"{form.name} {told}: {now}", form, texts=texts, proof=proof)


_APPLIES = {
    (Level.TIGHTER, How.ALONE): "now applies to fewer deals",
    (Level.LOOSER, How.ALONE): "now applies to more deals",
    (Level.TIGHTER, How.TOO): "no longer applies to some deals",
    (Level.LOOSER, How.TOO): "now applies to deals that it did not apply to",
    (Level.TIGHTER, How.PERHAPS): "may no longer apply to some deals, nobody can tell",
    (Level.LOOSER, How.PERHAPS): "may apply to deals that it did not apply to, nobody can tell",
}
_DONE = {
    (Level.TIGHTER, How.ALONE): "is now done by itself for fewer deals",
    (Level.LOOSER, How.ALONE): "is now done by itself for more deals",
    (Level.TIGHTER, How.TOO): "is no longer done by itself for some deals",
    (Level.LOOSER, How.TOO): "is now done by itself for deals that it was not done for",
    (Level.TIGHTER, How.PERHAPS): "may no longer be done by itself for some deals, nobody can tell",
    (Level.LOOSER, How.PERHAPS): "may be done by itself for deals that it was not done for, nobody can tell",
}


def _auto(form: Form) -> Iterator[Change]:
    """Where nobody has to ask for it any more a deal may go on without: looser, as an action that is new."""
    old, new = form.old, form.new
    if new.auto and not old.auto:
        when = f" as soon as {written(new.when)}" if new.when else ""
        yield _change("D215", Level.LOOSER, f"{form.name} is now done by itself{when}", form)
    elif old.auto and not new.auto:
        yield _change("D216", Level.TIGHTER, f"{form.name} is no longer done by itself", form)
    elif old.reason != new.reason and old.auto:
        says = f"{form.name} is done by itself with the reason '{new.reason}', before with '{old.reason}'"
        yield _change("D220", Level.NOTE, says, form, texts=(old.reason, new.reason))


def _effects(pair: Pair, form: Form) -> Iterator[Change]:
    old, new = form.old, form.new
    if old.touchpoint != new.touchpoint:
        before = f"before as '{old.touchpoint}'" if old.touchpoint else "before as none"
        says = f"{form.name} now counts as the touchpoint '{new.touchpoint}', {before}"
        if not new.touchpoint:
            says = f"{form.name} no longer counts as a touchpoint, {before}"
        kinds = [one for one in (old.touchpoint, new.touchpoint) if one]
        for level, effect in effects_of_contacts(pair, kinds):
            yield _change("D217", level, f"{says}{effect}", form, texts=(old.touchpoint, new.touchpoint))
    if not same_sets(old.sets, new.sets, pair):
        texts = (assigned(old.sets), assigned(new.sets))
        says = f"{form.name} now sets {texts[1]}" if new.sets else f"{form.name} no longer sets {texts[0]}"
        says += f", before {texts[0]}" if old.sets and new.sets else ""
        for level, effect in effects_of_facts(pair, set_otherwise(old.sets, new.sets, pair)):
            yield _change("D218", level, f"{says}{effect}", form, texts=texts)
    yield from hand_over_changes(pair, form)


def hand_over_changes(pair: Pair, form: Form) -> Iterator[Change]:
    """What is left behind in a hand-over, and which deals are started elsewhere."""
    old, new = form.old, form.new
    were, are = {pair.became.fact(one) for one in old.drops}, set(new.drops)
    if were != are:
        more = tuple(one for one in new.drops if one not in were)
        less = tuple(one for one in old.drops if pair.became.fact(one) not in are)
        parts = [f"now leaves behind {named(more)}"] if more else []
        parts += [f"no longer leaves behind {named(less)}"] if less else []
        texts = (", ".join(old.drops), ", ".join(new.drops))
        yield _change("D219", Level.NOTE, f"{form.name} {' and '.join(parts)}", form, texts=texts)
    if not _same_starts(pair, old, new):
        texts = (_started(old), _started(new))
        says = f"{form.name} now starts {texts[1] or 'no other deal'}, before {texts[0] or 'none'}"
        yield _change("D222", Level.NOTE, says, form, texts=texts)


def _same_starts(pair: Pair, old: Action, new: Action) -> bool:
    return len(old.starts) == len(new.starts) and all(
        one.process == other.process and alike(one.when, other.when, pair) and _same_values(pair, one, other)
        for one, other in zip(old.starts, new.starts, strict=True)
    )


def _same_values(pair: Pair, old: Start, new: Start) -> bool:
    """The facts set are those of the other process: it is not this one's ``follows`` that renames them."""
    before, after = ({one.fact: one.value for one in start.sets} for start in (old, new))
    return before.keys() == after.keys() and all(alike(before[fact], after[fact], pair) for fact in before)


def _started(action: Action) -> str:
    return "; ".join(_start(one) for one in action.starts)


def _start(start: Start) -> str:
    when = f" where {written(start.when)}" if start.when else ""
    return f"a deal of '{start.process}'{when} ({assigned(start.sets) or 'no facts'})"


def _change(
    code: str,
    level: Level,
    says: str,
    form: Form,
    *,
    texts: tuple[str, str] = ("", ""),
    proof: Proof | None = None,
) -> Change:
    thing = form.new.id
    if form.track != MAIN:
        thing, says = f"{form.track}/{thing}", f"{says} ({form.track})"
    places = (form.old.at, form.new.at)
    return Change(code, level, Subject.ACTIONS, thing, says, *places, *texts, form.track, proof)
