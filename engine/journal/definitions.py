"""Definitions to and from their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.journal.decoding import loads
from engine.model.entry import Definition, canonical_files
from engine.model.errors import BadValue, JournalError

_NAMED = re.compile(r"""^(process|version):[ \t]+["']?([\w.-]+)["']?[ \t]*(?:#.*)?$""", re.MULTILINE)


def definition_row(definition: Definition) -> tuple[Any, ...]:
    """A row of the table ``definitions``. Raises ``BadValue`` for text that is not Unicode."""
    files = canonical_files(definition.files)
    try:
        files.encode()
    except UnicodeEncodeError:
        raise BadValue(f"the definition of {definition.process}@{definition.version} is not Unicode") from None
    return (definition.digest, definition.process, definition.version, files)


def definition_of(row: Sequence[Any]) -> Definition:
    """The definition of a row. Raises ``JournalError`` for a row that was tampered with or damaged."""
    digest, process, version, files = row
    try:
        pairs = tuple((path, text) for path, text in loads(files))
    except (ValueError, TypeError, RecursionError) as error:
        raise JournalError(f"the definition {digest!r} cannot be read") from error
    texts = (digest, process, *(text for pair in pairs for text in pair))
    if type(version) is not int or not all(type(text) is str for text in texts):
        raise JournalError(f"the definition {digest!r} cannot be read")
    return Definition(process, version, digest, pairs)


def name_in_text(definition: Definition) -> str:
    """``process@version`` as the text says it; empty where it says it in a way that takes a YAML reader to see."""
    named = [dict(found) for _, text in definition.files if len(found := _NAMED.findall(text)) == 2]
    whole = [f"{each['process']}@{each['version']}" for each in named if each.keys() == {"process", "version"}]
    return whole[0] if len(whole) == 1 else ""
