"""What was learnt of a process, as figures and as sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.model.study import Estimate, Figure, Heading, Section, Unit
from engine.numerics.intervals import wilson
from engine.simulation.fit.branches import quantiles
from engine.simulation.fit.seen import NONE, Seen
from engine.simulation.fit.standing import Stood
from engine.tables.coded import NEVER

_DAY = 86_400

_STAGES = (
    Heading("stage", "stage"),
    Heading("visits", "visits", Unit.COUNT),
    Heading("ended", "ended", Unit.COUNT),
    Heading("open", "open", Unit.COUNT),
    Heading("p50", "P50", Unit.DAYS),
    Heading("p90", "P90", Unit.DAYS),
    Heading("beyond", "beyond", Unit.SHARE),
    Heading("refused", "refused", Unit.SHARE),
    Heading("times", "times"),
)
_BRANCHES = (
    Heading("stage", "stage"),
    Heading("action", "action"),
    Heading("to", "to"),
    Heading("moves", "moves", Unit.COUNT),
    Heading("moved", "of moves", Unit.SHARE),
    Heading("share", "of tries", Unit.SHARE),
    Heading("p50", "P50", Unit.DAYS),
    Heading("p90", "P90", Unit.DAYS),
)


def sections_of(seen: Seen, stood: tuple[Stood, ...]) -> tuple[Section, ...]:
    """The stages and the branches that were learnt."""
    titles = {each.id: each.title or each.id for each in seen.process.main.stages}
    stages = Section(
        "stages",
        "Stages",
        _STAGES,
        tuple(_stage(each, titles) for each in stood),
        notes=(
            "P50 and P90: half and nine in ten visits last at most so long by the clock on the wall, however they end.",
            "beyond: visits that last longer than could be followed; refused: tries that the rules refuse.",
        ),
    )
    branches = Section(
        "branches",
        "Branches",
        _BRANCHES,
        tuple(row for each in stood for row in _branches(each, titles)),
        notes=(
            "of moves: how visits end in the end, with its 90 % interval; of tries: refused ones counted, too.",
            "P50 and P90: of visits that end so, by the clock on the wall.",
        ),
    )
    return stages, branches


def doubts(seen: Seen) -> Iterator[str]:
    """What makes the whole of it doubtful: nobody saw a deal end, or be won."""
    won = {each.id for each in seen.process.main.stages if each.ends == "won"}
    main = seen.main
    deals = len(np.unique(main.deal))
    if (seen.closed == NEVER).all():
        yield (
            f"None of the {deals:,} deals came to an end of {seen.process.name}, so it tells nothing of how many are "
            "won or lost: take closed deals in, and look whether this is their process."
        )
    elif won and not any(main.stages[at] in won for at in np.unique(main.stage).tolist()):
        yield f"None of the {deals:,} deals was won, so by this scenario none will be."


def about(seen: Seen) -> Iterator[str]:
    """Sentences on what was looked at, and on what could not be used."""
    main = seen.main
    deals = len(np.unique(main.deal))
    inside = np.array(["/" not in each for each in main.stages], np.bool_)[main.stage] & ~main.ends[main.stage]
    is_open = int((inside & (np.append(main.deal[1:] != main.deal[:-1], True)[: len(main.deal)])).sum())
    watched = main.dated & (main.gone > seen.since)
    used, ended = int(watched.sum()), int((watched & (main.way != NONE)).sum())
    yield f"{deals:,} deals, {is_open:,} of them open; {used:,} visits of stages with dates, {ended:,} ended in a move"
    for (source, to), count in sorted(main.unknown_ways.items(), key=lambda item: -item[1])[:5]:
        moves = "1 move" if count == 1 else f"{count:,} moves"
        yield f"{moves} from {source} to {to}: no action of {seen.process.name} does that; open until then"
    undated = int((inside & ~main.dated).sum())
    if undated:
        visits = "1 visit without dates tells" if undated == 1 else f"{undated:,} visits without dates tell"
        yield f"{visits} nothing of times"
    again = int((main.ends[main.stage] & (main.left != NEVER)).sum())
    if again:
        deals_again = "1 deal was" if again == 1 else f"{again:,} deals were"
        yield f"{deals_again} opened again after an end; in a scenario an end is the end"


def about_stage(found: Stood) -> Iterator[str]:
    """Sentences on how surely a stage is known, and what was assumed of it."""
    course = found.course
    ended = int(course.ended.sum())
    if found.form != "quantiles":
        ends = "1 visit" if ended == 1 else f"{ended} visits"
        yield f"only {ends} ended, so times follow a {found.form}, whatever the branch"
    elif found.pooled:
        yield f"{', '.join(dict.fromkeys(found.pooled))} came too seldom for own times, and have those of all"
    if course.left >= 0.01:
        days = course.times[-1] / _DAY
        longer = f"{course.left:.0%} of visits last longer than {days:.3g} d, the longest that could be followed"
        yield f"{longer}; assumed that of those {_rate(course.rate)}"
    if found.refused >= 0.01 and not found.told:
        refused = f"the rules refuse {found.refused:.0%} of tries"
        yield f"{refused}; shares and times are reckoned back from the moves"
    for action, against, moved in found.broken:
        if against >= 0.02 * moved:
            made = f"{against:,} of {moved:,} moves by {action}"
            yield f"{made} are such as the rules refuse now; simulated with these rules, none like them comes about"
    if found.told:
        yield f"{found.refused:.0%} of tries were refused; they are told, so shares and times are of all tries"


def counted(found: Stood) -> str:
    """On how many visits a stage rests, for the line at which it stands."""
    course = found.course
    visits = "1 visit" if found.visits == 1 else f"{found.visits:,} visits"
    return f"{visits}, {course.still:,} still open; followed for {float(course.times[-1]) / _DAY:.3g} d"


def _rate(rate: float) -> str:
    month = 1 - float(np.exp(-rate * 30 * _DAY))
    return f"{month:.0%} end in 30 d" if month >= 0.005 else "practically none ever ends"


def _stage(found: Stood, titles: dict[str, str]) -> tuple[Figure, ...]:
    course = found.course
    half, most = (_of_all(found, share) for share in (0.5, 0.9))
    stage = found.standing.stage
    ended = int(course.ended.sum())
    return (titles[stage], found.visits, ended, course.still, half, most, course.left, found.refused, found.form)


def _of_all(found: Stood, share: float) -> float | Estimate:
    """The time by which that share of visits has ended, whichever way, as far as any was followed."""
    course = found.course
    line = course.lines.sum(axis=0)
    if line[-1] >= share - 1e-12:
        return float(course.times[int(np.argmax(line >= share - 1e-12))]) / _DAY
    return Estimate(None, beyond=float(course.times[-1]) / _DAY)


def _branches(found: Stood, titles: dict[str, str]) -> Iterator[tuple[Figure, ...]]:
    course, standing = found.course, found.standing
    ended = max(int(course.ended.sum()), 1)
    followed = float(course.times[-1]) / _DAY
    for place, branch in enumerate(standing.branches):
        moved = float(course.shares[place])
        # As if of so many visits that ended; those still open add little, and nothing that is certain.
        band = wilson(moved * ended, ended)
        levels, values = zip(*quantiles(course, place), strict=True)
        days = [float(np.interp(share, levels, values)) / _DAY for share in (0.5, 0.9)]
        yield (
            titles[standing.stage],
            branch.action,
            titles.get(branch.to, branch.to),
            int(course.ended[place]),
            Estimate(moved, band.low, band.high),
            branch.share,
            *(each if each <= followed * 1.001 else Estimate(None, beyond=followed) for each in days),
        )
