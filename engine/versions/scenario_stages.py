"""What a scenario assumes of stages, told in another version's words: renamed, or left out and said so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.model.errors import BadValue
from engine.model.names import MAIN, PREVIOUS
from engine.model.process import Action, Process, Track, targets_from
from engine.model.scenario import Branch, Standing
from engine.versions.became import Became
from engine.versions.saying import in_a_copy, named


@dataclass(frozen=True, slots=True)
class Words:
    """The words of two versions for one track. ``names``: what became of the one's ids in the other."""

    old: Track
    new: Track
    names: Became
    was: str
    now: str

    def stages(self, stage: str) -> tuple[str, ...]:
        """What a stage is called now, of what there is; only stages of the main track are ever renamed."""
        called = self.names.stage(stage) if self.new.id == MAIN else (stage,)
        return tuple(each for each in called if self.new.stage(each))


_REST = ": what leads the same way is tried more often"
Kept = tuple[Standing, tuple[str, ...], bool]
"""A standing, what was left out of it, and whether it still leads on as far as it did."""


def words(old: Process, new: Process, names: Became, track: str) -> Words | None:
    """The words of both for one track; none where one of them has no such track."""
    there, here = old.track(track), new.track(track)
    return Words(there, here, names, old.name, new.name) if there and here else None


def standings(stages: Sequence[Standing], said: Words) -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    """The stages of a track in the other version's words, in the order of its pipeline, and what was left out.

    Raises ``BadValue`` where nothing leads on any more, or deals come to a stage of which nothing is assumed.
    """
    found: list[Standing] = []
    notes = [
        f"'{each.stage}' is no stage of {said.now}: what was assumed of it is left out"
        for each in stages
        if not said.stages(each.stage)
    ]
    for stage in said.new.stages:
        sources = [each for each in stages if stage.id in said.stages(each.stage)]
        if not sources:
            continue
        told = [_standing(each, stage.id, said) for each in sources]
        standing, lost, leads_on = next((each for each in told if each[2]), told[0])
        if not leads_on:
            raise _leads_nowhere(standing.stage, lost, said)
        if len(sources) > 1:
            taken = sources[told.index((standing, lost, leads_on))].stage
            others = named(each.stage for each in sources if each.stage != taken)
            notes.append(f"of '{stage.id}' is assumed what was of '{taken}'; what was of {others} is left out")
        if not stage.ends or standing.branches:
            found.append(standing)
        notes += lost
    _all_assumed(found, said)
    return tuple(found), tuple(dict.fromkeys(notes))


def _standing(standing: Standing, stage: str, said: Words) -> Kept:
    kept: list[Branch] = []
    gone: list[Branch] = []
    lost: list[str] = []
    for branch in standing.branches:
        now, why = _branch(branch, stage, said)
        kept += now
        gone += [] if now else [branch]
        lost += [why] if why else []
    scaled = _given_over(standing.stage, gone, stage, kept, said)
    led_on = any(_is_forward(said.old, standing.stage, branch.to) for branch in standing.branches)
    leads_on = any(_is_forward(said.new, stage, branch.to) for branch in scaled) if led_on else bool(scaled)
    ends = said.new.is_end(stage)
    return replace(standing, stage=stage, branches=scaled), tuple(lost), leads_on or ends


def _given_over(
    was: str, gone: Sequence[Branch], stage: str, kept: Sequence[Branch], said: Words
) -> tuple[Branch, ...]:
    """The branches with the shares of those that are gone: what led on still leads on, what ended still ends.

    Where no other branch leads the same way, all of them share it.
    """
    shares = [branch.share for branch in kept]
    ways = [_leads(said.new, stage, branch.to) for branch in kept]
    for branch in gone:
        alike = [at for at, way in enumerate(ways) if way == _leads(said.old, was, branch.to)] or range(len(kept))
        whole = sum(kept[at].share for at in alike)
        for at in alike:
            shares[at] += branch.share * kept[at].share / whole if whole > 0 else 0.0
    whole = sum(shares)
    return tuple(replace(each, share=share / whole) for each, share in zip(kept, shares, strict=True) if whole > 0)


