"""How long deals that go on stay in a stage, and how many are won from there; open deals count as open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.analysis.draft.ends import Endings
from engine.analysis.draft.flow import Flow
from engine.analysis.draft.paths import Days, Paths, days_of
from engine.analysis.draft.words import counted, number, percent, rounded, share_of
from engine.model.draft import Drafting, Evidence, Path, Remark
from engine.model.process import Stage
from engine.numerics.competing import aalen_johansen, emptied_early, quantile_of_those, way

Causes = npt.NDArray[np.int64]

_CAUSES = {"": 0, "won": 1, "lost": 2}

FEWEST = 10
"""Below so many visits that went on, or closed deals, no figure is given."""


def timed(
    flow: Flow, paths: Paths, endings: Endings, *, asked: Drafting
) -> tuple[tuple[Stage, ...], dict[Path, Evidence], dict[Path, tuple[Remark, ...]]]:
    """The stages with ``probability``, ``target`` and ``alert``, what these rest on, and why one has none."""
    evidence: dict[Path, Evidence] = {}
    remarks: dict[Path, tuple[Remark, ...]] = {}
    stages = []
    until = days_of(asked.as_of) if asked.as_of else float(np.nanmax(paths.entered, initial=0))
    since = days_of(asked.since) if asked.since else -np.inf
    for stage in flow.stages:
        if stage.ends:
            stages.append(replace(stage, probability=None, target=None, alert=None))
            continue
        at = "stages", stage.id
        stage, told, why = _dwell(stage, flow, paths, since=since, until=until)
        stage, chance, also = _chance(stage, flow, paths, endings=endings, since=since, until=until)
        stages.append(stage)
        evidence |= {(*at, key): each for key, each in (told | chance).items()}
        remarks[at] = (*also, *why)
    return tuple(stages), evidence, remarks


def _dwell(
    stage: Stage, flow: Flow, paths: Paths, *, since: float, until: float
) -> tuple[Stage, dict[str, Evidence], tuple[Remark, ...]]:
    """Of visits that went on: half of them within the target, nine of ten within the alert."""
    rows = (paths.stage == paths.code[stage.id]) & ~np.isnan(paths.entered)
    after, left, entered = paths.next_stage[rows], paths.left[rows], paths.entered[rows]
    known = (after < 0) | ~np.isnan(left)
    after, left, entered = after[known], left[known], entered[known]
    on = np.isin(after, [at for at, name in enumerate(paths.stages) if _onward(flow, stage.id, name)])
    cause = np.where(after < 0, 0, np.where(on, 1, 2))
    gone = np.where(after < 0, until, left)
    looked = np.maximum(entered, since)
    seen = gone >= looked
    entry, exit_, cause = (looked - entered)[seen], (gone - entered)[seen], cause[seen]
    n, open_ = int((cause == 1).sum()), int((cause == 0).sum())
    if n < FEWEST:
        return (
            replace(stage, target=None, alert=None),
            {},
            (Remark("target", f"left out: {number(n, 'dated visit')} went on from here, and it takes {FEWEST}"),),
        )
    going_on = way(aalen_johansen(exit_, cause, 2, entry), 1)
    half, most = (quantile_of_those(going_on, share).value for share in (0.5, 0.9))
    if half is None or most is None:
        why = Remark("target", "left out: there were times with nobody under watch")
        return replace(stage, target=None, alert=None), {}, (why,)
    target, alert = rounded(half), rounded(most)
    still = f", {open_:,} still here" if open_ else ""
    told = {
        "target": Evidence(f"half of the {n:,} visits that went on took no longer{still}", n),
        "alert": Evidence(f"nine of ten of the {n:,} visits that went on took no longer", n),
    }
    return replace(stage, target=target, alert=max(target, alert)), told, ()


def _onward(flow: Flow, stage: str, target: str) -> bool:
    ends, place = flow.ends, flow.place
    if target in ends:
        return ends[target] == "won"
    return target in place and place[target] > place[stage]


def _chance(
    stage: Stage, flow: Flow, paths: Paths, *, endings: Endings, since: float, until: float
) -> tuple[Stage, dict[str, Evidence], tuple[Remark, ...]]:
    """How likely a deal that came here is won. Ends of the kind ``other`` are no answer, and left out."""
    fate = np.array([_CAUSES.get(kind, -1) for kind in endings.kind.tolist()], np.int64)
    here = np.zeros(len(paths.deals), np.bool_)
    here[paths.deal[(paths.stage == paths.code[stage.id]) & paths.counted]] = True
    fate = np.where(here, fate, -1)
    won, decided, still = int((fate == 1).sum()), int((fate > 0).sum()), int((fate == 0).sum())
    if decided < FEWEST:
        why = Remark(
            "probability", f"left out: of the deals that came here {decided} are decided, and it takes {FEWEST}"
        )
        return replace(stage, probability=None), {}, (why,)
    says = counted(won, decided, "decided deals were won")
    chance = _in_time(paths, fate, endings.closed, stage=stage.id, since=since, until=until) if still else None
    if chance is not None:
        says += f"; {percent(chance, 1)} with {number(still, 'open deal')} counted as open"
    if stage.id == flow.stages[0].id and flow.seen_first:
        says += "; deals first seen later are among them"
    probability = share_of(won / decided if chance is None else chance, 1)
    return replace(stage, probability=probability), {"probability": Evidence(says, won, decided)}, ()


def _in_time(paths: Paths, fate: Causes, closed: Days, *, stage: str, since: float, until: float) -> float | None:
    """The share won within the follow-up; ``None`` where not even half of the deals are dated."""
    first = np.full(len(fate), np.inf)
    # A stage that nobody dated was entered at the latest when the first one was that somebody dated.
    for rows in (~np.isnan(paths.entered), (paths.stage == paths.code[stage]) & ~np.isnan(paths.entered)):
        earliest = np.full(len(fate), np.inf)
        np.minimum.at(earliest, paths.deal[rows], paths.entered[rows])
        first = np.where(np.isfinite(earliest), earliest, first)
    gone = np.where(fate == 0, until, closed)
    looked = np.maximum(first, since)
    dated = (fate >= 0) & np.isfinite(first) & ~np.isnan(gone) & (gone >= looked)
    if dated.sum() * 2 < (fate >= 0).sum():
        return None
    first, looked, gone = first[dated], looked[dated], gone[dated]
    found = aalen_johansen(gone - first, fate[dated], 2, looked - first)
    return None if emptied_early(found) else found.reached(1)
