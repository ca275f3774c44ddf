"""Each key that a file can have is on the page of that kind of file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.loading.schema import schema

from .pages import ROOT

PAGE_OF = {
    "process": "process-file.md",
    "ruleset": "rule-set-file.md",
    "map": "map-file.md",
    "people": "people-file.md",
    "releases": "released-file.md",
    "scenario": "scenario-file.md",
}


def keys(part: Any) -> Iterator[str]:
    """All keys that a schema knows, at any depth."""
    if isinstance(part, dict):
        properties = part.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for each in part.values():
            yield from keys(each)
    elif isinstance(part, list):
        for each in part:
            yield from keys(each)


@pytest.mark.parametrize("kind", PAGE_OF)
def test_each_key_of_the_schema_is_on_the_page(kind: str) -> None:
    words = set(re.findall(r"[\w-]+", (ROOT / "docs/reference" / PAGE_OF[kind]).read_text(encoding="utf-8")))
    assert set(keys(schema(kind))) - words == set()
