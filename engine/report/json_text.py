"""Values as JSON text: exact numbers, and no character that a terminal would obey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engine.model.values import duration_text, plain_number
from engine.report.escape import json_string

_Scalar = bool | int | str | Decimal | date | datetime | timedelta | None
Data = _Scalar | Sequence["Data"] | Mapping[str, "Data"]


def document(kind: str, parts: Mapping[str, Data]) -> str:
    """A whole JSON document of a kind, with its schema's name first and a line end last."""
    return dumps({"schema": f"stagewright/{kind}/1", **parts}) + "\n"


def dumps(data: Data, *, indent: str = "") -> str:
    """JSON of ``data``. Decimals are exact numbers, times UTC, durations as conditions write them (``30d``)."""
    if isinstance(data, Mapping):
        return _block("{}", [f"{_quoted(key)}: {dumps(data[key], indent=indent + '  ')}" for key in data], indent)
    if isinstance(data, Sequence) and not isinstance(data, str):
        return _block("[]", [dumps(item, indent=indent + "  ") for item in data], indent)
    return _scalar(data)


def _block(brackets: str, items: list[str], indent: str) -> str:
    if not items:
        return brackets
    inner = f",\n{indent}  ".join(items)
    return f"{brackets[0]}\n{indent}  {inner}\n{indent}{brackets[1]}"


def _scalar(data: _Scalar) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int):
        return str(data)
    if isinstance(data, Decimal):
        return plain_number(data)
    return _quoted(data if isinstance(data, str) else plain(data))


def plain(value: date | datetime | timedelta) -> str:
    """A day, a moment (UTC) or a duration as text that programs read."""
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat()


def _quoted(text: str) -> str:
    return f'"{json_string(text)}"'
