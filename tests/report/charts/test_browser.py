"""Pages with charts in a real browser: nothing fails, nothing is asked of anyone, and all of it can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.report.study_page import page
from tests.report.charts.browsers import Opened, browser
from tests.report.charts.made import HARD, REPORT
from tests.report.hostile import HOSTILE, spoiled

WIDE, PHONE, SMALL = {"width": 1100, "height": 800}, {"width": 360, "height": 740}, {"width": 320, "height": 600}

CLIPPED = """() => [...document.querySelectorAll('.picture')].flatMap(picture => {
  const frame = picture.closest('figure').getBoundingClientRect();
  return [...picture.querySelectorAll('text, rect, path, line, span')].filter(part => {
    if (getComputedStyle(part).display === 'none') return false;
    const box = part.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
      box.bottom > frame.bottom + 1;
  }).map(part => part.outerHTML);
})"""
OVERLAPPING = """() => [...document.querySelectorAll('.picture svg')].flatMap(svg => {
  const boxes = [...svg.querySelectorAll(':scope > text')].filter(text => getComputedStyle(text).display !== 'none')
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom - 4 && b.top < a.bottom - 4
  ).map(([other]) => `${one} on ${other}`));
})"""
UNSEEN = """() => [...document.querySelectorAll('.picture')].filter(picture => {
  const box = picture.getBoundingClientRect();
  return box.width < 200 || box.height < 30 || !picture.checkVisibility();
}).length"""
CONTRAST = """() => {
  const light = colour => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)' && colour !== 'transparent') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const poor = [];
  for (const node of document.querySelectorAll('h1,h2,h3,h4,p,a,li,th,td,dt,dd,summary,.label,.beside span,svg text')) {
    const style = getComputedStyle(node);
    if (!node.textContent.trim() || style.display === 'none') continue;
    const [low, high] = [light(node instanceof SVGElement ? style.fill : style.color), light(ground(node))]
      .sort((a, b) => a - b);
    if ((high + 0.05) / (low + 0.05) < 4.5) poor.push(node.outerHTML.slice(0, 120));
  }
  return poor;
}"""


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "report.html"
    path.write_text(page(REPORT), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "hard.html"
    path.write_text(page(HARD), encoding="utf-8")
    return path


@pytest.mark.parametrize("size", [WIDE, PHONE, SMALL], ids=["wide", "phone", "small"])
@pytest.mark.parametrize("which", ["report", "hard"])
def test_charts_are_seen_whole_and_the_page_does_not_scroll_sideways(
    started: Any, which: str, size: dict[str, int], request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(which)
    opened = Opened(started, path, viewport=size)

    assert opened.said == []
    assert opened.asked == [path.as_uri()]
    assert opened.tell("document.querySelectorAll('.picture').length") >= 6
    assert opened.tell(UNSEEN) == 0
    assert opened.tell(CLIPPED) == []
    assert opened.tell(OVERLAPPING) == []
    assert opened.tell("document.documentElement.scrollWidth") <= size["width"]


def test_a_chart_stands_right_above_its_table_and_as_wide_as_the_bar_says(started: Any, report: Path) -> None:
    opened = Opened(started, report, viewport=WIDE)
    section = "document.querySelector('section[aria-labelledby=s1]')"
    names = opened.tell(f"[...{section}.children].map(each => each.tagName)")
    shares = opened.tell(
        f"[...{section}.querySelectorAll('.field')].slice(0, 2).map(field => "
        "[...field.querySelectorAll('rect')].map(bar => "
        "bar.getBoundingClientRect().width / field.getBoundingClientRect().width))"
    )

    assert names[:3] == ["H2", "FIGURE", "DIV"]
    assert shares[0] == pytest.approx([0.71, 0.782, 0.2], abs=0.002)
    assert shares[1] == pytest.approx([0.6, 0.77, 0.31], abs=0.002)


def test_a_long_table_scrolls_by_itself_and_keeps_its_head_in_sight(started: Any, hard: Path) -> None:
    opened = Opened(started, hard, viewport=PHONE)
    tops = opened.tell(
        "(() => { const long = document.querySelector('.long'); long.scrollTop = 900; "
        "return [long.scrollTop, long.getBoundingClientRect().height, long.getBoundingClientRect().top, "
        "long.querySelector('th').getBoundingClientRect().top]; })()"
    )

    assert tops[0] == 900
    assert tops[1] <= 32 * 16 + 1
    assert abs(tops[2] - tops[3]) < 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_by_day_and_by_night_everything_can_be_read(started: Any, report: Path, scheme: str) -> None:
    opened = Opened(started, report, viewport=WIDE, color_scheme=scheme)
    ground = opened.tell("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(",")) / 3

    assert brightness > 230 if scheme == "light" else brightness < 40
    assert opened.tell(CONTRAST) == []


def test_on_paper_it_is_day_and_nothing_is_cut_off(started: Any, report: Path) -> None:
    opened = Opened(started, report, viewport={"width": 720, "height": 1000}, color_scheme="dark")
    opened.page.emulate_media(media="print", color_scheme="dark")

    assert opened.tell("getComputedStyle(document.body).color") == "rgb(31, 39, 51)"
    assert opened.tell(CLIPPED) == []
    assert opened.tell("[...document.querySelectorAll('.skip, nav')].every(each => !each.checkVisibility())")
    assert opened.tell("[...document.querySelectorAll('.wide')].every(each => each.scrollWidth <= 720)")


def test_by_keyboard_the_first_step_leads_to_the_figures_and_the_focus_is_seen(started: Any, report: Path) -> None:
    opened = Opened(started, report, viewport=PHONE)
    opened.page.keyboard.press("Tab")
    first = opened.tell("[document.activeElement.className, document.activeElement.getBoundingClientRect().top >= 0]")
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Tab")
    beyond = opened.tell("!!document.activeElement.closest('main')")
    outline = opened.tell("getComputedStyle(document.activeElement).outlineStyle")

    assert first == ["skip", True]
    assert beyond
    assert outline != "none"


def test_a_screen_reader_is_told_each_picture_and_finds_headings_in_order(started: Any, report: Path) -> None:
    opened = Opened(started, report, viewport=WIDE)
    names = opened.tell(
        "[...document.querySelectorAll('[role=img]')].map(each => ['aria-labelledby', 'aria-describedby']"
        ".map(kind => each.getAttribute(kind).split(' ').map(id => document.getElementById(id).textContent).join(' ')))"
    )
    levels = opened.tell("[...document.querySelectorAll('h1,h2,h3,h4')].map(each => +each.tagName[1])")
    heads = opened.tell("[...document.querySelectorAll('th')].every(each => each.scope) ")

    assert names[0][0] == "Deals closed in each month"
    assert "12 rows of Won, Lost and Ended otherwise" in names[0][1]
    assert names[-1][0] == "Why deals were won and lost won"
    assert "largest champion with 35.2 %" in names[-1][1]
    assert all(name and told.endswith("The table below has every figure.") for name, told in names)
    assert levels[0] == 1
    assert all(later - sooner <= 1 for sooner, later in pairwise(levels))
    assert heads


def test_hostile_text_does_nothing_in_a_browser(started: Any, tmp_path: Path) -> None:
    bad = HOSTILE + "</title></svg><script>console.log('ran')</script><img src='http://127.0.0.1:9/x'>"
    path = tmp_path / "hostile.html"
    path.write_text(page(spoiled(REPORT, bad)), encoding="utf-8")
    opened = Opened(started, path, viewport=PHONE)

    assert opened.said == []
    assert opened.asked == [path.as_uri()]
    assert opened.tell("document.documentElement.scrollWidth") <= PHONE["width"]
