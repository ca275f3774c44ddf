"""What deals did beside the process, as sections of figures, each with the deals, the money and the outcomes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine.analysis.conform.align import overall
from engine.analysis.conform.counts import GROUP, Aligned, group, grouped, money
from engine.analysis.conform.deals import HANDED_OVER, OPEN
from engine.analysis.conform.words import placed
from engine.analysis.words import below
from engine.model.decision import Result, Verdict
from engine.model.rule import Force
from engine.model.study import Figure, Heading, Section, Unit

OUTCOMES = ("won", "lost", "other", HANDED_OVER, OPEN)
SHOWN = 20


def fit_section(aligned: Sequence[Aligned]) -> Section:
    """Fitness and perfect deals, of all and by outcome."""
    groups = [("all", aligned)]
    groups += [(outcome, [each for each in aligned if each.deal.outcome == outcome]) for outcome in OUTCOMES]
    return Section(
        "fit",
        "How far deals keep to the process",
        (
            Heading("outcome", "Outcome"),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("fitness", "Fitness", Unit.SHARE),
            Heading("perfect_deals", "Perfect", Unit.COUNT),
            Heading("perfect_share", "Share", Unit.SHARE),
            Heading("money", "Money", Unit.MONEY),
            Heading("perfect_money", "Money of the perfect", Unit.MONEY),
        ),
        tuple(_fit_row(name, its) for name, its in groups if its),
        notes=(
            "Fitness is 1 less what the cheapest mending costs (1 for each skipped stage and each unasked move), as a "
            "share of what it would cost where nothing fits. An open deal need not have reached an end yet.",
        ),
    )


def _fit_row(name: str, aligned: Sequence[Aligned]) -> tuple[Figure, ...]:
    perfect = [each for each in aligned if not each.fit.cost]
    fitness = overall((each.fit, 1) for each in aligned)
    share = len(perfect) / len(aligned)
    return (name, len(aligned), fitness, len(perfect), share, money(aligned), money(perfect))


def variant_section(aligned: Sequence[Aligned]) -> Section:
    """The ways that deals went, the most frequent first, each with its alignment in words."""
    groups: dict[tuple[str, bool, bool], list[Aligned]] = defaultdict(list)
    for each in aligned:
        groups[each.path, each.deal.journey.closed, each.deal.journey.arrived].append(each)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    rows = [
        (
            path if closed else f"{path}, still open",
            its[0].told,
            its[0].fit.cost,
            its[0].fit.fitness,
            len(its),
            len(its) / len(aligned),
            money(its),
        )
        for (path, closed, _), its in ordered
    ]
    return Section(
        "variants",
        "Variants",
        (
            Heading("stages", "Stages entered"),
            Heading("alignment", "Against the process"),
            Heading("cost", "Cost", Unit.COUNT),
            Heading("fitness", "Fitness", Unit.SHARE),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("share", "Of all", Unit.SHARE),
            Heading("money", "Money", Unit.MONEY),
        ),
        tuple(rows),
        shown=SHOWN,
    )


def skipped_section(aligned: Sequence[Aligned]) -> Section:
    """The stages that were skipped, and the actions that nobody did."""
    rows = [
        (placed(each.track, each.stage), ", ".join(each.actions), times, *group(its, aligned))
        for each, times, its in grouped(aligned, lambda one: one.skipped)
    ]
    return Section(
        "skipped",
        "Skipped",
        (
            Heading("stage", "Stage skipped"),
            Heading("actions", "By one of"),
            Heading("times", "Times", Unit.COUNT),
            *GROUP,
        ),
        tuple(rows),
        empty="No deal skipped a stage.",
    )


def unasked_section(aligned: Sequence[Aligned], stages: frozenset[tuple[str, str]]) -> Section:
    """The moves that no action of the process makes there; ``stages`` are (track, stage) that the process has."""
    rows = [
        (
            each.came_from,
            placed(each.track, each.stage),
            "yes" if (each.track, each.stage) in stages else "no",
            times,
            *group(its, aligned),
        )
        for each, times, its in grouped(aligned, lambda one: one.unasked)
    ]
    return Section(
        "unasked",
        "Unasked",
        (
            Heading("from_stage", "From"),
            Heading("stage", "Entered"),
            Heading("known_stage", "Stage of the process"),
            Heading("times", "Times", Unit.COUNT),
            *GROUP,
        ),
        tuple(rows),
        notes=below(
            rows,
            "Stage of the process: 'yes' where the process has the stage, and only no action of it leads there from "
            "where the deal stood.",
        ),
        empty="No deal made a move that the process has not.",
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """What was said of a requirement: how its moves came out, and the deals that did not meet it."""

    verdict: Verdict
    moves: Counter[Result]
    failing: list[Aligned]

    @property
    def is_doubtful(self) -> bool:
        """Whether a move failed it, or nobody can say."""
        return bool(self.moves[Result.FAILED] or self.moves[Result.UNKNOWN])


def requirement_section(aligned: Sequence[Aligned]) -> Section:
    """By requirement, how many moves would have failed it with the facts as known then."""
    tallies = _tallies(aligned)
    doubtful = sum(tally.is_doubtful for tally in tallies)
    return Section(
        "requirements",
        "Requirements that the facts would have failed",
        (
            Heading("requirement", "Requirement"),
            Heading("says", "What it says"),
            Heading("failed_moves", "Failed", Unit.COUNT),
            Heading("unknown_moves", "Unknown", Unit.COUNT),
            Heading("passed_moves", "Passed", Unit.COUNT),
            Heading("deals", "Deals", Unit.COUNT),
            Heading("won", "Won", Unit.COUNT),
            Heading("lost", "Lost", Unit.COUNT),
            Heading("money", "Money", Unit.MONEY),
        ),
        tuple(_requirement_row(tally) for tally in tallies),
        says=("Moves, judged with the facts as they were known then; deals and money are of those that failed.",),
        notes=("Unknown: what nobody wrote down by then. Roles and approvals are not judged.",),
        empty="The process asks nothing of these moves.",
        shown=min(SHOWN, max(doubtful, 1)),
    )


def _tallies(aligned: Sequence[Aligned]) -> list[_Tally]:
    """One a requirement, the one that most moves failed first."""
    # Most moves share what was said of them: it is looked at once.
    times: Counter[int] = Counter()
    told: dict[int, tuple[Verdict, ...]] = {}
    for one in aligned:
        for verdicts in one.verdicts.values():
            times[id(verdicts)] += 1
            told[id(verdicts)] = verdicts
    found: dict[str, _Tally] = {}
    for key, verdicts in told.items():
        for each in verdicts:
            tally = found.setdefault(each.requirement, _Tally(each, Counter(), []))
            tally.moves[each.result] += times[key]
    for one in aligned:
        for requirement, _ in one.not_met:
            found[requirement].failing.append(one)
    return [
        found[name]
        for name in sorted(
            found, key=lambda name: (-found[name].moves[Result.FAILED], -found[name].moves[Result.UNKNOWN], name)
        )
    ]


def _requirement_row(tally: _Tally) -> tuple[Figure, ...]:
    verdict, failing = tally.verdict, tally.failing
    return (
        verdict.requirement,
        ("should: " if verdict.force is Force.SHOULD else "") + verdict.says,
        *(tally.moves[result] for result in (Result.FAILED, Result.UNKNOWN, Result.PASSED)),
        len(failing),
        *(sum(one.deal.outcome == outcome for one in failing) for outcome in ("won", "lost")),
        money(failing),
    )


def deal_section(aligned: Sequence[Aligned]) -> Section:
    """A row a deal, the worst first: the deals behind each number."""
    failed = {id(each): len(each.failed) for each in aligned}
    ordered = sorted(
        aligned, key=lambda each: (each.fit.fitness, -failed[id(each)], -(each.deal.amount or 0), each.deal.id)
    )
    beside = sum(bool(each.fit.cost or failed[id(each)]) for each in aligned)
    return Section(
        "deals",
        "The deals behind each number, the worst first",
        (
            Heading("deal", "Deal"),
            Heading("outcome", "Outcome"),
            Heading("owner", "Owner"),
            Heading("amount", "Amount", Unit.MONEY),
            Heading("fitness", "Fitness", Unit.SHARE),
            Heading("cost", "Cost", Unit.COUNT),
            Heading("skipped", "Skipped"),
            Heading("unasked", "Unasked"),
            Heading("failed", "Requirements failed"),
        ),
        tuple(_deal_row(each) for each in ordered),
        notes=("'--deal ID' tells one of them step by step.",),
        # A deal that keeps to everything has nothing to tell.
        shown=min(SHOWN, beside) or -1,
        empty="every deal keeps to the process, and none failed a requirement that must hold",
    )


def _deal_row(each: Aligned) -> tuple[Figure, ...]:
    deal = each.deal
    return (
        deal.id,
        deal.outcome,
        deal.owner,
        deal.amount,
        each.fit.fitness,
        each.fit.cost,
        ", ".join(one.told for one in each.skipped),
        ", ".join(one.told for one in each.unasked),
        ", ".join(each.failed),
    )
