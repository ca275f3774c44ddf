"""What the database itself refuses: changing entries, definitions and meta, payloads but to blank them, and doubles.

A change here needs a new migration that drops the triggers and makes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping

_REFUSED = "the journal is append-only"


def _sqlite(name: str, when: str, condition: str = "") -> tuple[str, str]:
    only = f" WHEN {condition}" if condition else ""
    return name, f"CREATE TRIGGER {name} BEFORE {when}{only} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"


_BLANKED_0001 = "NOT (NEW.id = OLD.id AND NEW.salt IS NULL AND NEW.body IS NULL)"
_BLANKED = "NOT (NEW.id = OLD.id AND NEW.salt IS NULL AND NEW.body IS NULL AND NEW.written_by IS NULL)"
# SQLite fires no trigger for a row that INSERT OR REPLACE deletes, so the insert itself is refused.
_SAME_ENTRY = (
    "EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)"
    " OR EXISTS (SELECT 1 FROM entries WHERE deal = NEW.deal AND sequence = NEW.sequence)"
    # In the words of the partial indexes, so that these answer.
    " OR (NEW.key != '' AND NEW.kind != 'refused' AND EXISTS"
    " (SELECT 1 FROM entries WHERE deal = NEW.deal AND key = NEW.key AND key != '' AND kind != 'refused'))"
    " OR (NEW.key != '' AND NEW.kind = 'started' AND EXISTS"
    " (SELECT 1 FROM entries WHERE key = NEW.key AND key != '' AND kind = 'started'))"
)
_SAME_PAYLOAD = "EXISTS (SELECT 1 FROM payloads WHERE id = NEW.id)"
# Where the key is a text, a row has a number too, which REPLACE may name.
_SAME_DEFINITION = "EXISTS (SELECT 1 FROM definitions WHERE digest = NEW.digest OR rowid = NEW.rowid)"
_SAME_META = "EXISTS (SELECT 1 FROM meta WHERE name = NEW.name OR rowid = NEW.rowid)"

SQLITE_0001: Mapping[str, str] = dict(
    (
        _sqlite("entries_unchanged", "UPDATE ON entries"),
        _sqlite("entries_kept", "DELETE ON entries"),
        _sqlite("entries_not_replaced", "INSERT ON entries", _SAME_ENTRY),
        _sqlite("payloads_unchanged", "UPDATE ON payloads", _BLANKED_0001),
        _sqlite("payloads_kept", "DELETE ON payloads"),
        _sqlite("payloads_not_replaced", "INSERT ON payloads", _SAME_PAYLOAD),
        _sqlite("definitions_unchanged", "UPDATE ON definitions"),
        _sqlite("definitions_kept", "DELETE ON definitions"),
        _sqlite("definitions_not_replaced", "INSERT ON definitions", _SAME_DEFINITION),
        _sqlite("meta_unchanged", "UPDATE ON meta"),
        _sqlite("meta_kept", "DELETE ON meta"),
        _sqlite("meta_not_replaced", "INSERT ON meta", _SAME_META),
    )
)
"""Name to text of each trigger on SQLite, as the first revision made them."""

SQLITE: Mapping[str, str] = {
    **SQLITE_0001,
    **dict((_sqlite("payloads_unchanged", "UPDATE ON payloads", _BLANKED),)),
}
"""The same at the present revision."""

_KEYED = "WHERE key != '' AND kind != 'refused'"
_STARTS = "WHERE key != '' AND kind = 'started'"
INDEXES: Mapping[str, str] = {
    "entries_sequence": "CREATE UNIQUE INDEX entries_sequence ON entries (deal, sequence)",
    "entries_key": f'CREATE UNIQUE INDEX entries_key ON entries (deal, "key") {_KEYED}',
    "entries_start_key": f'CREATE UNIQUE INDEX entries_start_key ON entries ("key") {_STARTS}',
}
"""Name to text of each index that the migrations make on SQLite: nothing is recorded twice."""


def _postgresql(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
        _unchanged(table, _BLANKED_0001 if table == "payloads" else ""),
    )


def _unchanged(table: str, condition: str) -> str:
    only = f" WHEN ({condition})" if condition else ""
    named = f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}"
    return f"{named} FOR EACH ROW{only} EXECUTE FUNCTION journal_refuse()"


POSTGRESQL_0001: tuple[str, ...] = (
    f"CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION '{_REFUSED}'; END$$",
    *_postgresql("entries"),
    *_postgresql("payloads"),
    *_postgresql("definitions"),
    *_postgresql("meta"),
)
"""The statements that make the triggers of the first revision on PostgreSQL."""

POSTGRESQL_0002: tuple[str, ...] = (
    "DROP TRIGGER payloads_unchanged ON payloads",
    _unchanged("payloads", _BLANKED),
    # Whatever a program says, the server writes down which of its users wrote.
    "CREATE FUNCTION journal_writer() RETURNS trigger LANGUAGE plpgsql AS"
    " $$BEGIN NEW.written_by := session_user; RETURN NEW; END$$",
    "CREATE TRIGGER payloads_written_by BEFORE INSERT ON payloads FOR EACH ROW EXECUTE FUNCTION journal_writer()",
)
"""Those that the second revision changes and adds."""
