"""The JSON Schemas of the kinds of file, for editors and for our own shape check."""

from __future__ import annotations

from collections.abc import Mapping

from engine.loading.schema_map import MAP
from engine.loading.schema_parts import Schema
from engine.loading.schema_people import PEOPLE
from engine.loading.schema_process import PROCESS
from engine.loading.schema_releases import RELEASES
from engine.loading.schema_rules import RULE_SET
from engine.loading.schema_scenario import SCENARIO
from engine.model.errors import UnknownName
from engine.model.names import did_you_mean

_SCHEMAS: Mapping[str, Schema] = {
    "process": PROCESS,
    "ruleset": RULE_SET,
    "map": MAP,
    "people": PEOPLE,
    "releases": RELEASES,
    "scenario": SCENARIO,
}

KINDS = tuple(_SCHEMAS)


def schema(kind: str) -> Schema:
    """The draft-07 schema of a kind of file: one of ``KINDS``. Raises ``UnknownName``."""
    kind = "ruleset" if kind == "rule-set" else kind
    if kind not in _SCHEMAS:
        raise UnknownName(f"there is no schema '{kind}'", hint=did_you_mean(kind, KINDS))
    return _SCHEMAS[kind]
