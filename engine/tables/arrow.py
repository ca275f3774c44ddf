"""Tables of Arrow that another program made, to the five: held to their columns and types, what is missing named."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from engine.model.errors import BadValue
from engine.model.names import did_you_mean
from engine.model.syntax import Type
from engine.tables import schema
from engine.tables.build import Tables

_MAY_LACK = frozenset({"touches", "facts", "verdicts"})


def of_arrow(tables: Mapping[str, pa.Table], facts: Mapping[str, Type]) -> Tables:
    """The five tables. ``facts`` are the types of the facts that ``deals`` has columns for.

    ``touches``, ``facts`` and ``verdicts`` may be missing. Times with a zone are turned to UTC; other columns than
    those of the schema are left out. Raises ``BadValue`` for a table or column that is missing or of another type.
    """
    for name in tables:
        if name not in schema.NAMES:
            raise BadValue(f"there is no table '{name}'", hint=did_you_mean(name, schema.NAMES))
    forms = {
        "deals": schema.deals(facts),
        "moves": schema.MOVES,
        "touches": schema.TOUCHES,
        "facts": schema.FACTS,
        "verdicts": schema.VERDICTS,
    }
    return Tables(**{name: _held(tables.get(name), name, form) for name, form in forms.items()})


def _held(table: pa.Table | None, name: str, form: pa.Schema) -> pa.Table:
    if table is None:
        if name in _MAY_LACK:
            return form.empty_table()
        raise BadValue(f"the table '{name}' is missing", hint="deals and moves must be there")
    missing = [field.name for field in form if field.name not in table.column_names]
    if missing:
        hint = did_you_mean(missing[0], table.column_names)
        raise BadValue(f"the table '{name}' lacks the column '{missing[0]}'", hint=hint)
    return pa.table([_cast(table.column(field.name), name, field) for field in form], schema=form)


def _cast(column: pa.ChunkedArray, table: str, field: pa.Field) -> pa.ChunkedArray:
    try:
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        message = f"'{field.name}' of the table '{table}' is {column.type}, and should be {field.type}"
        raise BadValue(message) from None
