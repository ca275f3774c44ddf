"""The page of a study: whole, self-contained, with the map of the process drawn and told."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from engine.model.study import Flow, Heading, Section, Unit
from engine.report.study_page import LARGEST, page
from engine.report.study_style import CSS
from tests.report.golden import golden
from tests.report.hostile import HOSTILE, spoiled
from tests.report.studies import FLOW, SMALL, STUDY, long_flow
from tests.report.test_page import Outline as _Outline


class Outline(_Outline):
    """The tags of a page with a picture in it, and with links to its own sections."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places: list[str] = getattr(self, "places", [])
        self.places += [str(value) for name, value in attrs if name == "href"]
        super().handle_starttag(tag, [(name, value) for name, value in attrs if name != "href"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)


def told(text: str) -> str:
    return " ".join(" ".join(Outline(text).texts).split())


def picture(text: str) -> ET.Element:
    found = re.search(r"<svg.*?</svg>", text, re.DOTALL)
    assert found
    return ET.fromstring(found[0])


def test_the_page_of_a_study() -> None:
    golden("study.html", page(STUDY))


def test_it_needs_nothing_else_and_runs_nothing() -> None:
    text = page(STUDY)

    assert set(Outline(text).tags) & {"script", "link", "img", "iframe", "object", "embed", "base", "form"} == set()
    assert not re.search(r"https?:|url\(|@import|javascript:|xlink", text)
    assert "default-src 'none'; style-src 'unsafe-inline'" in text


def test_a_screen_reader_finds_its_way() -> None:
    text = page(STUDY)
    outline = Outline(text)

    assert [tag for tag in outline.tags if re.fullmatch("h[1-6]", tag)] == ["h1", *["h2"] * 4]
    assert len(outline.ids) == len(set(outline.ids))
    assert {name for names in outline.labelled for name in names.split()} <= set(outline.ids)
    assert {place.removeprefix("#") for place in outline.places} == {"main", "map", "s0", "s1", "s2"}
    assert [outline.tags.count(tag) for tag in ("main", "header", "footer")] == [1, 1, 1]
    assert outline.tags.count("table") == outline.tags.count("caption") == 3
    assert 'role="img" aria-labelledby="picture-title picture-desc"' in text
    assert len(re.findall("<th(?! scope)[ >]", text)) == 0


def test_the_picture_is_told_as_a_table_that_leaves_no_move_out() -> None:
    rows = re.findall("<tr>.*?</tr>", page(STUDY).partition("as a table</summary>")[2].partition("</table>")[0])

    assert len(rows) == 1 + len(FLOW.edges)


def test_rare_ways_are_not_drawn_and_that_is_said() -> None:
    text = page(STUDY)

    assert "back to Prospect" not in text
    assert "Not drawn, but in the table: 1 way that fewer than 1 %" in told(text)
    assert "Not drawn" not in page(replace(STUDY, flow=SMALL))


@pytest.mark.parametrize("flow", [FLOW, SMALL, long_flow(15), long_flow(2), long_flow(1), Flow((), ())])
def test_the_picture_is_sound_and_all_of_it_is_inside_its_frame(flow: Flow) -> None:
    svg = picture(page(replace(STUDY, flow=flow)))
    left, top, width, height = (float(each) for each in svg.attrib["viewBox"].split())
    boxes = [
        [float(box.attrib[name]) for name in ("x", "y", "width", "height")] for box in svg.iter() if box.tag == "rect"
    ]

    assert [box for box in boxes if box[0] < left or box[0] + box[2] > left + width] == []
    assert [box for box in boxes if box[1] < top or box[1] + box[3] > top + height] == []
    assert len([each for each in svg.iter("rect") if each.attrib["class"] == "card"]) == len(flow.nodes)


def test_a_page_stays_small_whatever_is_in_it() -> None:
    heading = (Heading("a", "a"), Heading("b", "b", Unit.COUNT))
    rows = tuple(("x" * 10_000, i) for i in range(5_000))
    sections = tuple(Section(f"s{i}", f"S{i}", heading, rows) for i in range(30))
    text = page(replace(STUDY, sections=sections))

    assert len(text.encode()) < LARGEST
    assert "more; --format json or xlsx has them all" in text


def test_hostile_text_is_only_text() -> None:
    bad = HOSTILE + "</title></desc></style></svg></td><script>alert(1)</script><img src=x onerror=alert(1)>"
    hostile = page(spoiled(STUDY, bad))

    assert "<script" not in hostile
    assert "<img" not in hostile
    assert Outline(hostile).tags == Outline(page(spoiled(STUDY, "x" * len(bad)))).tags
    assert picture(hostile).tag == "svg"


def luminance(colour: str) -> float:
    """As WCAG 2 reckons it."""
    digits = "".join(digit * 2 for digit in colour) if len(colour) == 3 else colour
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("pattern", [r"^:root\{(.*?)\}", r"prefers-color-scheme:dark\)\{:root\{(.*?)\}\}"])
def test_texts_and_lines_stand_out_by_day_and_by_night(pattern: str) -> None:
    told = "".join(re.findall(pattern, CSS, re.DOTALL | re.MULTILINE))
    colours = dict(re.findall(r"--([\w-]+):#([0-9a-f]+)", told))
    lines = ("spine", "over", "back", "again", "in", "won", "lost", "other")

    assert [name for name in ("ink", "soft") if contrast(colours[name], colours["card"]) < 4.5] == []
    assert [name for name in ("ink", "soft") if contrast(colours[name], colours["paper"]) < 4.5] == []
    assert [name for name in lines if contrast(colours[name], colours["card"]) < 3] == []


BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)


class _Listener(BaseHTTPRequestHandler):
    """Notes whoever asks for anything."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Listener", (_Listener,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def _browsed(path: Path) -> str:
    command = [
        str(BROWSER),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={path.parent}/profile",
    ]
    try:
        done = subprocess.run([*command, "--dump-dom", path.as_uri()], capture_output=True, timeout=60, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        pytest.skip(f"the browser here does not start: {error}")
    return done.stdout.decode()


@pytest.mark.skipif(not BROWSER or os.name == "nt", reason="there is no browser to open it in")
def test_a_browser_shows_the_map_and_asks_nobody_for_anything(tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    place, asked = listener
    bad = f'"><img src={place}/a><style>@import url({place}/b);</style>'
    path = tmp_path / "study.html"
    path.write_text(page(spoiled(STUDY, bad)), encoding="utf-8")
    shown = _browsed(path)

    assert shown.count('class="card"') == len(FLOW.nodes)
    assert asked == []
