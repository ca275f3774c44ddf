"""Which keys of a map go together: with its shape, and with or without a process."""

from __future__ import annotations

from engine.loading import codes, written
from engine.loading.loaded import Findings
from engine.loading.nodes import Keyed
from engine.model.map import Shape

_OF_SHAPE = {
    "entered": (Shape.DEALS,),
    "happened": (Shape.MOVES, Shape.EVENTS, Shape.CHANGES),
    "touchpoints": (Shape.EVENTS,),
    "leave_out": (Shape.EVENTS,),
    "property": (Shape.CHANGES,),
    "value": (Shape.CHANGES,),
    "before": (Shape.CHANGES,),
    "created": (Shape.CHANGES,),
    "outcome": (Shape.CHANGES,),
    "truncated_at": (Shape.CHANGES,),
}
_OTHER = {"entered": "happened", "happened": "entered"}


def check_keys(root: Keyed, shape: Shape, found: Findings) -> None:
    """Tells keys that do not go with the shape, and those that the shape or the process cannot do without."""
    for key, shapes in _OF_SHAPE.items():
        if key in root.entries and shape not in shapes:
            message = f"'{key}' does not go with the shape {shape.value}"
            instead = _OTHER.get(key, "")
            hint = f"write '{instead}'" if instead else f"it belongs to the shape {shapes[0].value}"
            found.error(codes.EXCLUDES, root.at_key(key), message, hint)
    if shape is Shape.CHANGES:
        for key in ("property", "value"):
            if key not in root.entries:
                found.error(codes.MISSING_KEY, root.at, f"the shape changes needs '{key}'", f"add {key}: COLUMN")
        for _, column in written.pairs(root.get("facts")):
            known = written.get(column, "known")
            if known is not None:
                message = "'known' does not go with the shape changes: a fact is known from its change on"
                found.error(codes.EXCLUDES, known.at, message, "leave out 'known'")
    _check_process(root, found)
    _check_ends(root, found)


def _check_process(root: Keyed, found: Findings) -> None:
    if "process" not in root.entries:
        return
    if "stages" not in root.entries:
        hint = "add stages: {Name in the export: stage of the process}"
        found.error(codes.MISSING_KEY, root.at, "a map to a process needs 'stages'", hint)


def _check_ends(root: Keyed, found: Findings) -> None:
    known = {written.raw(value) for _, value in written.pairs(root.get("stages"))}
    for key, _ in written.pairs(root.get("ends")):
        if known and key.value not in known:
            message = f"'{key.value}' is an end, and no stage of this map"
            found.error(
                codes.UNKNOWN_STAGE,
                key.at,
                message,
                f"add it to 'stages', or correct it: {', '.join(sorted(known)[:10])}",
            )
