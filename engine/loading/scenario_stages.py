"""Stages of a scenario: how long deals stay, who works on them, what is tried then and how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Items, Keyed, Node, Scalar
from engine.loading.scenario_names import Names
from engine.loading.scenario_values import TOLERANCE, counted, share, spread
from engine.model.names import PREVIOUS, did_you_mean
from engine.model.place import Place
from engine.model.process import Action, Track, targets_from
from engine.model.scenario import Branch, Standing, Work


def standings(node: Node | None, names: Names, *, track: str) -> tuple[Standing, ...]:
    """What is assumed of the stages of a track."""
    of = names.process.track(track) if names.process else None
    return tuple(_standing(key, value, names, of) for key, value in written.named(node))


def work(node: Node | None, names: Names) -> Work | None:
    """Who has to do what."""
    if not isinstance(node, Keyed) or node.get("pool") is None:
        return None
    pool = names.pool_of(node.get("pool"))
    effort = spread(node.get("effort"), names.found)
    skill = names.skill_of(node.get("skill"), pool)
    return Work(pool, effort, skill, node.at) if effort else None


def possible_targets(track: Track, action_id: str, stage: str) -> tuple[str, ...]:
    """The stages that an action may lead to where it is tried in ``stage``."""
    tried = (one for one in track.variants(action_id) if stage in one.sources and not one.auto)
    return _targets(track, tried, stage)


def check_shares(shares: Iterable[Node | None], what: str, at: Place, found: Findings) -> None:
    """Tells shares that are not 100% together; one that cannot be read was told already."""
    parts = [share(node) for node in shares]
    read = [part for part in parts if part is not None]
    off = 1 - sum(read)
    if parts and len(read) == len(parts) and abs(off) > TOLERANCE + 1e-9:
        message = f"the shares of {what} add up to {_percent(1 - off)}, not 100%"
        hint = f"{_percent(abs(off))} {'are missing' if off > 0 else 'are too many'}"
        found.error(codes.NOT_WHOLE, at, message, hint)


def _percent(part: float) -> str:
    return f"{part * 100:.4g}%"


def _standing(key: Scalar, node: Node, names: Names, track: Track | None) -> Standing:
    _check_stage(key, names, track)
    branches = tuple(_branches(key, written.get(node, "branches"), names, track))
    if isinstance(node, Keyed):
        check_shares(_shares(node.get("branches")), f"'{key.value}'", node.at_key("branches"), names.found)
    return Standing(
        stage=key.value,
        branches=branches,
        dwell=spread(written.get(node, "dwell"), names.found),
        hours=names.hours_of(written.get(node, "hours")),
        work=work(written.get(node, "work"), names),
        seen=counted(written.get(node, "seen")),
        at=key.at,
    )


def _shares(branches: Node | None) -> Iterator[Node | None]:
    """The share of each branch, as it is written."""
    for _, value in written.pairs(branches):
        for one in value.nodes if isinstance(value, Items) else (value,):
            yield one if isinstance(one, Scalar) else written.get(one, "share")


def _check_stage(key: Scalar, names: Names, track: Track | None) -> None:
    stages = [stage.id for stage in track.stages] if track else []
    if track and names.known(key, stages, codes.UNKNOWN_STAGE, "stage") and track.is_end(key.value):
        message = f"'{key.value}' is an end: a deal that comes there is done"
        names.found.error(codes.NOT_POSSIBLE, key.at, message, "leave it out; only stages that can be left are assumed")


def _branches(stage: Scalar, node: Node | None, names: Names, track: Track | None) -> Iterator[Branch]:
    seen = set[tuple[str, str, str]]()
    for action, value in written.named(node):
        several = value.nodes if isinstance(value, Items) else (value,)
        for one in several:
            at = one.at if isinstance(value, Items) else action.at
            branch = _branch(stage.value, action, one, names, track)
            if (branch.action, branch.to, branch.reason) in seen:
                message = f"'{branch.action}' to '{branch.to}' is given twice"
                names.found.error(codes.ID_TWICE, at, message, "add the shares up, or give one another reason")
            seen.add((branch.action, branch.to, branch.reason))
            yield replace(branch, at=at)


def _branch(stage: str, action: Scalar, node: Node, names: Names, track: Track | None) -> Branch:
    part = share(node if isinstance(node, Scalar) else written.get(node, "share")) or 0.0
    actions = _possible(stage, action, names, track) if track and track.stage(stage) else ()
    to = _target(stage, action, node, names, track, actions) if track and actions else ""
    return Branch(
        action=action.value,
        to=to or written.text(written.get(node, "to")),
        share=part,
        dwell=spread(written.get(node, "dwell"), names.found),
        reason=_reason(written.get(node, "reason"), names, actions),
    )


def _possible(stage: str, action: Scalar, names: Names, track: Track) -> tuple[Action, ...]:
    """The variants of an action that can be tried in the stage; told where there are none."""
    variants = track.variants(action.value)
    here = [one.id for one in track.actions if stage in one.sources and not one.auto]
    if not variants:
        message = f"unknown action '{action.value}' of {_called(names, track)}"
        known = [one.id for one in track.actions]
        hint = did_you_mean(action.value, known, most=0) or _from_here(stage, here)
        names.found.error(codes.UNKNOWN_ACTION, action.at, message, hint)
        return ()
    able = tuple(one for one in variants if stage in one.sources and not one.auto)
    if not able and any(stage in one.sources for one in variants):
        message = f"'{action.value}' is automatic: it is done as soon as it can be, and nobody tries it"
        names.found.error(codes.NOT_POSSIBLE, action.at, message, "leave it out of the branches")
    elif not able and not track.is_end(stage):
        message = f"'{action.value}' is not possible from '{stage}'"
        names.found.error(codes.NOT_POSSIBLE, action.at, message, _from_here(stage, here))
    return able


def _called(names: Names, track: Track) -> str:
    process = names.process.name if names.process else ""
    is_main = names.process is not None and names.process.main is track
    return process if is_main else f"the track '{track.id}' of {process}"


def _from_here(stage: str, actions: Iterable[str]) -> str:
    known = ", ".join(dict.fromkeys(actions))
    return f"from '{stage}' there are: {known}" if known else f"no action leads from '{stage}'"


def _target(stage: str, action: Scalar, node: Node, names: Names, track: Track, actions: tuple[Action, ...]) -> str:
    """Where the branch leads; told where it leads elsewhere, or to several and does not say to which."""
    targets = _targets(track, actions, stage)
    to = written.scalar(written.get(node, "to"))
    if to is None and len(targets) == 1:
        return targets[0]
    if to is None:
        message = f"'{action.value}' leads from '{stage}' to several: {', '.join(targets)}"
        hint = f"say to which: {{to: {targets[0]}, share: …}}" if targets else "say to which with 'to'"
        names.found.error(codes.MISSING_KEY, action.at, message, hint)
    elif to.value not in targets:
        message = f"'{action.value}' does not lead from '{stage}' to '{to.value}'"
        names.found.error(codes.NOT_POSSIBLE, to.at, message, did_you_mean(to.value, targets, most=10))
    return to.value if to else ""


def _targets(track: Track, actions: Iterable[Action], stage: str) -> tuple[str, ...]:
    """All that the actions may lead to; which stage was the one before is not known yet."""
    found: list[str] = []
    for action in actions:
        found += targets_from(track, action, stage)
        if PREVIOUS in action.targets:
            found += [one.id for one in track.stages if not one.ends and one.id != stage]
    return tuple(dict.fromkeys(found))


def _reason(node: Node | None, names: Names, actions: tuple[Action, ...]) -> str:
    reason = written.scalar(node)
    if reason and actions:
        known = [one.code for action in actions for one in action.reasons]
        names.known(reason, known, codes.UNKNOWN_REASON, "reason", of=actions[0].id)
    return reason.value if reason else ""
