"""Money of several currencies: refused, or made one to the cent."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.asked import Asked
from engine.analysis.currencies import in_one_currency
from engine.analysis.journeys import journeys
from engine.analysis.measure.asked import Asked as Measured
from engine.analysis.measure.measure import measure
from engine.history.entries import fact_types, tables_of
from engine.model.errors import BadValue
from engine.model.rates import Rate, Rates
from engine.model.rule import Fact
from engine.model.syntax import MONEY, NUMBER, TEXT, Kind, Type
from tests.analysis.measure.lives import LAST, SELLING, Life, Tried, entries

FACTS = {
    "amount": Fact("amount", MONEY),
    "currency": Fact("currency", TEXT),
    "setup": Fact("setup", MONEY),
    "seats": Fact("seats", NUMBER),
}
PROCESS = replace(SELLING, currency="EUR", facts=FACTS)


def life(name, amount=None, currency=None, *, tries=(), day=0, version=1, **facts):
    given_facts = {"amount": amount, "currency": currency, **facts}
    known = {
        key: Decimal(value) if isinstance(value, int) else value
        for key, value in given_facts.items()
        if value is not None
    }
    return Life(name, tries, day, known, version)


def told(*lives, process=PROCESS):
    tables = tables_of((entry for each in lives for entry in entries(each)), fact_types([process]))
    return journeys(tables, process, asked=Asked(as_of=LAST, every_version=True))


def rates(*each):
    return Rates(tuple(Rate(*rate) for rate in each), "rates.csv")


def amounts(found, name="amount"):
    return found.told.tables.deals.column(name).to_pylist()


def refused(*lives, process=PROCESS, **given_rates):
    with pytest.raises(BadValue) as error:
        in_one_currency(told(*lives, process=process), **given_rates)
    return str(error.value), error.value.hint


def test_amounts_of_one_currency_are_told_in_that_whatever_the_process_reckons_in():
    found = in_one_currency(told(life("a", 10, "usd"), life("b", 20, " USD "), life("c", None, "EUR")))
    assert (found.told.process.currency, amounts(found), found.notes) == ("USD", [10, 20, None], ())


def test_two_currencies_are_refused_with_how_many_deals_are_in_each():
    message, hint = refused(life("a", 10, "USD"), life("b", 20), life("c", 5, "USD"))
    assert message == "money of several currencies cannot be added up: 1 deal in EUR, 2 deals in USD"
    assert "--rates FILE" in hint


def test_a_deal_of_another_version_is_in_the_currency_of_that_version():
    deals = (life("a", 10), life("b", 20, version=2), life("c", 1, "EUR", version=2))
    message, _ = refused(*deals, currencies={1: "EUR", 2: "USD"})
    assert message.endswith("2 deals in EUR, 1 deal in USD")
    found = in_one_currency(told(*deals), currencies={1: "EUR", 2: "USD"}, rates=rates(("USD", Decimal("0.5"))))
    assert amounts(found) == [10, 10, 1]


def test_a_choice_names_a_currency_too_and_a_number_does_not():
    choice = replace(PROCESS, facts={**FACTS, "currency": Fact("currency", Type(Kind.CHOICE, ("usd", "eur")))})
    assert refused(life("a", 1, "usd"), life("b", 1, "eur"), process=choice)
    number = replace(PROCESS, facts={**FACTS, "currency": Fact("currency", NUMBER)})
    assert in_one_currency(told(life("a", 1, 840), life("b", 1, 978), process=number)).told.process.currency == "EUR"


def test_the_rate_is_that_of_the_day_of_the_close_else_of_the_start_else_the_last():
    table = rates(("USD", Decimal(2), date(2026, 1, 1)), ("USD", Decimal(3), date(2026, 2, 1)))
    closed = life("a", 10, "USD", tries=(Tried("sign", 40, "won"),))
    still = life("b", 10, "USD", day=5)
    undated = life("c", 10, "USD", tries=(Tried("sign", None, "won"),), day=5)
    assert amounts(in_one_currency(told(closed, still, undated), rates=table)) == [30, 20, 20]


def test_the_day_is_that_where_the_process_is_at_home():
    """The deal starts at midnight in UTC on 1 January, which in New York is still the last day of the year before."""
    table = rates(("USD", Decimal(2), date(2025, 1, 1)), ("USD", Decimal(3), date(2026, 1, 1)))
    assert amounts(in_one_currency(told(life("a", 10, "USD")), rates=table)) == [30]
    new_york = replace(PROCESS, time_zone="America/New_York")
    assert amounts(in_one_currency(told(life("a", 10, "USD"), process=new_york), rates=table)) == [20]


def test_every_fact_of_money_is_converted_and_no_other_also_where_it_became_known():
    deal = life("a", 10, "USD", setup=Decimal("7.1"), seats=Decimal(4))
    found = in_one_currency(told(deal, life("b", 10, setup=Decimal("7.123"))), rates=rates(("USD", Decimal("1.5"))))
    assert amounts(found, "setup") == [Decimal("10.65"), Decimal("7.123")]
    assert amounts(found, "seats") == [4, None]
    facts = found.told.tables.facts.select(["deal", "fact", "value"]).to_pylist()
    assert {(each["deal"], each["fact"]): each["value"] for each in facts} == {
        ("a", "amount"): "15",
        ("a", "currency"): "USD",
        ("a", "setup"): "10.65",
        ("a", "seats"): "4",
        ("b", "amount"): "10",
        ("b", "setup"): "7.123",
    }


AMOUNT = st.decimals(-(10**17), 10**17, places=9)
WORTH = st.decimals("0.000001", 1000, places=9)


@given(st.lists(st.tuples(AMOUNT, WORTH), min_size=1, max_size=4))
def test_a_product_is_exact_and_rounded_to_cents_once(pairs):
    names = ("AAA", "BBB", "CCC", "DDD")
    lives = [life(name, amount, name) for name, (amount, _) in zip(names, pairs, strict=False)]
    table = rates(*((name, worth) for name, (_, worth) in zip(names, pairs, strict=False)))
    found = amounts(in_one_currency(told(*lives), rates=table))

    with localcontext(prec=60):
        assert found == [(a * w).quantize(Decimal("0.01"), ROUND_HALF_EVEN) for a, w in pairs]


@pytest.mark.parametrize(
    ("given_rates", "says"),
    [
        ((("GBP", Decimal(1)),), "'rates.csv' has no rate of USD, which 1 deal is in"),
        ((("USD", Decimal(1), date(2026, 3, 1)),), "no rate of USD on 2026-01-01: the first is from 2026-03-01"),
        ((("USD", Decimal(1)), ("EUR", Decimal("1.1"))), "says that 1 EUR is 1.1 EUR"),
    ],
)
def test_rates_that_do_not_do_are_refused_with_what_is_missing(given_rates, says):
    message, hint = refused(life("a", 10, "USD"), life("b", 20), rates=rates(*given_rates))
    assert says in message
    assert hint


def test_nothing_can_be_converted_into_a_currency_that_nobody_names():
    nameless = replace(PROCESS, currency="")
    assert "a currency that nobody names" in refused(life("a", 10, "USD"), life("b", 1), process=nameless)[0]
    given_rates = {"rates": rates(("USD", Decimal(2)))}
    message, hint = refused(life("a", 10, "USD"), life("b", 1), process=nameless, **given_rates)
    assert "names no currency to convert into" in message
    assert "currency: EUR" in hint


def test_a_product_too_large_for_a_table_is_refused():
    message, _ = refused(life("a", Decimal(10) ** 17, "USD"), rates=rates(("USD", Decimal(10) ** 15)))
    assert "too large" in message


def test_a_measure_says_what_was_converted_and_reckons_in_the_currency_of_the_process():
    deals = (life("a", 10, "USD", tries=(Tried("sign", 1, "won"),)), life("b", 20, tries=(Tried("sign", 1, "won"),)))
    tables = tables_of((entry for each in deals for entry in entries(each)), fact_types([PROCESS]))
    study = measure(tables, PROCESS, asked=Measured(as_of=LAST, rates=rates(("USD", Decimal("0.5")))))
    (won, *_) = next(each for each in study.sections if each.id == "outcomes").rows
    assert (study.currency, won[3]) == ("EUR", 25)
    assert study.notes[-1] == (
        "All money is in EUR, reckoned by rates.csv on the day of the close, else of the start: 1 deal in EUR, "
        "1 deal in USD."
    )
