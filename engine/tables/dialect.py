"""The few words in which SQL engines differ, as DuckDB says them: arguments and answers are SQL text.

Only names of columns and numbers that the program itself made go in; values from outside are parameters.
"""

from __future__ import annotations

_MICROSECONDS_A_DAY = "86400000000.0"


def name(column: str) -> str:
    """A column by its name, whatever signs are in it: ``"next step"``."""
    return '"' + column.replace('"', '""') + '"'


def quantile(expression: str, share: float) -> str:
    """An aggregate: the value below which that share lies, between neighbours on a straight line."""
    return f"quantile_cont({expression}, {float(share)!r})"


def days_between(earlier: str, later: str) -> str:
    """From a time to a time, in days with a fraction; null where one is."""
    return f"((epoch_us({later}) - epoch_us({earlier})) / {_MICROSECONDS_A_DAY})"


def days_of(duration: str) -> str:
    """A duration in days with a fraction."""
    return f"(epoch_us({duration}) / {_MICROSECONDS_A_DAY})"


def epoch_days(time: str) -> str:
    """A time as days with a fraction since 1970, for arithmetic on arrays."""
    return f"(epoch_us({time}) / {_MICROSECONDS_A_DAY})"


def plus_days(time: str, days: str) -> str:
    """The time so many days later; fractions of a microsecond are left out."""
    return f"({time} + to_microseconds(CAST({days} * {_MICROSECONDS_A_DAY} AS BIGINT)))"


def week(time: str) -> str:
    """The Monday of its week, as a date."""
    return _first_day("week", time)


def month(time: str) -> str:
    """The first day of its month, as a date."""
    return _first_day("month", time)


def quarter(time: str) -> str:
    """The first day of its quarter, as a date."""
    return _first_day("quarter", time)


def year(time: str) -> str:
    """The first day of its year, as a date."""
    return _first_day("year", time)


def _first_day(of: str, time: str) -> str:
    return f"CAST(date_trunc('{of}', {time}) AS DATE)"


def listed(expression: str, *, order: str) -> str:
    """An aggregate: the values of a group as a list, in order."""
    return f"list({expression} ORDER BY {order})"


def unfolded(values: str) -> str:
    """Among the columns of a SELECT: one row for each item of a list."""
    return f"unnest({values})"


def at_smallest(expression: str, *, by: str) -> str:
    """An aggregate: the value where ``by`` is smallest, of the rows where neither is null."""
    return f"arg_min({expression}, {by})"


def at_largest(expression: str, *, by: str) -> str:
    """An aggregate: the value where ``by`` is largest, of the rows where neither is null."""
    return f"arg_max({expression}, {by})"


def sample(key: str, *, rows: int, seed: int) -> str:
    """The end of a SELECT: so many of its rows, the same ones wherever and however often it runs."""
    # By what the key hashes to: an engine's own sample depends on its threads.
    return f"ORDER BY md5(CAST({key} AS VARCHAR) || ':{int(seed)}'), {key} LIMIT {int(rows)}"


def in_documents(document: str, *paths: str) -> str:
    """What stands at these paths of a JSON document, as a list of texts; null where nothing does."""
    return f"json_extract_string({document}, [{', '.join(map(_quoted, paths))}])"


def throughout_document(document: str, path: str) -> str:
    """All that stands at a path with stars in it, as a list of texts; empty where nothing does."""
    return f"json_extract_string({document}, {_quoted(path)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