def _branch(branch: Branch, stage: str, said: Words) -> tuple[list[Branch], str]:
    """A branch by its new names, as several where its target was split; and what is to be said of it."""
    action = said.names.action(branch.action)
    told = f"in '{stage}' '{branch.action}' ({branch.share:.0%})"
    variants = [each for each in said.new.variants(action) if stage in each.sources]
    if not variants:
        return [], f"{told} is no action of {said.now} there{_REST}"
    possible = _possible(said.new, variants, stage)
    targets = [to for to in said.stages(branch.to) if to in possible]
    if "/" in branch.to and branch.to in possible:
        targets = [branch.to]
    note = ""
    if not targets and len(possible) == 1 and PREVIOUS not in variants[0].targets:
        targets, note = list(possible), f"{told} leads to '{possible[0]}' in {said.now}"
    if not targets:
        return [], f"{told} does not lead to '{branch.to}' in {said.now}{_REST}"
    if len(targets) > 1:
        note = f"{told} leads to {named(targets)} in {said.now}: each has the same share of it"
    reason = said.names.reason(branch.reason)
    if reason and reason not in {each.code for variant in variants for each in variant.reasons}:
        reason = ""
    named_now = replace(branch, action=action, reason=reason, share=branch.share / len(targets))
    return [replace(named_now, to=to) for to in targets], note


def _possible(track: Track, variants: Iterable[Action], stage: str) -> tuple[str, ...]:
    found: list[str] = []
    for action in variants:
        if PREVIOUS in action.targets:
            found += [each.id for each in track.stages if not each.ends and each.id != stage]
        found += targets_from(track, action, stage)
    return tuple(dict.fromkeys(found))


def _is_forward(track: Track, stage: str, to: str) -> bool:
    return _leads(track, stage, to) == "on"


def _leads(track: Track, stage: str, to: str) -> str:
    """Whether a way leads ``on`` (to a later stage, to won, to another process), ``back``, or to an ``end``."""
    there = track.stage(to)
    if there is None or there.ends == "won":
        return "on"
    order = [each.id for each in track.stages]
    return "end" if there.ends else "on" if order.index(to) > order.index(stage) else "back"


def _leads_nowhere(stage: str, lost: Sequence[str], said: Words) -> BadValue:
    leading = dict.fromkeys(
        action.id for action in said.new.actions
        if stage in action.sources
        and any(_is_forward(said.new, stage, to) for to in targets_from(said.new, action, stage))
    )  # fmt: skip
    ways = f"; there it is {named(leading)} that leads on" if leading else ""
    return BadValue(
        f"a scenario told for {said.was} says nothing of how deals go on from '{stage}' in {said.now}: "
        f"{'; '.join(each.removesuffix(_REST) for each in lost) or 'it has no branches there'}{ways}",
        hint=in_a_copy(said.now, f"what happens in '{stage}'"),
    )


def _all_assumed(found: Sequence[Standing], said: Words) -> None:
    """Raises ``BadValue`` where deals come to an open stage of which nothing is assumed."""
    assumed = {each.stage for each in found}
    reached = {said.new.first.id, *(branch.to for each in found for branch in each.branches)}
    for stage in said.new.stages:
        if stage.id in reached and stage.id not in assumed and not stage.ends:
            leading = (action.id for action in said.new.actions if stage.id in action.sources)
            raise BadValue(
                f"a scenario told for {said.was} says nothing of '{stage.id}', a stage of {said.now} that deals come "
                f"to: how long they stay there, and how often they take {named(leading) or 'each way'}",
                hint=in_a_copy(said.now, f"what happens in '{stage.id}'"),
            )
