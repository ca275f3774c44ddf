"""All checks, in one list each; which of them hold for a file that could be read in part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Protocol

from engine.checks import (
    advice,
    alerts,
    approving,
    endless,
    ends,
    following,
    given_inside,
    idle_clocks,
    measuring,
    never_fires,
    paths,
    reasons,
    rule_examples,
    tables,
    times,
    together,
    truth,
    unused,
    variants,
    why,
)
from engine.model.finding import Finding
from engine.model.process import Process
from engine.model.rule import RuleSet

Check = Callable[[Process], Iterator[Finding]]
RuleCheck = Callable[[RuleSet], Iterator[Finding]]


class EntryCheck(Protocol):
    """A check that asks where deals can come: also to the stages that other processes hand them over to."""

    def __call__(self, process: Process, *, entries: frozenset[str] = frozenset()) -> Iterator[Finding]:
        """What it finds."""


class Part(Enum):
    """How much of a file was read: all of it, or what was left when the faulty parts were left out."""

    WHOLE = "whole"
    REST = "rest"


def tracks_wait(process: Process, *, entries: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """P105. Most files have one track alone."""
    if process.tracks:
        from engine.checks.deadlocks import tracks_wait as told

        yield from told(process, entries=entries)


def stories(process: Process) -> Iterator[Finding]:
    """E111 to E118. Most files have no stories, and a machine takes its time to be imported."""
    if process.examples:
        from engine.checks.stories import stories as lived

        yield from lived(process)


# A check of this list looks at what is there. A fault elsewhere cannot turn what it says untrue.
OF_PARTS: tuple[Check, ...] = (
    truth.never_or_always,
    truth.at_odds_with_when,
    together.never_together,
    advice.should_against_must,
    tables.rows_at_odds,
    times.alert_before_target,
    alerts.alert_without_reason,
    times.warn_after_limit,
    times.limit_out_of_reach,
    times.automatic_undecided,
    times.approval_that_lapses,
    ends.requirements_on_an_end,
    why.no_because,
    following.splits_that_leave_some,
)

# A check of this list says that something is missing. In a file that was read in part it may only have been left out.
OF_THE_WHOLE: tuple[Check, ...] = (
    paths.actions_without_target,
    unused.unused_facts,
    unused.unused_groups,
    unused.unused_roles,
    unused.unused_rule_sets,
    measuring.never_measured,
    given_inside.given_only_inside,
    variants.variants_overlap,
    variants.automatic_overlap,
    variants.automatic_circles,
    never_fires.never_fires,
    times.clock_action_impossible,
    times.automatic_without_reason,
    endless.clocks_go_round,
    idle_clocks.never_acts,
    approving.approval_never_needed,
    ends.ends_by_name_alone,
    ends.lost_without_reasons,
    reasons.group_of_none,
    stories,
)

# A check of this list says so too, and asks which stages other processes lead to.
OF_WAYS: tuple[EntryCheck, ...] = (
    paths.unreachable_stages,
    paths.no_way_out,
    paths.no_way_to_win,
    tracks_wait,
)

CHECKS: tuple[Check, ...] = (*OF_PARTS, *OF_WAYS, *OF_THE_WHOLE)

RULE_CHECKS_OF_PARTS: tuple[RuleCheck, ...] = (
    truth.never_or_always_in_rules,
    truth.at_odds_with_when_in_rules,
    tables.rows_at_odds_in_rules,
)
RULE_CHECKS = (*RULE_CHECKS_OF_PARTS, rule_examples.rule_examples)


def check_process(
    process: Process, *, part: Part = Part.WHOLE, entries: frozenset[str] = frozenset()
) -> tuple[Finding, ...]:
    """What is unsound in a process, by place. Give ``Part.REST`` for one read with parts left out.

    ``entries`` are the stages that other processes hand deals over to, as far as these are known.
    """
    found = [finding for check in OF_PARTS for finding in check(process)]
    if part is Part.WHOLE:
        found += [finding for ways in OF_WAYS for finding in ways(process, entries=entries)]
        found += [finding for check in OF_THE_WHOLE for finding in check(process)]
    return in_order(found)


def check_rule_set(rule_set: RuleSet, *, part: Part = Part.WHOLE) -> tuple[Finding, ...]:
    """What is unsound in a rule set, by place."""
    checks = RULE_CHECKS if part is Part.WHOLE else RULE_CHECKS_OF_PARTS
    return in_order(finding for check in checks for finding in check(rule_set))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by place, each told once: a rule's mistake is found in the rule set and wherever it is used."""
    told = {(finding.code, finding.at, finding.message): finding for finding in findings}
    return tuple(sorted(told.values(), key=lambda finding: finding.order))
