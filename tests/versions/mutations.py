"""What can be changed in a process, one thing at a time: each with its subject and the levels that it may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.model.change import Level, Subject
from tests.versions import changed_flow as flow
from tests.versions import changed_rest as rest
from tests.versions.document import Doc, Pick

BREAK, TIGHTER, LOOSER, NOTE = Level
ANY = frozenset(Level)
MOVES = frozenset({TIGHTER, LOOSER, NOTE})
"""Of what may forbid or allow, or do nothing where nothing depends on it."""
UP = frozenset({TIGHTER, NOTE})
DOWN = frozenset({LOOSER, NOTE})
ONLY_NOTE = frozenset({NOTE})


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change of one thing. ``do`` changes the document, or raises ``Unfit``; ``levels``: what its changes may have.

    ``subjects``: one of its changes is of the first, all are of one of them.
    """

    name: str
    do: Callable[[Doc, Pick], None]
    levels: frozenset[Level]
    subjects: tuple[Subject, ...]

    def __str__(self) -> str:
        return self.name


def _of(subject: Subject, *rows: tuple[str, Callable[[Doc, Pick], None], frozenset[Level], tuple[Subject, ...]]):
    return tuple(Mutation(name, do, levels, (subject, *also)) for name, do, levels, also in rows)


S = Subject
NONE: tuple[Subject, ...] = ()
MUTATIONS: tuple[Mutation, ...] = (
    *_of(
        S.STAGES,
        # Whatever leads from `open` or to `later` leads from it or to it too.
        ("a stage is added", flow.stage_added, ANY, (S.ACTIONS, S.REQUIREMENTS)),
        ("a stage is renamed", flow.stage_renamed, ONLY_NOTE, NONE),
        ("a stage is merged into another", flow.stage_merged, ANY, (S.ACTIONS, S.REQUIREMENTS)),
        ("stages change places", flow.stages_reordered, ANY, (S.ACTIONS, S.REQUIREMENTS, S.APPROVALS)),
        ("the first stage is another", flow.first_stage_moved, ANY, (S.ACTIONS, S.REQUIREMENTS, S.APPROVALS)),
        ("an end ends otherwise", flow.end_changed, MOVES, (S.ACTIONS, S.REQUIREMENTS, S.METRICS)),
        ("a stage becomes an end", flow.stage_ended, ANY, (S.ACTIONS, S.REQUIREMENTS)),
        ("a stage has another title", flow.stage_titled, ONLY_NOTE, NONE),
        ("a stage has another probability", flow.probability_changed, MOVES, (S.REQUIREMENTS,)),
        ("a stage has a target and an alert", flow.stage_timed, ONLY_NOTE, NONE),
        ("a stage stamps a fact", flow.stamped, MOVES, NONE),
    ),
    *_of(
        S.ACTIONS,
        ("an action is added", flow.action_added, DOWN, (S.STAGES,)),
        ("an action is renamed", flow.action_renamed, ONLY_NOTE, NONE),
        ("an action is removed", flow.action_removed, frozenset({BREAK, TIGHTER, NOTE}), (S.STAGES,)),
        ("an action starts from one stage more", flow.source_added, ANY, (S.STAGES,)),
        ("an action starts from one stage less", flow.source_removed, ANY, (S.STAGES,)),
        ("an action leads elsewhere too", flow.target_added, MOVES, (S.STAGES,)),
        ("an action leads elsewhere", flow.target_changed, ANY, (S.STAGES,)),
        ("an action is another's", flow.actor_narrowed, MOVES, (S.ROLES,)),
        ("an action is a contact", flow.touching, MOVES, NONE),
        ("an action applies to some only", flow.applies_to_some, ANY, NONE),
        (
            "an action has another variant before the rest",
            flow.variant_added,
            ANY,
            (S.STAGES, S.REQUIREMENTS, S.APPROVALS, S.REASONS),
        ),
        ("an action sets a fact", flow.fact_set, MOVES, NONE),
        ("an action is done by itself", flow.automatic, ANY, (S.STAGES, S.REQUIREMENTS, S.APPROVALS, S.REASONS)),
        ("an action has another title", flow.action_titled, ONLY_NOTE, NONE),
    ),
    *_of(
        S.REQUIREMENTS,
        ("a requirement is added", flow.requirement_added, UP, NONE),
        ("a requirement is removed", flow.requirement_removed, DOWN, NONE),
        ("a must becomes a should", flow.softened, DOWN, NONE),
        ("a should becomes a must", flow.hardened, UP, NONE),
        ("a clause is added", flow.clause_added, UP, NONE),
        ("a way out is added", flow.way_out_added, DOWN, NONE),
        ("a requirement applies to some only", flow.when_added, MOVES, NONE),
        ("a threshold is raised", flow.threshold_raised, MOVES, NONE),
        ("a requirement is turned round", flow.turned, MOVES, NONE),
        ("a requirement has other words", flow.said_otherwise, ONLY_NOTE, NONE),
        ("a fact is asked for", flow.ask_added, UP, NONE),
        ("a fact is no longer asked for", flow.ask_removed, DOWN, NONE),
        ("a fact is asked for of some only", flow.ask_of_some, DOWN, NONE),
    ),
    *_of(
        S.APPROVALS,
        ("an approval is added", flow.approval_added, UP, NONE),
        ("an approval is removed", flow.approval_removed, DOWN, NONE),
        ("an approval is another's", flow.approver_changed, MOVES, NONE),
        ("an approval is asked for of some only", flow.approval_of_some, MOVES, NONE),
        ("an approval lasts a day", flow.approval_lasts, UP, NONE),
    ),
    *_of(
        S.ROLES,
        ("a role is added", rest.role_added, MOVES, NONE),
        ("a role is removed", rest.role_removed, ANY, (S.ACTIONS, S.APPROVALS)),
        ("a role includes another", rest.role_included, MOVES, (S.ACTIONS, S.APPROVALS)),
        ("anyone may override", rest.override_widened, MOVES, (S.PROCESS,)),
        ("nobody may override", rest.override_removed, UP, (S.PROCESS,)),
        ("a role may act where nothing is said", rest.by_changed, MOVES, (S.PROCESS, S.ACTIONS)),
    ),
    *_of(
        S.FACTS,
        ("a fact is added", rest.fact_added, MOVES, NONE),
        ("a fact is renamed", rest.fact_renamed, ONLY_NOTE, NONE),
        ("a fact is removed", rest.fact_removed, ANY, NONE),
        ("a fact has another type", rest.fact_retyped, ANY, (S.REQUIREMENTS,)),
        ("a choice is added", rest.choice_added, MOVES, (S.REQUIREMENTS,)),
        ("a default is another", rest.default_changed, MOVES, (S.REQUIREMENTS, S.APPROVALS, S.ACTIONS)),
        ("a default is given up", rest.default_removed, MOVES, (S.REQUIREMENTS, S.APPROVALS, S.ACTIONS)),
        ("a fact has another title", rest.fact_titled, ONLY_NOTE, NONE),
        ("a table says otherwise", rest.table_changed, MOVES, (S.REQUIREMENTS, S.APPROVALS, S.ACTIONS)),
    ),
    *_of(
        S.REASONS,
        ("a reason is added", rest.reason_added, DOWN, NONE),
        ("a reason is removed", rest.reason_removed, UP, NONE),
        ("a reason is called otherwise", rest.reason_titled, ONLY_NOTE, NONE),
        ("a reason is of another group", rest.reason_regrouped, MOVES, NONE),
        ("a reason is renamed", rest.reason_renamed, ONLY_NOTE, NONE),
        ("reasons need no longer be given", rest.reasons_dropped, DOWN, NONE),
    ),
    *_of(
        S.CLOCKS,
        ("a clock is added", rest.clock_added, MOVES, NONE),
        ("a clock is removed", rest.clock_removed, MOVES, NONE),
        ("a clock runs faster", rest.clock_faster, MOVES, NONE),
        ("a clock warns later", rest.clock_warns_later, MOVES, NONE),
        ("a clock counts otherwise", rest.clock_counts_otherwise, MOVES, NONE),
        ("a clock runs for some only", rest.clock_of_some, MOVES, NONE),
        ("a clock runs in another stage", rest.clock_elsewhere, MOVES, NONE),
    ),
    *_of(
        S.TRACKS,
        ("a track is added", rest.track_added, MOVES, (S.STAGES, S.ACTIONS)),
        ("a track is removed", rest.track_removed, ANY, (S.STAGES, S.ACTIONS, S.REQUIREMENTS)),
        ("a track has another title", rest.track_titled, ONLY_NOTE, NONE),
    ),
    *_of(
        S.METRICS,
        ("a metric is added", rest.metric_added, ONLY_NOTE, NONE),
        ("a metric is removed", rest.metric_removed, ONLY_NOTE, NONE),
        ("a metric measures some only", rest.metric_of_some, ONLY_NOTE, NONE),
        ("a metric has another title", rest.metric_titled, ONLY_NOTE, NONE),
    ),
    *_of(
        S.PROCESS,
        ("the process has another title", rest.process_titled, ONLY_NOTE, NONE),
        ("the process is elsewhere", rest.time_zone_changed, MOVES, (S.REQUIREMENTS,)),
        ("money is of another currency", rest.currency_changed, ANY, (S.FACTS,)),
        ("a touchpoint is added", rest.touchpoint_added, DOWN, NONE),
        ("a group is smaller", rest.group_smaller, MOVES, (S.CLOCKS, S.ACTIONS)),
    ),
    *_of(
        S.RULE_SETS,
        ("a rule set is of another version", rest.rule_set_newer, ANY, (S.REQUIREMENTS, S.FACTS, S.REASONS)),
        ("a rule set is used no longer", rest.rule_set_dropped, ANY, (S.FACTS, S.REASONS)),
    ),
)
