"""What became of the ids of one version in another: as ``follows`` says, read forwards or backwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from engine.model.process import Process, Split


@dataclass(frozen=True, slots=True)
class Became:
    """Old id to what it is now called; an id that is not listed kept its name, where it still is there.

    ``stages`` are of the main track, for only those are ever renamed; a stage that was split has several targets, with
    ``when`` where the version says it.
    """

    stages: Mapping[str, tuple[Split, ...]] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether every id kept its name."""
        return not (self.stages or self.actions or self.facts or self.reasons)

    def stage(self, stage_id: str) -> tuple[str, ...]:
        """The stages that one became; itself where nothing is said of it."""
        splits = self.stages.get(stage_id)
        return tuple(dict.fromkeys(split.to for split in splits)) if splits else (stage_id,)

    def action(self, action_id: str) -> str:
        """What an action is now called."""
        return self.actions.get(action_id, action_id)

    def fact(self, fact_id: str) -> str:
        """What a fact is now called."""
        return self.facts.get(fact_id, fact_id)

    def reason(self, code: str) -> str:
        """What a reason is now called."""
        return self.reasons.get(code, code)


def became(old: Process, new: Process, between: Iterable[Process] = ()) -> Became:
    """What became of the ids of ``old`` in ``new``, which may be the earlier one.

    ``between`` are the versions through which the one follows the other, in any order; a step that is missing counts
    as one that renamed nothing.
    """
    known = {process.version: process for process in (old, new, *between)}
    forwards = old.version <= new.version
    low, high = sorted((old.version, new.version))
    steps = _steps(low, high, known)
    ways = [step for _, step in steps] if forwards else [_reversed(*step) for step in reversed(steps)]
    found = _of(old, _chained(ways)) if len(ways) > 1 else _chained(ways)
    path = [process for version, process in known.items() if low < version < high]
    return _back_again(found, old, new, path) if steps and path else found


def _back_again(found: Became, old: Process, new: Process, path: Iterable[Process]) -> Became:
    """What is left to be said where ids were merged into others and came back as themselves, by a rollback.

    Else a deal that never left 'call' would go to 'talk', for 'call' had been part of it between.
    """

    def is_back(name: str, targets: Iterable[str], ids: Callable[[Process], Collection[str]]) -> bool:
        ends = {name, *(target for target in targets if target in ids(new))}
        if not ends <= (set(ids(old)) & set(ids(new))):
            # A name that came up since: the id was given to something else meanwhile.
            return False
        return any(not ends <= set(ids(process)) for process in path)

    def left(names: Mapping[str, str], ids: Callable[[Process], Collection[str]]) -> Mapping[str, str]:
        return {name: to for name, to in names.items() if not is_back(name, (to,), ids)}

    stages = {
        name: splits
        for name, splits in found.stages.items()
        if any(split.when for split in splits) or not is_back(name, (split.to for split in splits), _stages)
    }
    return Became(stages, left(found.actions, _actions), left(found.facts, _facts), found.reasons)


def _stages(process: Process) -> set[str]:
    """The main stages: only those are ever merged or called otherwise."""
    return {stage.id for stage in process.main.stages}


def _actions(process: Process) -> set[str]:
    return {action.id for track in process.all_tracks() for action in track.actions}


def _facts(process: Process) -> Collection[str]:
    return process.facts


def _of(old: Process, found: Became) -> Became:
    """What is said of ids that ``old`` has: a name that came up between is not one of them."""
    stages, actions = _stages(old), _actions(old)
    return Became(
        {name: splits for name, splits in found.stages.items() if name in stages},
        {name: new for name, new in found.actions.items() if name in actions},
        {name: new for name, new in found.facts.items() if name in old.facts},
        found.reasons,
    )


def _steps(low: int, high: int, known: Mapping[int, Process]) -> list[tuple[Process | None, Became]]:
    """The steps from the lower version to the higher one, oldest first, each with the version that it starts from."""
    steps: list[tuple[Process | None, Became]] = []
    at = high
    while at > low:
        follows = known[at].follows if at in known else None
        if follows is not None and follows.version < low:
            # It follows what was before both: what the lower one is called otherwise is not said.
            return []
        if follows is not None and follows.version < at:
            step = Became(follows.stages, follows.actions, follows.facts, follows.reasons)
            steps.append((known.get(follows.version), step))
            at = follows.version
        else:
            at -= 1
    return steps[::-1]


def _chained(steps: Iterable[Became]) -> Became:
    found = Became()
    for step in steps:
        found = Became(
            _stages_chained(found.stages, step.stages),
            _names_chained(found.actions, step.actions),
            _names_chained(found.facts, step.facts),
            _names_chained(found.reasons, step.reasons),
        )
    return found


def _names_chained(first: Mapping[str, str], then: Mapping[str, str]) -> Mapping[str, str]:
    carried = {old: then.get(name, name) for old, name in first.items()}
    # What others became in the first step may also have been there before, and kept its name.
    return {**then, **carried}


def _stages_chained(
    first: Mapping[str, tuple[Split, ...]], then: Mapping[str, tuple[Split, ...]]
) -> Mapping[str, tuple[Split, ...]]:
    carried = {}
    for old, splits in first.items():
        ahead = [(split, then.get(split.to)) for split in splits]
        # Of two splits in a row only the targets are kept: nobody declared both conditions together.
        carried[old] = tuple(
            target if split.when is None else Split(target.to, split.when if not further else None)
            for split, further in ahead
            for target in (further or (Split(split.to),))
        )
    return {**then, **carried}


def _reversed(before: Process | None, step: Became) -> Became:
    stages: dict[str, tuple[Split, ...]] = {}
    kept = (_stages(before) if before else set()) - set(step.stages)
    for to in dict.fromkeys(split.to for splits in step.stages.values() for split in splits):
        # A stage that others became part of was also itself before.
        if to in kept:
            stages[to] = (Split(to),)
    for old, splits in step.stages.items():
        for split in splits:
            stages[split.to] = (*stages.get(split.to, ()), Split(old))
    return Became(stages, _swapped(step.actions), _swapped(step.facts), _swapped(step.reasons))


def _swapped(names: Mapping[str, str]) -> Mapping[str, str]:
    return {new: old for old, new in names.items()}
