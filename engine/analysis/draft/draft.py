"""Closed deals in, a process out: what was frequent becomes stages and actions, each with what it rests on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.analysis.draft.actions import Drafted, actions_of
from engine.analysis.draft.card import all_seen, most_frequent, score, variants_of, ways_of
from engine.analysis.draft.ends import Endings, kinds_of, settled
from engine.analysis.draft.facts import Among, facts_of, touchpoints_of, with_a_contact
from engine.analysis.draft.flow import Flow, flow_of
from engine.analysis.draft.needs import suggested
from engine.analysis.draft.paths import Mask, Paths, deals_in, earlier_deals, led_in, paths_of
from engine.analysis.draft.times import timed
from engine.analysis.draft.words import counted, listed, number, percent
from engine.model.draft import Draft, Drafting, Evidence, Path, Remark, ScoreCard
from engine.model.errors import BadValue
from engine.model.names import MAIN
from engine.model.process import Process, Stage, Track
from engine.tables.build import Tables
from engine.tables.open import Opened, opened

_EARLIER = 0.7
"""Learnt from the deals that began first, judged on the rest."""
_NAMED = 6
"""So many rare stages are named."""
_FEWEST_APART = 20
"""With fewer closed deals on either side, the draft is judged on the deals that it was made from, and says so."""


def draft(tables: Tables, process: Process, *, asked: Drafting) -> Draft:
    """A process as the deals went through it. ``process`` says which stages are ends, and of which type facts are.

    Raises ``BadValue`` where there is nothing to draft from: no closed deal, none that was won, no open stage.
    """
    with opened(tables) as open_:
        # Of a written process only what it calls its stages counts: all else is to come from the deals.
        known = tuple(Stage(stage.id, stage.title, stage.ends) for stage in process.main.stages)
        paths = paths_of(open_, process, since=asked.since)
        _check(paths, known, asked)
        paths, endings = settled(paths, known, asked.keep)
        return _draft(open_, process, paths, endings, known=known, asked=asked)


def _check(paths: Paths, known: Sequence[Stage], asked: Drafting) -> None:
    if not 0 <= asked.keep < 1:
        raise BadValue(f"a share of {asked.keep:g} cannot be kept", hint="write a percent below 100%, such as 3%")
    if not _closed(paths, known):
        names = ", ".join(stage.id for stage in known if stage.ends)
        since = f" since {asked.since:%Y-%m-%d}" if asked.since else ""
        hint = f"deals are closed in: {names}" if names else "say in the map's 'ends' which stages are ends"
        raise BadValue(f"no deal was closed{since}, so there is nothing to draft from", hint=hint)


def _closed(paths: Paths, known: Sequence[Stage]) -> int:
    return int(((kinds_of(paths, known) != "")[paths.stage] & paths.is_last & paths.counted).sum())


def _draft(
    tables: Opened, process: Process, paths: Paths, endings: Endings, *, known: Sequence[Stage], asked: Drafting
) -> Draft:
    flow, kept = flow_of(paths, known, asked)
    titles = {reason.code: reason.title for action in process.main.actions for reason in action.reasons}
    drafted = actions_of(flow, _reasons(kept), titles)
    among = Among(tables, process.id, asked.since)
    facts, of_facts = facts_of(among, process.facts)
    touchpoints, contacts = touchpoints_of(among, flow, keep=asked.keep)
    timed_stages, of_times, gaps = timed(flow, kept, endings, asked=asked)
    earlier = earlier_deals(paths, _EARLIER)
    stages, of_needs = suggested(tables, replace(flow, stages=timed_stages), kept, facts=facts, earlier=earlier)
    counts: dict[Path, Evidence] = {("stages", stage.id): _visited(stage, flow) for stage in stages}
    written = Process(
        process.id,
        process.version,
        Track(MAIN, stages, drafted.actions),
        title=process.title,
        time_zone=process.time_zone,
        currency=process.currency,
        touchpoints=touchpoints,
        facts=facts,
    )
    remarks = _together(
        _of_all(flow, endings, asked),
        _starters(drafted),
        gaps,
        contacts,
        with_a_contact(among, drafted.actions, touchpoints),
    )
    return Draft(
        process=written,
        evidence={**counts, **drafted.evidence, **of_facts, **of_times, **of_needs},
        remarks=remarks,
        card=replace(_card(paths, known, asked, earlier), notes=tuple(_unseen(flow))),
        deals=flow.of,
        closed=_closed(paths, known),
        source=asked.source,
        as_of=asked.as_of,
    )


def _reasons(paths: Paths) -> Mapping[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    told = (paths.reason != "") & paths.counted
    for stage, reason in zip(paths.stage[told].tolist(), paths.reason[told].tolist(), strict=True):
        found[paths.stages[stage]][" ".join(reason.split())] += 1
    return found


def _visited(stage: Stage, flow: Flow) -> Evidence:
    n = flow.deals.get(stage.id, 0)
    later = sum(flow.seen_first.values())
    if stage.id == flow.stages[0].id and later:
        were = "was" if later == 1 else "were"
        return Evidence(f"{n:,} of {flow.of:,} deals seen there; {later:,} {were} first seen later", n, flow.of)
    again = flow.visits.get(stage.id, 0) - n
    more = f", {number(again, 'visit')} more" if again > 0 else ""
    first = flow.seen_first.get(stage.id, 0)
    begun = f", {first:,} first seen here" if first else ""
    return Evidence(f"{counted(n, flow.of, 'deals')}{more}{begun}", n, flow.of)


def _unseen(flow: Flow) -> Iterator[str]:
    """What the score card says of deals that were first seen in a later stage than the first."""
    later, first = sum(flow.seen_first.values()), flow.stages[0].id
    if not later:
        return
    were = "was" if later == 1 else "were"
    yield (
        f"{number(later, 'deal')} {were} first seen after {first}: judged as begun there, they do not fit where the "
        "draft has no such move."
    )
    needed = [b for a, b in sorted(flow.kept) if flow.unseen.get((a, b)) and not flow.edges.get((a, b))]
    if needed:
        yield f"Nobody saw deals go from {first} to {listed(needed)}; without these moves they could not be held."


def _of_all(flow: Flow, endings: Endings, asked: Drafting) -> dict[Path, tuple[Remark, ...]]:
    told = []
    if flow.rare:
        most = sorted(flow.rare.items(), key=lambda item: (-item[1], item[0]))
        seen = ", ".join(f"{stage} in {number(n, 'deal')} ({percent(n, flow.of)})" for stage, n in most[:_NAMED])
        more = f", {len(most) - _NAMED} more" if len(most) > _NAMED else ""
        says = f"left out, as fewer than {percent(asked.keep, 1)} of the deals were there: {seen}{more}"
        told.append(Remark("rare", says))
    if endings.folded:
        parts = [
            f"{end} in {number(n, 'deal')}, counted as {into}" for end, (into, n) in sorted(endings.folded.items())
        ]
        told.append(Remark("rare-ends", f"ends that are rare, told as another of their kind: {', '.join(parts)}"))
    for at, group in enumerate(flow.any_order, 1):
        says = f"deals come to {listed(group)} in any order: they may be work side by side, which a track can hold"
        told.append(Remark(f"order-{at}" if at > 1 else "order", says))
    for end in flow.ends:
        on, came = flow.leaving.get(end, 0), flow.came.get(end, 0)
        if on > came / 2:
            many = counted(on, came, f"deals that came to {end}")
            told.append(Remark(f"end-{end}", f"{many} go on: is it an end, and what follows it work beside it?"))
    if endings.again:
        names = ", ".join(endings.again[:_NAMED])
        more = f", {len(endings.again) - _NAMED:,} more" if len(endings.again) > _NAMED else ""
        went = f"{number(len(endings.again), 'deal')} went from one end straight to another"
        told.append(Remark("ends", f"{went} ({names}{more}): the first end counts"))
    return {("stages",): tuple(told)} if told else {}


def _starters(drafted: Drafted) -> dict[Path, tuple[Remark, ...]]:
    says = "no reasons are in these deals; these are a start, write your own"
    return {("actions", action): (Remark("reasons", says),) for action in drafted.starters}


def _together(*several: Mapping[Path, tuple[Remark, ...]]) -> dict[Path, tuple[Remark, ...]]:
    found: dict[Path, tuple[Remark, ...]] = {}
    for remarks in several:
        for path, told in remarks.items():
            found[path] = (*found.get(path, ()), *told)
    return {path: told for path, told in found.items() if told}


def _card(paths: Paths, known: Sequence[Stage], asked: Drafting, earlier: Mask) -> ScoreCard:
    """The draft made anew from earlier deals, judged on later ones; where there are too few, on all of them."""
    kinds = {stage.id: stage.ends for stage in known if stage.ends}
    paths = paths.of(np.isin(paths.deal, paths.deal[paths.counted]))
    first, later = paths.of(earlier[paths.deal]), paths.of(~earlier[paths.deal])
    apart = min(sum(variants_of(part, kinds).values()) for part in (first, later)) >= _FEWEST_APART
    if apart:
        try:
            return _judged(first, later, known, asked, apart=True)
        except BadValue:
            pass  # among the earlier deals alone none was won
    return _judged(paths, paths, known, asked, apart=False)


def _judged(first: Paths, later: Paths, known: Sequence[Stage], asked: Drafting, *, apart: bool) -> ScoreCard:
    flow, _ = flow_of(first, known, asked)
    kinds = {stage.id: stage.ends for stage in known if stage.ends}
    begin = first.code[flow.stages[0].id]
    learnt, judged = (variants_of(led_in(part, begin), kinds) for part in (first, later))
    track = Track(MAIN, flow.stages, actions_of(flow, {}, {}).actions)
    # As in the draft: a stage that no deal was in is none.
    there = deals_in(first) > 0
    every = tuple(Stage(name, ends=kinds.get(name, "")) for at, name in enumerate(first.stages) if there[at])
    seen = {edge for way in ways_of(led_in(first, begin)) for edge in pairwise(way)}
    tracks = {
        "draft": track,
        "all moves seen": all_seen(every, seen, flow.stages[0]),
        "most frequent path": most_frequent(every, learnt),
    }
    return ScoreCard(
        learnt=len(np.unique(first.deal)),
        judged=sum(judged.values()),
        apart=apart,
        scores=tuple(score(name, each, judged) for name, each in tracks.items() if each),
    )
