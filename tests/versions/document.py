"""A random process as the document of its file, with what ``worlds`` leaves out; and the process that it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import yaml
from hypothesis import strategies as st

from engine.loading.processes import from_definition
from engine.model.entry import Definition
from engine.model.errors import JournalError
from engine.model.process import Process
from tests.machine.worlds import processes
from tests.machine.written import text_of, told_alike

Doc = dict[str, Any]
T = TypeVar("T")
Pick = Callable[[Sequence[T]], T]
RULES = {
    "rules/house/1.yaml": """\
ruleset: house
version: 1
facts: {paid: {type: yes-no, default: false}}
reasons: {loss: {r1: Too expensive, r5: They went elsewhere}}
rules:
  has-paid: {must: paid, says: They have paid}
""",
    "rules/house/2.yaml": """\
ruleset: house
version: 2
reasons: {loss: {r1: Too expensive, r5: They went elsewhere}}
rules:
  has-paid: {must: paid and given(amount), says: They have paid}
facts: {amount: {type: money}, paid: {type: yes-no, default: false}}
""",
}
EXTRAS: Doc = {
    "title": "Selling",
    "because": "It had to begin somewhere.",
    "currency": "EUR",
    "uses": {"house": 1},
    "groups": {"early": ["s1", "s2"]},
    "clocks": {
        "slow": {"in": "early", "stays": "30d", "warn": "10d"},
        "stale": {"in": ["s3"], "idle": "60d", "when": "amount < 5000", "activity": ["due"]},
    },
    "metrics": {
        "win_rate": {"type": "ratio", "numerator": "won", "denominator": "closed", "by": "closed_at"},
        "first_call": {"type": "elapsed", "from": "started", "to": {"touchpoint": "call"}},
    },
}
MAY_BE_LEFT_OUT = ("asks", "requires", "approval", "always", "to_enter", "to_pass", "reasons", "by")
_EVERYTHING: Doc = yaml.safe_load(Path(__file__).with_name("everything.yaml").read_text(encoding="utf-8"))


def everything() -> Doc:
    """A process that has one of each thing that can change."""
    return deepcopy(_EVERYTHING)


def _document(spec: dict[str, Any]) -> Doc:
    found: Doc = yaml.safe_load(text_of(told_alike(spec)))
    for requirement in (each for holder in holders(found) for each in holder):
        # Else each change of a condition would be one of its words too.
        requirement["says"] = "It is as it should be"
    found["facts"]["spare"] = {"type": "text"}
    return {**deepcopy(EXTRAS), **found}


documents: st.SearchStrategy[Doc] = processes.map(_document)


def holders(doc: Doc) -> list[list[Any]]:
    """All lists of requirements that there are."""
    places = [(doc, "always")]
    places += [(stage, key) for stage in doc["stages"].values() for key in ("to_enter", "to_pass")]
    for track in doc.get("tracks", {}).values():
        places.append((track, "always"))
    places += [(action, "requires") for _, action in all_actions(doc)]
    return [place[key] for place, key in places if place and place.get(key)]


def all_actions(doc: Doc) -> list[tuple[str, Doc]]:
    """The actions of all tracks by name, variants one by one."""
    return main_actions(doc) + [one for track in doc.get("tracks", {}).values() for one in main_actions(track)]


def main_actions(track: Doc) -> list[tuple[str, Doc]]:
    """The actions of one track by name, variants one by one."""
    return [
        (name, each) for name, one in track["actions"].items() for each in (one if isinstance(one, list) else [one])
    ]


def text(doc: Doc) -> str:
    """The file that says what the document does."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    written: str = yaml.dump(_filled(doc), Dumper=dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return written


def _filled(part: Any) -> Any:
    """Without what a change left empty: a file does not say it."""
    if isinstance(part, list):
        return [_filled(each) for each in part]
    if isinstance(part, dict):
        return {key: _filled(each) for key, each in part.items() if each not in ([], {}) or key not in MAY_BE_LEFT_OUT}
    return part


def load(written: str, version: int = 1) -> Process | None:
    """The process that a file says; ``None`` where it has errors."""
    definition = Definition("selling", version, "", ((f"processes/selling/{version}.yaml", written), *RULES.items()))
    try:
        return from_definition(definition)
    except JournalError:
        return None


def why_not(written: str) -> str:
    """What keeps a file from being a process."""
    try:
        from_definition(Definition("selling", 1, "", (("processes/selling/1.yaml", written), *RULES.items())))
    except JournalError as error:
        return str(error)
    return ""
