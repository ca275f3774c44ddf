"""A random process as a file: what ``building`` makes a process of, written as people would write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

Spec = Mapping[str, Any]


def told_alike(spec: Spec) -> dict[str, Any]:
    """The spec in words that a file may use too: no id that is a word of the language, nothing empty."""
    tracks = {
        name: {**track, "stages": {_id(s): one for s, one in track["stages"].items()}}
        for name, track in spec["tracks"].items()
    }
    for track in tracks.values():
        track["actions"] = _actions(track["actions"], {"open": "unsigned"})
    return {**spec, "actions": _actions(spec["actions"], {}), "tracks": tracks, "override": spec["override"] or None}


def text_of(spec: Spec) -> str:
    """The process file that says what the spec says."""
    document: dict[str, Any] = {"process": "selling", "version": 1}
    document |= {key: spec[key] for key in ("time_zone", "touchpoints") if key in spec}
    document["roles"] = {role: list(included) for role, included in spec["roles"].items()}
    if spec["override"] is not None:
        document["override"] = {"by": spec["override"]}
    document["facts"] = {name: _fact(one) for name, one in spec["facts"].items()}
    document["stages"] = {name: _stage(one) for name, one in spec["stages"].items()}
    document["actions"] = {name: _written(one) for name, one in spec["actions"].items()}
    document["always"] = _requirements(spec["always"])
    document["tracks"] = {
        name: {
            "stages": track["stages"],
            "actions": {each: _written(one) for each, one in track["actions"].items()},
            "always": _requirements(track.get("always", [])),
        }
        for name, track in spec["tracks"].items()
    }
    filled = {key: value for key, value in document.items() if value not in ([], None)}
    return yaml.safe_dump(filled, sort_keys=False, allow_unicode=True, width=10_000)


def _id(stage: str) -> str:
    return "unsigned" if stage == "open" else stage


def _actions(actions: Spec, renamed: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: _action(one, renamed) if isinstance(one, dict) else [_action(each, renamed) for each in one]
        for name, one in (
            (name, one[0] if isinstance(one, list) and len(one) == 1 else one) for name, one in actions.items()
        )
    }


def _action(spec: Spec, renamed: Mapping[str, str]) -> dict[str, Any]:
    """Nobody in ``by`` is nobody named; an approval says who gives it, as a file does that leaves it out."""
    found = {**spec, "from": renamed.get(str(spec["from"]), spec["from"])}
    if "approval" in found:
        found["approval"] = [{"says": f"approved by {each['by']}", **each} for each in found["approval"]]
    return {key: value for key, value in found.items() if value not in ([], {})}


def _fact(spec: Any) -> dict[str, Any]:
    if isinstance(spec, str):
        return {"type": spec}
    found = {"type": "choice", **spec} if "of" in spec else dict(spec)
    return {**found, "table": {"hit": "first", **spec["table"]}} if "table" in spec else found


def _stage(spec: Spec) -> dict[str, Any]:
    found = dict(spec)
    if "probability" in found:
        found["probability"] = f"{100 * float(found['probability']):g}%"
    for key in ("to_pass", "to_enter"):
        if key in found:
            found[key] = _requirements(found[key])
    return {key: value for key, value in found.items() if value not in ([], {})}


def _written(spec: Any) -> Any:
    if isinstance(spec, list):
        return [_written(each) for each in spec]
    found = dict(spec)
    if "requires" in found:
        found["requires"] = _requirements(found["requires"])
    if "reasons" in found:
        parted = [one.rpartition("/") for one in found["reasons"]]
        found["reasons"] = {code: {"title": code, "group": group} if group else code for group, _, code in parted}
    return found


def _requirements(specs: Any) -> list[dict[str, Any]]:
    return [{**each, "says": each.get("must", each.get("should"))} for each in specs]
