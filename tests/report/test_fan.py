"""How figures may go on: as a picture, as a table, as data."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from engine.model.study import Fan, Unit
from engine.report.fan import table, tables_of
from engine.report.fan_svg import svg
from engine.report.study import render
from engine.report.study_page import page
from tests.report.golden import golden
from tests.report.hostile import HOSTILE, spoiled
from tests.report.studies import FANS, FORECAST
from tests.report.test_study_page import Outline


def test_the_page_of_a_forecast() -> None:
    golden("forecast.html", page(FORECAST))


def test_the_picture_of_a_fan_lies_inside_its_frame_and_rises_with_its_figures() -> None:
    drawn = ET.fromstring(svg(FANS[0], currency="EUR", id="f"))
    _, _, width, height = (float(each) for each in drawn.attrib["viewBox"].split())
    numbers = [
        [float(each) for each in re.findall(r"[\d.]+", path.attrib["d"])]
        for path in drawn.iter("path")
        if path.attrib["class"] in ("band", "middle")
    ]
    heights = numbers[-1][1::2]

    assert len(numbers) == 3
    assert all(0 <= x <= width for line in numbers for x in line[::2])
    assert all(0 <= y <= height for line in numbers for y in line[1::2])
    assert heights == sorted(heights, reverse=True)


def test_whoever_does_not_see_the_picture_is_told_its_end() -> None:
    drawn = svg(FANS[1], currency="EUR", id="f")

    assert 'role="img" aria-labelledby="f-title f-desc"' in drawn
    assert '<title id="f-title">Value won so far</title>' in drawn
    assert "By 2027-01-11: P10 41,000 EUR, P50 110,000 EUR, P90 200,000 EUR." in drawn


def test_names_at_the_end_do_not_lie_on_each_other() -> None:
    alike = replace(FANS[0], curves=tuple((3.0,) * 6 for _ in range(5)))
    drawn = ET.fromstring(svg(alike, currency="", id="f"))
    places = [float(each.attrib["y"]) for each in drawn.iter("text") if (each.text or "").startswith("P")]

    assert all(lower - upper >= 14.9 for lower, upper in pairwise(places))
    assert min(places) > 0


@pytest.mark.parametrize(
    "fan",
    [
        Fan("f", "Nothing", Unit.COUNT, date(2026, 1, 1), (), (0.1, 0.5, 0.9), ((), (), ())),
        Fan("f", "None", Unit.COUNT, date(2026, 1, 1), (date(2026, 1, 8),), (0.5,), ((0.0,),)),
        Fan("f", "Large", Unit.MONEY, date(2026, 1, 1), (date(2026, 1, 8),), (0.1, 0.9), ((1e12,), (3e12,))),
    ],
)
def test_a_fan_of_little_or_much_is_drawn(fan: Fan) -> None:
    text = page(replace(FORECAST, fans=(fan,)))

    assert ET.fromstring(re.findall(r"<svg.*?</svg>", text, re.DOTALL)[0]).tag == "svg"


@pytest.mark.parametrize("values", [(-500.0, -100.0, 0.0, 200.0, 1000.0), (-500.0, -400.0, -300.0, -200.0, -100.0)])
def test_what_is_lost_is_drawn_below_nothing_and_inside_the_frame(values: tuple[float, ...]) -> None:
    below = replace(FANS[1], moments=FANS[1].moments[:1], curves=tuple((each,) for each in values))
    below = replace(below, shares=(0.1, 0.25, 0.5, 0.75, 0.9))
    drawn = ET.fromstring(svg(below, currency="EUR", id="f"))
    high = float(drawn.attrib["height"])
    texts = {each.text: float(each.attrib["y"]) for each in drawn.iter("text")}

    assert all(0 < y < high for y in texts.values())
    assert texts["P10 -500"] > texts["P90 " + f"{values[-1]:,.0f}"]
    assert "0" in texts or "0 EUR" in texts


def test_a_page_with_fans_has_no_ids_twice_and_places_for_its_links() -> None:
    outline = Outline(page(FORECAST))

    assert len(outline.ids) == len(set(outline.ids))
    assert {place.removeprefix("#") for place in outline.places} <= set(outline.ids)
    assert [each for each in outline.labelled if not set(each.split()) <= set(outline.ids)] == []


def test_every_form_has_the_figures_of_a_fan() -> None:
    parts = json.loads(str(render(FORECAST, "json")))

    assert [fan["curves"][-1]["values"][-1] for fan in parts["fans"]] == [22, 200000]
    assert [each.id for each in tables_of(FORECAST)] == ["times", "won_so_far", "value_so_far"]
    assert "2027-01-11,7,10,14,18,22" in str(render(FORECAST, "csv"))
    assert table(FANS[1]).headings[-1].title == "P90"


def test_hostile_text_in_a_fan_is_only_text() -> None:
    bad = HOSTILE + "</title></desc></svg><script>alert(1)</script>"

    assert "<script" not in page(spoiled(FORECAST, bad))
