"""The words in which SQL engines differ: what they mean, and that they stand in one place."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.tables import dialect
from engine.tables.build import GrowingTables
from engine.tables.open import opened

ENGINE = Path(__file__).parents[2] / "engine"
HOME = ENGINE / "tables" / "dialect.py"
# The journal speaks to other databases, in words of its own.
ELSEWHERE = ENGINE / "journal"
FUNCTIONS = (
    "quantile_cont quantile_disc approx_quantile median epoch epoch_us epoch_ms epoch_ns date_trunc datetrunc date_diff"
    " datediff date_sub date_part datepart to_microseconds to_seconds to_days strftime strptime list array_agg"
    " list_\\w+ string_agg group_concat listagg arg_min arg_max arg_min_null arg_max_null min_by max_by first last"
    " any_value unnest struct_pack md5 hash json_\\w+ read_\\w+ regexp_\\w+"
).replace(" ", "|")
WORDS = re.compile(
    rf"\b(?:{FUNCTIONS})\s*\(|\bUSING\s+SAMPLE\b|\bTABLESAMPLE\b|\bDISTINCT\s+ON\b|\bQUALIFY\b|\bASOF\b|\bPIVOT\b",
    re.IGNORECASE,
)
SQL = re.compile(r"\b(SELECT|FROM|ORDER BY|GROUP BY|WHERE|OVER|PARTITION BY)\b")


def texts(source: str) -> Iterator[str]:
    """The texts of a module, but for those that explain it: each whole, with a question mark where values go in."""
    tree = ast.parse(source)
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (inner | told):
            yield node.value


def foreign_words(source: str) -> list[str]:
    """The words of one engine in the SQL of a module."""
    return [found[0] for text in texts(source) if SQL.search(text) for found in WORDS.finditer(text)]


def modules() -> list[Path]:
    return [each for each in sorted(ENGINE.rglob("*.py")) if each != HOME and ELSEWHERE not in each.parents]


def test_no_module_but_the_dialect_says_words_of_one_engine():
    found = {str(path.relative_to(ENGINE)): foreign_words(path.read_text()) for path in modules()}
    assert {path: words for path, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('asked("SELECT quantile_cont(dwell_days, 0.5) FROM moves")', ["quantile_cont("]),
        ('x = f"SELECT {a}, list({b} ORDER BY {c}) FROM moves"', ["list("]),
        ('x = "SELECT * FROM deals USING SAMPLE 10"', ["USING SAMPLE"]),
        ('x = list("SELECT deal FROM deals")', []),
        ('"""Docs: SELECT median(x) FROM moves."""', []),
        ('x = f"SELECT {quantile(a, 0.5)} FROM moves"', []),
    ],
)
def test_words_of_one_engine_are_found_in_texts_alone(source, words):
    assert foreign_words(source) == words


NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)


def answer(expression: str, table: str = "deals"):
    growing = GrowingTables({})
    for number, days in enumerate([0, 1, 2, 10]):
        started = NOON + timedelta(days=days)
        row = (f"D{number}", "sale", 1, started, started + timedelta(hours=36), "won", "won", "", None)
        growing.deals.add(row)
    with opened(growing.whole()) as tables:
        return [row[0] for row in tables.rows(f"SELECT {expression} FROM {table}")]


FIRST = "(SELECT * FROM deals WHERE deal = 'D0')"


def test_a_quantile_lies_between_its_neighbours():
    days = dialect.days_between("TIMESTAMP '2026-05-13 12:00'", "started_at")
    assert answer(dialect.quantile(days, 0.5)) == [1.5]


def test_days_between_times_have_a_fraction():
    assert answer(dialect.days_between("started_at", "closed_at")) == [1.5] * 4
    assert answer(dialect.days_between("started_at", "NULL::TIMESTAMP"), FIRST) == [None]


def test_a_duration_is_told_in_days():
    assert answer(dialect.days_of("closed_at - started_at"), FIRST) == [1.5]


def test_times_are_days_since_1970():
    assert answer(dialect.epoch_days("started_at"), FIRST) == [NOON.timestamp() / 86400]


def test_days_are_added_to_a_time():
    assert answer(dialect.plus_days("started_at", "0.5"), FIRST) == [datetime(2026, 5, 14)]  # noqa: DTZ001 - tables tell UTC without a zone


def test_times_are_told_by_the_first_day_of_their_period():
    periods = (dialect.week, dialect.month, dialect.quarter, dialect.year)
    found = [answer(period("started_at"), FIRST)[0] for period in periods]
    assert found == [date(2026, 5, 11), date(2026, 5, 1), date(2026, 4, 1), date(2026, 1, 1)]


def test_a_list_is_in_order_and_unfolds_to_rows():
    in_order = dialect.listed("deal", order="started_at DESC")
    assert answer(in_order) == [["D3", "D2", "D1", "D0"]]
    assert answer(dialect.unfolded("x"), f"(SELECT {in_order} AS x FROM deals)") == ["D3", "D2", "D1", "D0"]


def test_a_value_is_found_where_another_is_smallest_or_largest():
    assert answer(dialect.at_smallest("deal", by="started_at")) == ["D0"]
    assert answer(dialect.at_largest("deal", by="started_at")) == ["D3"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sample_is_drawn_by_what_a_seed_makes_of_each_key(seed):
    by_hash = sorted(["D0", "D1", "D2", "D3"], key=lambda deal: hashlib.md5(f"{deal}:{seed}".encode()).hexdigest())
    assert answer("deal", f"deals {dialect.sample('deal', rows=2, seed=seed)}") == by_hash[:2]


def test_a_column_may_be_called_anything():
    column = dialect.name('say "hi"')
    assert answer(column, f"(SELECT 1 AS {column})") == [1]
