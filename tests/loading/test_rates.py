"""Tables of rates as people save them, and what is wrong with others."""

from datetime import date
from decimal import Decimal

import pytest

from engine.loading.rates import load_rates
from engine.model.errors import UnreadableFile
from engine.model.rates import Rate


@pytest.fixture
def file(tmp_path):
    def written(text, encoding="utf-8"):
        path = tmp_path / "rates.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("currency,rate,from\nUSD,0.92,\nUSD,0.95,2026-03-01\n", "utf-8"),
        ("Currency,Rate,From\r\nusd,0.95,2026-03-01\r\n\r\nUSD , 0.92 ,\r\n", "utf-8-sig"),
        ("sep=;\ncurrency;rate;from\nUSD;0,92;\nUSD;0,95;01.03.2026\n", "cp1252"),
        ("from\trate\tcurrency\tsource\n\t0,92\tUSD\tbank\n2026-03-01\t0,95\tUSD\tbank\n", "utf-16"),
    ],
)
def test_rates_are_read_as_spreadsheets_save_them(file, text, encoding):
    rates, faults = load_rates(file(text, encoding))
    assert faults == ()
    assert rates is not None
    assert rates.of("USD") == (Rate("USD", Decimal("0.92")), Rate("USD", Decimal("0.95"), date(2026, 3, 1)))


def test_each_fault_is_told_with_its_row_and_how_to_mend_it(file):
    rows = (
        "USD,0,",
        "GBP,-1.5,",
        "JPY,,",
        "CHF,1 to 2,",
        'SEK,"0,09",',
        "Euro,1,",
        ",1,",
        "NOK,1,3/4/2026",
        "DKK,1,",
        "dkk,2,",
    )
    rates, faults = load_rates(file("\n".join(["currency,rate,from", *rows])))
    assert rates is None
    assert [(fault.at, fault.message) for fault in faults] == [
        ("row 2, rate", "a rate of 0 would make all amounts nothing, or debts"),
        ("row 3, rate", "a rate of -1.5 would make all amounts nothing, or debts"),
        ("row 4, rate", "no rate is given"),
        ("row 5, rate", "'1 to 2' is no number"),
        ("row 6, rate", "'0,09' is no number"),
        ("row 7, currency", "'Euro' is no currency"),
        ("row 8, currency", "no currency is named"),
        ("row 9, from", "'3/4/2026' is no day"),
        ("row 11, currency", "there is a rate of DKK without a day already, in row 10"),
    ]
    assert all(fault.hint for fault in faults)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column 'currency'"),
        ("currency,from\nUSD,2026-01-01\n", "no column 'rate'"),
        ("currency,rate\n", "holds no rate"),
        ("currency,rate\n,\n", "holds no rate"),
        ("PK\0\0", "is no text"),
    ],
)
def test_what_is_no_table_of_rates_is_refused(file, text, says):
    with pytest.raises(UnreadableFile, match=says) as error:
        load_rates(file(text))
    assert "currency,rate" in error.value.hint or "USD,0.92" in error.value.hint
