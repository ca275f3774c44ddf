"""What charts draw of rows: as long as their figures, nothing of what is missing, and they say what is left out."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.study import Chart, Estimate, Heading, Mark, Section, Study, Unit
from engine.report.charts.chart import figure_html
from engine.report.study_page import LARGEST, page
from tests.report.charts.made import DWELL, HARD, MONTHS, REASONS, REPORT, TREND, bars
from tests.report.golden import golden
from tests.report.hostile import HOSTILE, spoiled


def drawn(section: Section, *, at: int = 0, rows: int = 30, pictures: int = 12) -> str:
    return "\n".join(
        line
        for line in figure_html(section.charts[at], section, "c", rows=rows, pictures=pictures, currency="EUR")
        if line
    )


def figure(section: Section, *, at: int = 0, rows: int = 30, pictures: int = 12) -> ET.Element:
    return ET.fromstring(drawn(section, at=at, rows=rows, pictures=pictures))


def fields(of: ET.Element) -> list[ET.Element]:
    return [each for each in of.iter("svg") if each.get("class") == "field"]


def widths(of: ET.Element) -> list[float]:
    return [float(str(each.get("width")).removesuffix("%")) for each in of.iter("rect")]


def remarks(of: ET.Element) -> str:
    return next((str(each.text) for each in of.iter("p") if each.get("class") == "remarks"), "")


def texts(of: ET.Element, kind: str) -> list[str]:
    return ["".join(each.itertext()) for each in of.iter() if each.get("class") == kind]


def test_a_figure_of_each_kind() -> None:
    parts = [drawn(section, at=at) for section in REPORT.sections for at in range(len(section.charts))]
    golden("charts.html", "\n".join([*parts, *map(drawn, HARD.sections[:4])]) + "\n")


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any))
def test_bars_are_as_long_as_their_figures(values: list[int]) -> None:
    found = widths(figure(bars(*((f"row {at}", each) for at, each in enumerate(values)), unit=Unit.COUNT)))[1:]
    scale = max(found) / max(values)

    assert found == pytest.approx([each * scale for each in values], abs=0.011)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=5))
def test_parts_that_lie_on_each_other_add_up_to_the_sum_beside_them(rows: list[tuple[int, int, int]]) -> None:
    found = figure(bars(*((f"row {at}", *row) for at, row in enumerate(rows)), mark=Mark.STACK))
    lengths = [sum(widths(field)) for field in fields(found)]
    sizes = [sum(map(abs, row)) for row in rows]
    scale = max(lengths) / max(max(sizes), 1)

    assert lengths == pytest.approx([size * scale for size in sizes], abs=0.04)
    assert [float(each) for each in texts(found, "beside")] == [sum(row) for row in rows]


def test_a_part_that_is_nothing_everywhere_is_not_told_of() -> None:
    found = figure(bars(("a", 7, 0), ("b", 1, 0), mark=Mark.STACK))

    assert texts(found, "keys") == ["Series s0"]
    assert texts(figure(bars(("a", 0, 0), mark=Mark.STACK)), "keys") == ["Series s0Series s1"]


def test_shares_that_are_all_of_it_end_at_a_hundred_percent() -> None:
    found = figure(bars(("a", 0.7, 0.1, 0.2), ("b", 0.1, 0.7, 0.2), mark=Mark.STACK, unit=Unit.SHARE))

    assert texts(found, "beside") == ["100.0 %", "100.0 %"]
    assert texts(found, "foot")[0].endswith("80 %100 %")


def test_what_is_missing_is_not_drawn_and_nothing_is_drawn_as_nothing() -> None:
    found = figure(bars(("a", 4.0), ("b", None), ("c", 0.0), ("d", float("nan"))))

    assert [len(list(field.iter("rect"))) for field in fields(found)] == [1, 0, 1, 0]
    assert widths(fields(found)[2]) == [0.0]
    assert texts(found, "beside") == ["4", "-", "0", "-"]


def test_a_line_has_a_gap_where_a_period_is_missing_and_a_point_where_it_stands_alone() -> None:
    rows = tuple((f"2026-{at:02}", None if at in (2, 5) else float(at)) for at in range(1, 8))
    found = figure(bars(*rows, mark=Mark.LINES))
    path = next(str(each.get("d")) for svg in found.iter("svg") if svg.get("preserveAspectRatio") for each in svg)

    assert [stretch.count("L") + 1 for stretch in path.split("M")[1:]] == [2, 2]
    assert len([each for each in found.iter("svg") if each.get("class") == "point one"]) == 5 + 1


def test_what_was_not_reached_is_an_arrow_as_far_as_it_was_seen() -> None:
    found = figure(DWELL)
    proposal = fields(found)[3]
    hollow = next(each for each in proposal.iter("svg") if each.get("class") == "point two hollow")
    tip = next(each for each in proposal.iter("svg") if each.get("class") == "tip two")

    assert hollow.get("x") == tip.get("x") == "96.00%"
    assert texts(found, "beside")[3] == "21.0> 120.0"
    assert "An arrow: not reached within the follow-up." in remarks(found)


def test_an_interval_that_leaves_the_axis_ends_in_an_arrow() -> None:
    negotiation = fields(figure(DWELL))[4]
    caps = [each for each in negotiation.iter("line") if each.get("y1") != each.get("y2") and each.get("y1")]

    assert [each.get("class") for each in negotiation.iter("svg")][1:] == ["tip one", "point one"]
    assert len(caps) == 1


def test_of_many_rows_the_largest_are_drawn_in_their_order_and_that_is_said() -> None:
    found = figure(bars(*((f"row {at}", at * 37 % 211) for at in range(200)), unit=Unit.COUNT))
    values = [int(each) for each in texts(found, "beside")]
    names = [int(each.removeprefix("row ")) for each in texts(found, "label")]

    assert sorted(values, reverse=True) == sorted((at * 37 % 211 for at in range(200)), reverse=True)[:30]
    assert names == sorted(names)
    assert remarks(found) == "Drawn are the 30 largest of 200 rows; the table has the others."


def test_of_many_groups_the_first_are_drawn_on_one_scale_and_that_is_said() -> None:
    rows = tuple((f"2026-{at % 3 + 1:02}", at + 1, f"group {at // 3}") for at in range(60))
    headings = (Heading("month", "Month"), Heading("n", "Deals", Unit.COUNT), Heading("group", "Group"))
    chart = Chart("c", "Deals", Mark.BARS, ("month",), ("n",), split="group")
    found = figure(Section("s", "S", headings, rows, charts=(chart,)))
    heights = [float(str(each.get("height"))) for each in found.iter("rect")][1:]

    assert [each.text for each in found.iter("h4")] == [f"group {at}" for at in range(12)]
    assert [height / heights[0] for height in heights[:5]] == pytest.approx([1, 2, 3, 4, 5], rel=0.05)
    assert remarks(found) == "Drawn are the first 12 of 20 groups; the table has the others."


def test_a_picture_of_all_deals_that_dwarfs_its_groups_has_an_axis_of_its_own_and_that_is_said() -> None:
    rows = (("won", 900, "All deals"), ("won", 200, "west"), ("won", 100, "east"))
    headings = (Heading("outcome", "Outcome"), Heading("n", "Deals", Unit.COUNT), Heading("group", "Group"))
    chart = Chart("c", "Deals", Mark.BARS, ("outcome",), ("n",), split="group")
    found = figure(Section("s", "S", headings, rows, charts=(chart,)))

    assert widths(found) == [90.0, 100.0, 50.0]
    assert remarks(found) == "'All deals' has an axis of its own; the others share one."


def test_bars_stand_over_periods_and_lie_over_anything_else() -> None:
    assert '<div class="field-and-axis">' in drawn(TREND)
    assert '<div class="rows">' in drawn(REASONS)


def test_bars_too_thin_to_be_seen_become_lines() -> None:
    rows = tuple((f"{2000 + at // 12}-{at % 12 + 1:02}", at, at) for at in range(60))

    assert len(re.findall('class="curve', drawn(bars(*rows)))) == 2
    assert "the table has the others" not in drawn(bars(*rows))


def test_of_very_many_periods_the_latest_are_drawn() -> None:
    rows = tuple((f"{1990 + at // 365}-01-{at % 28 + 1:02}", at) for at in range(1000))

    assert "Drawn are the 400 latest of 1,000 rows" in drawn(bars(*rows, mark=Mark.LINES))


def test_a_chart_of_what_the_section_has_not_is_left_out() -> None:
    section = bars(("a", 1.0), ("b", 2.0))
    nowhere = replace(section, charts=(replace(section.charts[0], series=("other",)),))

    assert list(figure_html(nowhere.charts[0], nowhere, "c", rows=30, pictures=12)) == []
    assert list(figure_html(section.charts[0], replace(section, rows=()), "c", rows=30, pictures=12)) == []
    assert list(figure_html(section.charts[0], bars(("a", None)), "c", rows=30, pictures=12)) == []


def test_short_times_are_told_in_hours_as_in_the_table() -> None:
    found = figure(replace(DWELL, rows=(("Prospect", 1, Estimate(0.5, 0.25, 0.75), Estimate(1.5)),)))

    assert texts(found, "keys") == ["P50 (hours)P90 (hours)"]
    assert texts(found, "beside") == ["12.036.0"]


def test_bars_named_after_outcomes_look_as_these_do_everywhere() -> None:
    found = figure(bars(("won", 4), ("lost", 3), ("ended otherwise", 1), ("open", 2)))
    kinds = [str(each.get("class")) for each in found.iter("g")]

    assert kinds == ["bar won", "bar lost", "bar other", "bar open"]
    assert "bar won" in drawn(REASONS)
    assert 'class="sample"' not in drawn(REASONS)
    assert 'class="bar one"' in drawn(bars(("won", 4), ("price", 3)))


def test_money_is_told_with_its_currency_in_the_key() -> None:
    assert "Value won (EUR)" in texts(figure(TREND, at=2), "keys")[0]


def test_under_a_mouse_each_bar_tells_its_row_and_its_interval() -> None:
    titles = [str(each.text) for each in figure(REASONS).iter("title")]

    assert titles[0] == "price, Share: 42.8 % (34.2 to 53.4)"


def test_whoever_does_not_see_it_is_told_kind_size_and_ends() -> None:
    told = texts(figure(DWELL), "unseen")[0]

    assert told.startswith("Points with their intervals: 6 rows of P50 (days) and P90 (days). ")
    assert "P50 (days): largest Negotiation with 30.0, smallest Prospect with 3.2." in told


def test_a_label_of_several_columns_joins_them() -> None:
    chart = replace(REASONS.charts[0], labels=("end", "reason"), split="")
    found = figure(replace(REASONS, charts=(chart,)))

    assert texts(found, "label")[0] == "lost, price"


@pytest.mark.parametrize("section", HARD.sections, ids=lambda section: section.id)
def test_whatever_is_in_it_it_is_sound_and_no_figure_is_nonsense(section: Section) -> None:
    text = drawn(section)

    assert ET.fromstring(text).tag == "figure"
    assert re.findall(r"\bnan\b|\binf\b|None", text) == []


def test_hostile_text_in_a_chart_is_only_text() -> None:
    bad = HOSTILE + "</title></svg></figure><script>alert(1)</script>"
    calm, spoilt = page(spoiled(REPORT, "x")), page(spoiled(REPORT, bad))

    assert "<script" not in spoilt
    assert [text.count("<rect") for text in (calm, spoilt)] == [calm.count("<rect")] * 2


def test_a_page_of_many_large_charts_stays_small() -> None:
    rows = tuple((f"{at} " + "long " * 80, *(Estimate(at + 0.5, at, at + 1) for _ in range(6))) for at in range(400))
    section = bars(*rows)
    study: Study = replace(REPORT, sections=tuple(replace(section, id=f"s{at}") for at in range(14)))

    assert len(page(study).encode()) < LARGEST


def test_what_is_read_first_stands_above_all_sections() -> None:
    text = page(REPORT)
    first = re.findall(r"<dl class=\"glance\">.*?</dl>", text, re.DOTALL)[0]

    assert text.index("glance") < text.index("<main")
    assert '<dt>Win rate</dt><dd>47.6 %</dd>\n<dd class="says">45.8 to 49.3</dd>' in first
    assert "<dd>57.0 days</dd>" in first
    assert '<dl class="glance">' not in page(replace(REPORT, glance=()))
    assert len(MONTHS) == 12


def test_of_what_has_no_figure_in_a_column_no_empty_picture_is_drawn() -> None:
    chart = Chart("c", "Share by period", Mark.LINES, labels=("period",), series=("share",), split="metric")
    headings = (Heading("metric", "Measure"), Heading("period", "Period"), Heading("share", "Share", Unit.SHARE))
    rows = (("rate", "2026-01", 0.5), ("rate", "2026-02", 0.6), ("wins", "2026-01", None), ("wins", "2026-02", None))
    section = Section("s", "S", headings, rows, charts=(chart,))
    drawn = "".join(figure_html(chart, section, "s", rows=10, pictures=10))
    assert drawn.count("<h4") == 1, drawn[:900]
    assert "wins" not in drawn
