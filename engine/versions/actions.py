"""What differs in actions: codes D2xx. Which there are and what became of them; ways and parts stand beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.model.change import Change, Level, Subject
from engine.model.names import EARLIER, LATER, MAIN, PREVIOUS
from engine.model.process import Action, Track
from engine.versions.action_forms import is_meant_first, order_of_forms
from engine.versions.action_parts import Form, variant_changes
from engine.versions.action_ways import way_changes
from engine.versions.form_ways import form_way_changes
from engine.versions.kin import Kin, action_kin, stage_kin, tracks_of_both
from engine.versions.pair import Pair
from engine.versions.saying import listed, named, written
from engine.versions.variants import variant_couples
from engine.versions.ways import leads

Couples = tuple[tuple[int, int], ...]
Names = Mapping[str, tuple[str, ...]]

_WORDS = {LATER: "a later stage", EARLIER: "an earlier stage", PREVIOUS: "the stage before"}


def action_changes(pair: Pair) -> Iterator[Change]:
    """What differs in the actions of each track that both versions have."""
    for old, new in tracks_of_both(pair):
        actions, stages = action_kin(pair, old, new), stage_kin(pair, old, new)
        yield from _added(new, actions)
        yield from _removed(old, actions)
        yield from _became(old, new, actions)
        yield from way_changes(pair, old, new, actions, stages)
        couples = variant_couples(pair, old, new, actions, stages)
        yield from _variants(pair, (old, new), (actions, stages), couples)
        yield from order_of_forms(pair, old, new, actions, couples)
        yield from form_way_changes(old, new, actions, stages, couples)
        for one, other in couples:
            before, after = old.actions[one], new.actions[other]
            yield from variant_changes(pair, Form(before, after, old.id, _called(before, after, actions)))


def _called(old: Action, new: Action, kin: Kin) -> str:
    """``'sign'``, ``'sign' (form 2)``; of one that was merged also what it was."""
    name = f"'{new.id}'" + (f" (form {new.variant})" if new.variant else "")
    return name if old.id == new.id or kin.single(old.id) else f"{name}, which was '{old.id}',"


def _added(new: Track, kin: Kin) -> Iterator[Change]:
    for one in _firsts(new):
        if not kin.back[one.id]:
            says = f"'{one.id}' is a new action, {_leading(new, one.id)}{_by_itself(new, one.id)}"
            yield _change("D201", Level.LOOSER, says, new.id, new=one)


def _removed(old: Track, kin: Kin) -> Iterator[Change]:
    for one in _firsts(old):
        if not kin.forth[one.id]:
            says = f"the action '{one.id}' is gone; it led {_leading(old, one.id)}"
            yield _change("D202", Level.TIGHTER, says, old.id, old=one)


def _leading(track: Track, action_id: str) -> str:
    """``from 'demo' to 'proposal'``, all variants together."""
    variants = track.variants(action_id)
    sources = named(source for one in variants for source in one.sources)
    targets = [target for one in variants for target in _targets(one)]
    return f"from {sources} to {listed(_target(target) for target in targets)}"


def _by_itself(track: Track, action_id: str) -> str:
    """When the engine does it: nobody need ask for it."""
    whens = [written(one.when) for one in track.variants(action_id) if one.auto and one.when]
    return f", done by itself as soon as {' or '.join(whens)}" if whens else ""


def _target(target: str) -> str:
    """``'demo'``, ``an earlier stage``."""
    return _WORDS.get(target, f"'{target}'")


def _targets(action: Action) -> tuple[str, ...]:
    return (action.transfer.name,) if action.transfer else action.targets


def _became(old: Track, new: Track, kin: Kin) -> Iterator[Change]:
    befores, afters = {one.id: one for one in _firsts(old)}, {one.id: one for one in _firsts(new)}
    for old_id, new_id in kin.couples:
        if old_id != new_id and kin.single(old_id):
            says = f"the action '{old_id}' is now called '{new_id}'"
            yield _change("D203", Level.NOTE, says, old.id, old=befores[old_id], new=afters[new_id])
    for new_id, merged in kin.back.items():
        if len(merged) > 1:
            others = [one for one in merged if one != new_id]
            says = f"{named(others)} became one action, '{new_id}'"
            if new_id in merged:
                says = f"{named(others)} became part of the action '{new_id}'"
            yield _change("D204", Level.NOTE, says, old.id, old=befores[merged[0]], new=afters[new_id])
    for old_id, parts in kin.forth.items():
        if len(parts) > 1:
            says = f"the action '{old_id}' became {named(parts)}"
            yield _change("D205", Level.NOTE, says, old.id, old=befores[old_id], new=afters[parts[0]])


def _variants(pair: Pair, tracks: tuple[Track, Track], kins: tuple[Kin, Kin], couples: Couples) -> Iterator[Change]:
    """Forms of an action that the other version has no counterpart of; where they lead another way, that is told."""
    (old, new), (actions, stages) = tracks, kins
    befores, afters = {one for one, _ in couples}, {other for _, other in couples}
    for number, one in enumerate(new.actions):
        if number not in afters and _leads_no_new_way(new, one, old, (actions.back, stages.back)):
            says = f"'{one.id}' has one more form, {_form(one)}"
            yield _change("D206", Level.LOOSER, says, new.id, new=one)
            if is_meant_first(pair.new.facts, new, number):
                says += ": it is meant before others, and may refuse what they let through"
                yield _change("D206", Level.TIGHTER, says, new.id, new=one)
    for number, one in enumerate(old.actions):
        if number not in befores and _leads_no_new_way(old, one, new, (actions.forth, stages.forth)):
            says = f"'{actions.name(one.id)}' has one form less, {_form(one)}"
            yield _change("D207", Level.TIGHTER, says, old.id, old=one)
            if is_meant_first(pair.old.facts, old, number):
                says += ": it was meant before others, which may let through what it refused"
                yield _change("D207", Level.LOOSER, says, old.id, old=one)


def _leads_no_new_way(track: Track, form: Action, other: Track, there: tuple[Names, Names]) -> bool:
    """Whether the other version has each way of a form too, by another form of the same action."""
    actions, stages = there
    others = {way for one in actions[form.id] for variant in other.variants(one) for way in leads(other, variant)}
    return all(
        any((start, end) in others for start in stages.get(source, ()) for end in stages.get(target, (target,)))
        for source, target in leads(track, form)
    )


def _form(action: Action) -> str:
    when = f" when {action.when.text}" if action.when else ""
    return f"from {named(action.sources)} to {listed(map(_target, _targets(action)))}{when}"


def _firsts(track: Track) -> Iterator[Action]:
    """The actions of a track, of each only its first variant."""
    return (one for one in track.actions if one.variant <= 1)


def _change(
    code: str, level: Level, says: str, track: str, *, old: Action | None = None, new: Action | None = None
) -> Change:
    action = new or old
    thing = action.id if action else ""
    if track != MAIN:
        thing, says = f"{track}/{thing}", f"{says} ({track})"
    places = (old.at if old else None, new.at if new else None)
    return Change(code, level, Subject.ACTIONS, thing, says, *places, track=track)
