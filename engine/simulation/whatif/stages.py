"""What a what-if can set of a stage: its dwell, its branches, its work, its hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.model.scenario import Branch, Scenario, Standing, Work
from engine.simulation.whatif.setting import Setting, count_set, share_set, time_set

PARTS = ("dwell", "branches", "work", "hours", "seen")
WORK_PARTS = ("effort", "pool")


def stages_set(stages: Sequence[Standing], setting: Setting, scenario: Scenario, *, depth: int) -> tuple[Standing, ...]:
    """The stages of a track after the setting, the part of whose path at ``depth`` names the stage."""
    name = setting.part(depth)
    if all(each.stage != name for each in stages):
        raise setting.unknown("stage", name, (each.stage for each in stages))
    return tuple(_standing(each, setting, scenario, depth + 1) if each.stage == name else each for each in stages)


def work_set(work: Work, setting: Setting, scenario: Scenario, *, depth: int) -> Work:
    """Somebody's work after the setting, the part of whose path at ``depth`` says ``effort`` or ``pool``."""
    match setting.part(depth):
        case "effort":
            setting.ends_at(depth + 2)
            return replace(work, effort=time_set(work.effort, setting, part=setting.part(depth + 1)))
        case "pool":
            setting.ends_at(depth + 1)
            return replace(work, pool=setting.word("pool", (pool.id for pool in scenario.pools)))
        case part:
            raise setting.unknown("part of work", part, WORK_PARTS)


def _standing(standing: Standing, setting: Setting, scenario: Scenario, depth: int) -> Standing:
    match setting.part(depth):
        case "dwell":
            setting.ends_at(depth + 2)
            return _dwell(standing, setting, setting.part(depth + 1))
        case "branches":
            return replace(standing, branches=_branches(standing, setting, depth + 1))
        case "work" if standing.work is not None:
            return replace(standing, work=work_set(standing.work, setting, scenario, depth=depth + 1))
        case "work":
            raise setting.bad(f"nobody works on entering '{standing.stage}' in this scenario", hint="add it there")
        case "hours":
            setting.ends_at(depth + 1)
            return replace(standing, hours=setting.word("set of hours", (hours.id for hours in scenario.hours)))
        case "seen":
            setting.ends_at(depth + 1)
            return replace(standing, seen=count_set(standing.seen, setting))
        case part:
            raise setting.unknown("part of a stage", part, PARTS)


def _dwell(standing: Standing, setting: Setting, part: str) -> Standing:
    """The time in a stage is that of the stage and of all branches that have their own."""
    if setting.sign == "=" and not part:
        alone = tuple(replace(branch, dwell=None) for branch in standing.branches)
        return replace(standing, dwell=time_set(None, setting), branches=alone)
    own = any(branch.dwell is not None for branch in standing.branches)
    # Where each branch has its own, the stage may have none.
    dwell = standing.dwell if standing.dwell is None and own else time_set(standing.dwell, setting, part=part)
    if part:
        return replace(standing, dwell=dwell) if dwell is not None else _none_of_its_own(standing, setting)
    branches = tuple(
        replace(branch, dwell=time_set(branch.dwell, setting)) if branch.dwell is not None else branch
        for branch in standing.branches
    )
    return replace(standing, dwell=dwell, branches=branches)


def _none_of_its_own(standing: Standing, setting: Setting) -> Standing:
    branch = next(branch.action for branch in standing.branches if branch.dwell is not None)
    raise setting.bad(
        f"in '{standing.stage}' each branch has its own dwell",
        hint=f"set it there, such as stages.{standing.stage}.branches.{branch}.dwell.{setting.path[-1]}",
    )


def _branches(standing: Standing, setting: Setting, depth: int) -> tuple[Branch, ...]:
    name = setting.part(depth)
    meant = [at for at, branch in enumerate(standing.branches) if branch.action == name]
    if not meant:
        raise setting.unknown("branch", name, (branch.action for branch in standing.branches), of=standing.stage)
    below = setting.part(depth + 1)
    towards = [at for at in meant if standing.branches[at].to == below]
    if towards:
        meant, depth, below = towards, depth + 1, setting.part(depth + 2)
    match below:
        case "" | "share":
            setting.ends_at(depth + 2)
            return _shares(standing.branches, meant, setting)
        case "dwell":
            setting.ends_at(depth + 3)
            return tuple(
                replace(branch, dwell=time_set(branch.dwell or standing.dwell, setting, part=setting.part(depth + 2)))
                if at in meant
                else branch
                for at, branch in enumerate(standing.branches)
            )
    targets = [standing.branches[at].to for at in meant] if not towards and len(meant) > 1 else []
    raise setting.unknown("part of a branch", below, ("share", "dwell", *targets))


def _shares(branches: tuple[Branch, ...], meant: Sequence[int], setting: Setting) -> tuple[Branch, ...]:
    """The branches meant have the share that is set together; the others keep their proportions."""
    before = sum(branches[at].share for at in meant)
    others = sum(branch.share for at, branch in enumerate(branches) if at not in meant)
    share = share_set(before, setting)
    if others <= 0 and share < 1:
        raise setting.bad(
            "nothing else is tried there, so there is nothing to take the rest",
            hint="add another branch to the scenario, or set its share",
        )
    within = share / before if before > 0 else 0.0
    rest = (1 - share) / others if others > 0 else 0.0
    return tuple(
        replace(branch, share=branch.share * rest)
        if at not in meant
        else replace(branch, share=branch.share * within if before > 0 else share / len(meant))
        for at, branch in enumerate(branches)
    )
