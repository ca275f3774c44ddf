"""A condition given beside a process, such as the one of ``--where``: read with the names that the process declares."""

from __future__ import annotations

from engine.conditions import parse
from engine.loading import deal_words
from engine.loading.metrics import of_the_mover
from engine.loading.schema_measures import DEAL_WORDS
from engine.model.errors import BadValue
from engine.model.expression import Expression
from engine.model.place import UNPLACED
from engine.model.process import Process
from engine.model.scope import Scope


def which_deals(text: str, process: Process) -> Expression | str:
    """One of the words for deals (``won``), or a condition. Raises ``BadValue`` where it is neither."""
    if text.strip() in DEAL_WORDS:
        return text.strip()
    read, problems = parse.read(text, scope_of(process))
    ends = {stage.id: stage.ends for stage in process.main.stages if stage.ends}
    problems = deal_words.meant(problems, text, origin=UNPLACED, ends=ends)
    if read is None:
        hint = problems[0].hint if problems else ""
        raise BadValue(f"'{text}': {'; '.join(each.message for each in problems)}", hint=hint)
    for word, _, hint in of_the_mover(read):
        raise BadValue(f"'{text}': '{word}' is known only while a deal moves", hint=hint)
    return read


def scope_of(process: Process) -> Scope:
    """The names that conditions of a process may use."""
    actions = [action for track in process.all_tracks() for action in track.actions]
    reasons = [reason for action in actions for reason in action.reasons]
    return Scope(
        facts={name: fact.type for name, fact in process.facts.items()},
        stages=tuple(stage.id for stage in process.main.stages),
        groups=process.groups,
        actions=tuple(dict.fromkeys(action.id for action in actions)),
        touchpoints=process.touchpoints,
        reasons=tuple(dict.fromkeys(reason.code for reason in reasons)),
        reason_groups=tuple(dict.fromkeys(reason.group for reason in reasons if reason.group)),
        roles=tuple(process.roles),
        tracks={track.id: tuple(stage.id for stage in track.stages) for track in process.tracks},
    )
