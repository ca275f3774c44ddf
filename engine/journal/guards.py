"""Whether the guards of a journal on PostgreSQL are there: triggers, and indexes that keep things from doubling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.journal.dialect import Rows
from engine.journal.triggers import INDEXES, POSTGRESQL_0001, POSTGRESQL_0002

_TRIGGERS = """
SELECT tgname::text, tgenabled IN ('O', 'A'), proname::text, prosrc FROM pg_trigger
JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('entries'))
AND relname IN ('entries', 'payloads', 'definitions', 'deals', 'meta') ORDER BY tgname
"""
_INDEXES = """
SELECT relname::text, indisunique AND indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = to_regclass('entries')
"""
_STATEMENTS = (*POSTGRESQL_0001, *POSTGRESQL_0002)
_MADE = re.compile(r"CREATE TRIGGER (\w+) .* EXECUTE FUNCTION (\w+)\(\)")
_FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\(\).*\$\$(.*)\$\$", re.DOTALL)


def guard_faults(rows: Rows) -> Iterator[str]:
    """Triggers that are gone, switched off or not the journal's; unique indexes that are gone or another."""
    made = {found[1]: found[2] for text in _STATEMENTS if (found := _MADE.match(text))}
    bodies = {found[1]: found[2] for text in _STATEMENTS if (found := _FUNCTION.match(text))}
    there = {name: rest for name, *rest in rows(_TRIGGERS)}
    yield from (f"the trigger '{name}', which guards what is recorded, is gone" for name in made if name not in there)
    for name, (is_on, function, body) in there.items():
        if made.get(name) != function or bodies.get(function) != body:
            yield f"it has a trigger '{name}' that is not the journal's"
        elif not is_on:
            yield f"the trigger '{name}', which guards what is recorded, is switched off"
    indexes: dict[str, bool] = dict(rows(_INDEXES))
    for name in INDEXES:
        if name not in indexes:
            yield f"the index '{name}', which keeps things from being recorded twice, is gone"
        elif not indexes[name]:
            yield f"the index '{name}', which keeps things from being recorded twice, is not the journal's"
