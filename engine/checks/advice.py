"""A ``should`` that no move can heed, because a ``must`` of the same move demands the opposite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from engine.checks.graph import leads_to
from engine.checks.tables import sound_facts
from engine.checks.together import Gather, Need, Needs
from engine.conditions.compare import satisfiable
from engine.model.expression import Expression
from engine.model.finding import Finding, Severity
from engine.model.process import Process, Track
from engine.model.rule import Fact, Force

Move = tuple[str, str, str]
"""Action, source and target."""
Clash = tuple[Need, Need, Expression | None]
"""A ``should``, a ``must`` and when their action applies."""


def should_against_must(process: Process) -> Iterator[Finding]:
    """P136: a ``should`` that contradicts what the same move must meet."""
    facts = sound_facts(process.facts)
    told: set[Need] = set()
    for (should, must, when), move in _pairs(process).items():
        if should not in told and _at_odds(should, must, when, facts=facts):
            told.add(should)
            action, source, target = move
            which = f"'{action}' from '{source}' to '{target}'"
            message = f"nobody can heed '{should.name}' where {which} also needs '{must.name}'"
            hint = "mend one of them, or say with 'when:' to which deals each applies"
            yield Finding("P136", should.at, message, hint, Severity.WARNING)


def _pairs(process: Process) -> Mapping[Clash, Move]:
    """Each ``should`` with each ``must`` of one move that looks at the same; and one move that has both."""
    found: dict[Clash, Move] = {}
    for (shoulds, musts, when), move in _moves(process).items():
        for should, must in product(_in_order(shoulds), _in_order(musts)):
            if should.reads & must.reads:
                found.setdefault((should, must, when), move)
    return found


def _moves(process: Process) -> Mapping[tuple[Needs, Needs, Expression | None], Move]:
    """What moves should have and must have, and when their action applies; and one move of which that is so."""
    found: dict[tuple[Needs, Needs, Expression | None], Move] = {}
    for track in process.all_tracks():
        if not _advises(track):
            continue
        advice, demands = Gather(track, force=Force.SHOULD), Gather(track)
        for action in track.actions:
            wanted, needed = advice.of(action), demands.of(action)
            for source in action.sources:
                for target in leads_to(track, action, source):
                    shoulds = wanted | advice.on_the_way(source, target)
                    if shoulds:
                        musts = needed | demands.on_the_way(source, target)
                        found.setdefault((shoulds, musts, action.when), (action.id, source, target))
    return found


def _in_order(needs: Needs) -> list[Need]:
    return sorted(needs, key=lambda need: (need.at, need.name))


def _advises(track: Track) -> bool:
    stages = (requirement for stage in track.stages for requirement in (*stage.to_enter, *stage.to_pass))
    actions = (requirement for action in track.actions for requirement in action.requires)
    return any(one.force is Force.SHOULD for found in (stages, actions, track.always) for one in found)


def _at_odds(should: Need, must: Need, when: Expression | None, *, facts: Mapping[str, Fact]) -> bool:
    """Whether both can apply to a deal, each can then be met, and never both."""
    whens = [one.tree for one in (when, should.when, must.when) if one is not None]
    if satisfiable(*whens, should.must.tree, must.must.tree, facts=facts) is not False:
        return False
    return all(satisfiable(*whens, need.must.tree, facts=facts) is True for need in (should, must))
