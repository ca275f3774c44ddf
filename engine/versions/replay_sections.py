"""What came of past moves judged again, as sections of figures: moves, deals, how they ended, and their money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import numpy as np

from engine.machine.columns import local_days
from engine.model.study import Figure, Heading, Section, Unit
from engine.tables.coded import Ints, Mask, cells, numbers
from engine.versions.replay_classes import Class, Replayed
from engine.versions.replay_counts import Count, count_of
from engine.versions.replay_judging import REFUSED, UNKNOWN
from engine.versions.replay_lacking import each_once, lacking_says
from engine.versions.replay_moves import PastMoves

SHOWN = 20
_FIRST = date(1970, 1, 1).toordinal()


def sections(replayed: Replayed) -> tuple[Section, ...]:
    """What all moves come to; by which requirement; which have no way any more; and whose deals they are."""
    return (
        _outcome_section(replayed),
        _requirement_section(replayed),
        _gone_section(replayed),
        _deal_section(replayed),
    )


def _outcome_section(replayed: Replayed) -> Section:
    """What all moves come to."""
    judged = sum(int(rows.sum()) for rows in replayed.classes.values())
    rows: list[tuple[Figure, ...]] = []
    for name, mask in replayed.classes.items():
        for says, its in _told_apart(replayed, name, mask):
            count = count_of(replayed, np.flatnonzero(its))
            rows.append((says, count.moves, count.moves / judged, *_of_deals(count)))
    return Section(
        "outcome",
        "What the moves come to",
        (Heading("what", "What"), *_MOVES, Heading("share", "Share", Unit.SHARE), *_DEALS),
        tuple(rows),
        notes=("A deal stands in each line in which it has a move.",),
    )


def _told_apart(replayed: Replayed, name: Class, mask: Mask) -> Iterable[tuple[str, Mask]]:
    """The moves of a class; those already refused by the version that refused them."""
    if name is not Class.STILL:
        if name in (Class.SAME, Class.REFUSED) or mask.any():
            yield name.value, mask
        return
    for place, version in enumerate(replayed.moves.versions):
        its = mask & (replayed.moves.version == place)
        if its.any():
            yield f"{name.value} by {replayed.new.id}@{version}", its


def _requirement_section(replayed: Replayed) -> Section:
    """Which requirements refuse moves, or cannot be told of them."""
    of_class = {REFUSED: replayed.classes[Class.REFUSED], UNKNOWN: replayed.classes[Class.UNKNOWN]}
    found: dict[tuple[str, str], dict[int, list[Ints]]] = defaultdict(lambda: {REFUSED: [], UNKNOWN: []})
    for hit in replayed.now.hits:
        rows = hit.rows[of_class[hit.verdict][hit.rows]]
        if len(rows):
            found[hit.requirement, hit.says][hit.verdict].append(rows)
    rows_of = [(name, says, each_once(its[REFUSED]), each_once(its[UNKNOWN])) for (name, says), its in found.items()]
    rows_of.sort(key=lambda each: (-len(each[2]), -len(each[3]), each[0]))
    lines = tuple(
        (
            *(name, says, len(refused), len(unknown)),
            *_of_deals(count_of(replayed, refused if len(refused) else unknown)),
        )
        for name, says, refused, unknown in rows_of
    )
    return Section(
        "requirements",
        "By which requirement",
        (
            Heading("requirement", "Requirement"),
            Heading("says", "What it asks"),
            Heading("refused", "Refused now", Unit.COUNT),
            Heading("unknown", "Not known then", Unit.COUNT),
            *_DEALS,
        ),
        lines,
        notes=(
            *lacking_says(replayed),
            "Deals and money are of the moves refused or, where none is, of those of which it was not known. A move "
            "that several requirements refuse stands with each.",
        )
        if lines
        else (),
        empty="No requirement refuses a move that was allowed.",
    )


def _gone_section(replayed: Replayed) -> Section:
    """Why moves can no longer be expressed."""
    found: dict[str, list[Ints]] = defaultdict(list)
    mask = replayed.classes[Class.GONE]
    for why, rows in replayed.now.gone:
        its = rows[mask[rows]]
        if len(its):
            found[why].append(its)
    counts = [(why, count_of(replayed, each_once(its))) for why, its in found.items()]
    counts.sort(key=lambda each: (-each[1].moves, each[0]))
    return Section(
        "gone",
        "No longer expressible",
        (Heading("why", "Why"), *_MOVES, *_DEALS),
        tuple((why, count.moves, *_of_deals(count)) for why, count in counts),
        empty="Every move has its stages and its action still.",
    )


def _deal_section(replayed: Replayed) -> Section:
    """The deals with a move that is refused now or has no way any more, most money first; of each the first one."""
    moves, deals = replayed.moves, replayed.moves.tables.deals
    refused, gone = replayed.classes[Class.REFUSED], replayed.classes[Class.GONE]
    first = _firsts(moves, np.flatnonzero(refused | gone))
    first = first[np.argsort(-numbers(deals, "amount", moves.deal[first], unknown=-1), kind="stable")]
    names = ("deal", "owner", "outcome", "amount")
    deal, owner, outcome, amount = (cells(deals, name, moves.deal[first]) for name in names)
    moved = np.array([_told(moves, row) for row in replayed.columns.firsts.tolist()], object)
    rows = zip(
        deal,
        (each or "" for each in owner),
        (each or "open" for each in outcome),
        amount,
        _days(replayed, first),
        moved[replayed.columns.group[first]].tolist(),
        _why(replayed, first),
        strict=True,
    )
    return Section(
        "deals",
        "Deals with such a move",
        (
            Heading("deal", "Deal"),
            Heading("owner", "Owner"),
            Heading("outcome", "Outcome"),
            Heading("money", "Money", Unit.MONEY),
            Heading("day", "First on"),
            Heading("move", "Move"),
            Heading("by", "By"),
        ),
        tuple(rows),
        empty="No deal has such a move.",
        shown=SHOWN,
    )


def _why(replayed: Replayed, first: Ints) -> list[str]:
    """What refuses each of these moves, or why there is no way for it."""
    found = np.full(replayed.moves.count, "", object)
    chosen = np.zeros(replayed.moves.count, np.bool_)
    chosen[first] = True
    for why, rows in replayed.now.gone:
        found[rows[chosen[rows]]] = why
    for hit in replayed.now.hits:
        if hit.verdict == REFUSED:
            rows = hit.rows[chosen[hit.rows]]
            told = found[rows]
            found[rows] = np.where(told == "", hit.requirement, told + f", {hit.requirement}")
    why_each: list[str] = found[first].tolist()
    return why_each


_MOVES = (Heading("moves", "Moves", Unit.COUNT),)
_DEALS = (
    Heading("deals", "Deals", Unit.COUNT),
    Heading("won", "Later won", Unit.COUNT),
    Heading("lost", "Lost", Unit.COUNT),
    Heading("other", "Other", Unit.COUNT),
    Heading("open", "Open", Unit.COUNT),
    Heading("money", "Money", Unit.MONEY),
    Heading("won_money", "Won", Unit.MONEY),
)


def _of_deals(count: Count) -> tuple[Figure, ...]:
    return (count.deals, *count.outcomes, count.money, count.won_money)


def _firsts(moves: PastMoves, rows: Ints) -> Ints:
    """Of each deal the first of these rows, which are in order."""
    deal = moves.deal[rows]
    found: Ints = rows[np.append(True, deal[1:] != deal[:-1])[: len(rows)]]
    return found


def _days(replayed: Replayed, rows: Ints) -> list[str]:
    """The days of moves, where the process is at home."""
    moves = replayed.moves
    days = local_days(moves.at[rows], replayed.columns.machine.frame.zone) - _FIRST
    shown = np.datetime_as_string(days.astype("datetime64[D]"), unit="D")
    told: list[str] = np.where(moves.dated[rows], shown, "").tolist()
    return told


def _told(moves: PastMoves, row: int) -> str:
    action, source, target = (names.values[names.codes[row]] for names in (moves.action, moves.source, moves.target))
    path = f"{source} → {target}" if source else f"start in {target}"
    return f"{action}: {path}" if action else path
