"""Why deals were won, lost or given up: the reasons of the moves that closed them, and from which stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.analysis.journeys import LOST, OPEN, OTHER, WON, Journeys
from engine.analysis.measure.built_in.outcomes import NAMES
from engine.analysis.measure.view import View
from engine.analysis.words import of_band
from engine.analysis.worth import worth
from engine.model.names import same_name
from engine.model.process import Process
from engine.model.study import Chart, Figure, Heading, Mark, Section, Unit
from engine.numerics.intervals import wilson
from engine.tables.coded import Ints, codes, in_order

MOST = 40
"""So many reasons of an outcome are told one by one: a column of free text has as many as there are deals."""

NONE, OTHERS = "(none given)", "(others)"


def reasons(view: View) -> Section:
    """A row an outcome and reason, those of most deals first."""
    told = view.told
    given = _given(told)
    values = worth(told, given.row, len(given.kinds))
    words = _words(view.process)
    rows = tuple(
        (*_named(kind, words), count, of_band(wilson(count, given.ended[kind[0]])), value.value)
        for kind, count, value in zip(given.kinds, given.counts, values, strict=True)
    )
    is_given = any(reason != NONE for _, reason in given.kinds)
    return Section(
        "reasons",
        "Reasons of wins, losses and other ends",
        (
            Heading("outcome", "Outcome"),
            Heading("reason", "Reason"),
            Heading("code", "Code"),
            Heading("reason_group", "Group of reasons"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Of those that ended so", Unit.SHARE),
            Heading("value", "Value", Unit.MONEY),
        ),
        rows if is_given else (),
        says=("The reason is that of the move that closed the deal; the share is of all deals that ended so.",),
        empty="No move that closed a deal gives a reason.",
        charts=(Chart("reasons", "Reasons", Mark.BARS, ("reason",), ("deals",), split="outcome"),),
    )


def reasons_by_stage(view: View) -> Section:
    """A row an outcome, stage that the deal left by it, and reason; in the order of the pipeline."""
    told = view.told
    rows = tuple(_by_stage(told, _given(told), _words(view.process)))
    return Section(
        "reasons-by-stage",
        "From which stage deals ended, and why",
        (
            Heading("outcome", "Outcome"),
            Heading("stage", "From stage"),
            Heading("reason", "Reason"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Of those that ended so from there", Unit.SHARE),
        ),
        rows,
        empty="No deal has ended from a stage that is known.",
        shown=30,
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """Ended deals by outcome and reason (a code or a text). ``row`` is the place in ``kinds`` of each deal, -1: open.

    ``counts`` go with ``kinds``; ``ended`` tells how many deals came out in each way.
    """

    row: Ints
    kinds: tuple[tuple[int, str], ...]
    counts: tuple[int, ...]
    ended: tuple[int, ...]


def _given(told: Journeys) -> _Given:
    ended = np.flatnonzero(told.outcome != OPEN)
    rows = told.visits.row[told.closing[ended]]
    code, texts = codes(in_order(told.tables.moves.select(["reason"]), rows), "reason")
    words = [*(each.strip() or NONE for each in texts), NONE]
    alike = _alike(words, code)
    found, its, counts = np.unique(
        told.outcome[ended] * len(words) + alike[code], return_inverse=True, return_counts=True
    )
    outcome, word = np.divmod(found, len(words))
    by_text = np.argsort(sorted(range(len(words)), key=words.__getitem__))
    rank = np.lexsort((by_text[word], -counts))
    kinds, place = list[tuple[int, str]](), np.zeros(len(found), np.int64)
    for each in (WON, LOST, OTHER):
        of_outcome = rank[outcome[rank] == each]
        place[of_outcome] = len(kinds) + np.minimum(np.arange(len(of_outcome)), MOST)
        kinds += [(each, words[at]) for at in word[of_outcome[:MOST]].tolist()]
        kinds += [(each, OTHERS)] if len(of_outcome) > MOST else []
    row = np.full(told.count, -1, np.int64)
    row[ended] = place[its.reshape(-1)]
    counted = np.bincount(row[ended], minlength=len(kinds)).tolist()
    return _Given(row, tuple(kinds), tuple(counted), tuple(np.bincount(told.outcome, minlength=len(NAMES)).tolist()))


def _alike(words: Sequence[str], code: Ints) -> Ints:
    """For each word the place of the one that it is told as: capitals make no reason, nor does one that is empty.

    Of several spellings most deals' is told; ``code`` are the words that deals have.
    """
    found, counts = np.unique(code, return_counts=True)
    alike, first = np.arange(len(words)), {NONE: len(words) - 1}
    for place in found[np.argsort(-counts, kind="stable")].tolist():
        alike[place] = first.setdefault(words[place] if words[place] == NONE else same_name(words[place]), place)
    return alike


def _named(kind: tuple[int, str], words: Mapping[str, tuple[str, str]]) -> tuple[str, str, str, str]:
    """The outcome, what people call the reason, its code where that is another, and its group."""
    outcome, reason = kind
    title, group = words.get(reason, (reason, ""))
    return NAMES[outcome], title, reason if title != reason else "", group


def _by_stage(told: Journeys, given: _Given, words: Mapping[str, tuple[str, str]]) -> Iterator[tuple[Figure, ...]]:
    before = np.where(told.closing > told.first, told.closing - 1, -1)
    its = np.flatnonzero((given.row >= 0) & (before >= 0))
    if not len(its):
        return
    kinds, stages = len(given.kinds), len(told.stages)
    where = told.outcome[its] * stages + told.visits.stage[before[its]]
    ended = np.bincount(where, minlength=len(NAMES) * stages).tolist()
    found, counts = np.unique(where * kinds + given.row[its], return_counts=True)
    # In the order of the pipeline; within a stage the reasons of most deals come first.
    for at in np.lexsort((-counts, found // kinds)).tolist():
        here, kind = divmod(int(found[at]), kinds)
        outcome, title, _, _ = _named(given.kinds[kind], words)
        count = int(counts[at])
        yield (outcome, told.title(here % stages), title, count, of_band(wilson(count, ended[here])))


def _words(process: Process) -> Mapping[str, tuple[str, str]]:
    """The title and group of each reason by its code; what an action says goes before a rule set."""
    declared = [reason for track in process.all_tracks() for action in track.actions for reason in action.reasons]
    declared += [each for rules in process.rule_sets for shared in rules.reasons.values() for each in shared]
    found: dict[str, tuple[str, str]] = {}
    for reason in declared:
        found.setdefault(reason.code, (reason.title or reason.code, reason.group))
    titles = Counter(title for title, _ in found.values())
    # Two that are called alike are told apart by their codes.
    return {
        code: (title if titles[title] == 1 else f"{title} ({code})", group) for code, (title, group) in found.items()
    }
