"""What changes between two versions, in every form."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest

from engine.model.change import Change, Level, Subject
from engine.model.errors import BadValue, UnknownName
from engine.model.place import Place
from engine.model.process import Action, Process, Stage, Track
from engine.report.changes import FILES, FORMS, render, render_several
from engine.report.changes_annotations import MOST_ANNOTATIONS
from engine.report.changes_markdown import LARGEST
from engine.report.changes_style import CSS
from engine.report.changes_words import Sides
from engine.report.style import Style
from tests.report.changed import CHANGES, NEW_FILE, RULE_SIDES, RULES, SIDES, UNREAD, placed
from tests.report.golden import golden
from tests.report.hostile import HOSTILE, spoiled
from tests.report.test_study_page import Outline, contrast, told

NONE = replace(CHANGES, changes=(), impact=(), impact_says=(), next_steps=())


def many(number: int, level: Level) -> tuple[Change, ...]:
    places = [Place(NEW_FILE, 10 + i, 3) for i in range(number)]
    return tuple(Change("D303", level, Subject.REQUIREMENTS, f"r{i}", f"r{i} is another", p, p, "x" * 80, "y" * 80)
                 for i, p in enumerate(places))  # fmt: skip


@pytest.mark.parametrize(
    ("form", "file"),
    [
        ("text", "changes.txt"),
        ("json", "changes.json"),
        ("markdown", "changes.md"),
        ("html", "changes.html"),
        ("csv", "changes.csv"),
        ("sarif", "changes.sarif"),
        ("github", "changes.github.txt"),
    ],
)
def test_the_changes_in_each_form(form: str, file: str) -> None:
    golden(file, render(CHANGES, form, sides=SIDES))


def test_the_changes_of_a_rule_set_name_who_uses_it() -> None:
    golden("changes-rules.txt", render(RULES, "text", sides=RULE_SIDES))
    assert "used by inside-sales@1 and inside-sales@2" in told(render(RULES, "html", sides=RULE_SIDES))
    assert "<svg" not in render(RULES, "html", sides=RULE_SIDES)


def test_the_changes_fit_a_narrow_terminal() -> None:
    narrow = render(CHANGES, "text", sides=SIDES, width=60)

    assert max(len(line) for line in narrow.splitlines()) <= 60


def test_no_changes_is_said_in_two_words() -> None:
    assert render(NONE, "text", sides=SIDES) == "From inside-sales@1 to inside-sales@2\nno changes\n"


@pytest.mark.parametrize("form", FORMS)
def test_what_was_not_read_is_told_and_never_that_nothing_changed(form: str) -> None:
    written = render(UNREAD, form, sides=SIDES)

    assert "no changes" not in written
    assert form == "csv" or "inside-sales@3 could not be read" in written.replace("\\", "")


def test_the_answer_on_deals_comes_first_and_its_figures_before_the_notes() -> None:
    text, page = (render(CHANGES, form, sides=SIDES) for form in ("text", "html"))
    says, figures = "12 open deals were judged", "4 of 12 open deals are touched"

    for written, notes in ((text, "note (4)"), (page, "4 notes: ")):
        assert written.index(says) < written.index("D102") < written.index("D502") < written.index(figures)
        assert written.index(figures) < written.index(notes)


def test_a_level_has_its_colour_on_a_terminal_alone() -> None:
    assert "\x1b[31mbreak\x1b[0m (1)" in render(CHANGES, "text", sides=SIDES, style=Style.COLOUR)


def test_looser_is_told_as_loudly_as_tighter() -> None:
    loose, tight = (
        render(replace(NONE, changes=many(1, level)), "github", sides=SIDES) for level in (Level.LOOSER, Level.TIGHTER)
    )

    assert loose.startswith("::warning ")
    assert loose.count("::") == tight.count("::")


def test_annotations_are_capped_where_github_caps_them_and_the_rest_is_counted() -> None:
    found = (*many(15, Level.NOTE), *many(15, Level.LOOSER), *many(15, Level.BREAK))
    lines = render(replace(UNREAD, changes=found), "github", sides=SIDES).splitlines()
    kinds = [re.match("::([a-z]+)", line)[1] for line in lines]  # type: ignore[index]

    assert {kind: kinds.count(kind) for kind in kinds} == dict.fromkeys(("error", "warning", "notice"), 10)
    assert MOST_ANNOTATIONS == 10
    assert "title=not everything was read" in lines[0]
    assert lines[-2].endswith("::45 changes: 15 breaks, 15 looser, 15 notes")
    assert lines[-1].endswith("::18 changes are not shown here; --format text tells all")


def test_several_files_share_what_github_shows_of_a_step() -> None:
    told = [(replace(CHANGES, changes=many(8, level)), SIDES) for level in (Level.NOTE, Level.BREAK, Level.BREAK)]
    lines = render_several(told, "github").splitlines()

    assert [line.split()[0] for line in lines] == [*["::error"] * 10, *["::notice"] * 10]
    assert sum("is another" in line for line in lines) == 16
    assert [line.rpartition("::")[2] for line in lines[-4:]] == [
        "8 changes: 8 notes",
        "8 changes: 8 breaks",
        "8 changes: 8 breaks",
        "8 changes are not shown here; --format text tells all",
    ]


def test_a_form_of_one_pair_does_not_take_several() -> None:
    with pytest.raises(BadValue, match="json tells of one file alone"):
        render_several([(CHANGES, SIDES), (CHANGES, SIDES)], "json")
    assert render_several([(NONE, SIDES), (NONE, SIDES)], "text").count("no changes\n") == 2
    assert render_several([], "text") == ""


def test_what_is_gone_is_pinned_to_the_new_file_without_its_revision() -> None:
    new = replace(SIDES.new, at=Place("HEAD~1:processes/a/2.yaml", 1, 1))
    line = render(CHANGES, "github", sides=replace(SIDES, new=new)).splitlines()[0]

    assert line.startswith("::error file=processes/a/2.yaml,line=1,col=1,title=break D102::")
    assert line.endswith("it was at processes/inside-sales/1.yaml:23")


def test_a_comment_stays_small_enough_for_github_and_counts_what_it_leaves_out() -> None:
    written = render(replace(CHANGES, changes=many(1_000, Level.TIGHTER)), "markdown", sides=SIDES)

    assert LARGEST - 1_000 < len(written) < LARGEST + 200
    assert int(re.search(r"(\d+) changes are not told here", written)[1]) + written.count("- **D303**") == 1_000  # type: ignore[index]
    assert written.endswith("-o plan.json\n")


def test_many_notes_are_folded_away() -> None:
    written = render(replace(CHANGES, changes=many(9, Level.NOTE)), "markdown", sides=SIDES)

    assert "<summary>9 notes</summary>" in written
    assert written.count("<details>") == written.count("</details>") == 10


def test_a_text_that_holds_a_fence_stays_inside_its_own() -> None:
    change = replace(CHANGES.changes[1], before="````\n# not a heading")
    written = render(replace(CHANGES, changes=(change,)), "markdown", sides=SIDES)

    assert "`````diff\n  - ````\n  - # not a heading\n  `````\n" in written


def test_hostile_text_is_no_markup_and_no_formula() -> None:
    bad = spoiled(CHANGES, HOSTILE + "<script>alert(1)</script>")
    sides = spoiled(SIDES, HOSTILE + "<script>alert(1)</script>")
    formula = replace(CHANGES, changes=(replace(CHANGES.changes[0], thing="=1+1"),))

    assert "<script" not in render(bad, "html", sides=sides)
    assert Outline(render(bad, "html", sides=sides)).tags
    assert render(bad, "github", sides=sides).count("\n") == render(CHANGES, "github", sides=SIDES).count("\n")
    assert next(csv.DictReader(render(formula, "csv", sides=SIDES).splitlines()))["thing"] == "'=1+1"


def test_json_keeps_every_change_and_its_proof_whole() -> None:
    document = json.loads(render(CHANGES, "json", sides=SIDES))
    proof = next(each["proof"] for each in document["changes"] if each["thing"] == "proposal/to_enter/1")

    assert [each["level"] for each in document["changes"]] == [
        "break",
        *["tighter"] * 3,
        *["looser"] * 2,
        *["note"] * 4,
    ]
    assert proof == {
        "relation": "stricter", "by": "proof", "refused": {"amount": 1000, "discount": 0.2}, "allowed": None,
    }  # fmt: skip


def pictures(page: str) -> list[ET.Element]:
    return [ET.fromstring(found) for found in re.findall("<svg.*?</svg>", page, re.DOTALL)]


def marked(svg: ET.Element, kind: str) -> set[str]:
    """What is drawn as added, removed or changed: the stages, and the actions with their sign."""
    groups = [group for group in svg.iter("g") if kind in group.attrib["class"].split()]
    stages = {str(group.findtext("title")) for group in groups if group.find("rect") is not None}
    return stages | {
        str(text.text) for group in groups for text in group.iter("text") if text.attrib["class"] == "move"
    }


def test_both_pictures_mark_what_was_added_removed_and_changed() -> None:
    old, new, legal = pictures(render(CHANGES, "html", sides=SIDES))

    assert marked(old, "removed") == {"trial", "− start-trial"}
    assert marked(old, "added") == marked(new, "removed") == set()
    assert marked(new, "added") == {"unqualified", "+ disqualify"}
    assert marked(old, "changed") == {"interested", "proposal", "~ send-proposal", "~ sign"}
    assert marked(new, "changed") == {"qualified", "proposal", "~ send-proposal", "~ sign"}
    assert [text.text for text in old.iter("text") if text.attrib["class"] == "sign"].count("−") == 1
    assert marked(legal, "added") >= {"not-started", "+ submit-contract"}


def test_all_of_a_picture_is_inside_its_frame() -> None:
    for svg in pictures(render(CHANGES, "html", sides=SIDES)):
        left, top, width, height = (float(each) for each in svg.attrib["viewBox"].split())
        boxes = [[float(box.attrib[name]) for name in ("x", "y", "width", "height")] for box in svg.iter("rect")]
        assert [box for box in boxes if box[0] < left or box[0] + box[2] > left + width] == []
        assert [box for box in boxes if box[1] < top or box[1] + box[3] > top + height] == []
        names = [text for text in svg.iter("text") if text.attrib["class"] == "move"]
        # So wide are the letters of these names in a narrow font; "+ submit-contract" was cut.
        begun = [text for text in names if text.attrib.get("text-anchor") is None]
        assert [each.text for each in begun if float(each.attrib["x"]) + 6 * len(each.text) > left + width] == []


def long_process(stages: int) -> Process:
    """So many stages, from each of which an action leads on and one leads to the end."""
    ids = [f"stage-{i}" for i in range(stages)]
    on = [Action(f"go-{i}", (source,), (target,)) for i, (source, target) in enumerate(pairwise([*ids, "won"]))]
    ends = (Stage("won", ends="won"), Stage("lost", ends="lost"))
    track = Track("main", (*map(Stage, ids), *ends), (*on, Action("lose", tuple(ids), ("lost",))))
    return placed(Process("sales", 1, track), "a.yaml")


def test_an_action_from_very_many_stages_is_told_in_words() -> None:
    page = render(NONE, "html", sides=Sides(long_process(40), long_process(40)))
    svg = pictures(page)[0]

    assert "<li>lose: from every open stage to lost</li>" in page
    assert float(svg.attrib["width"]) < 600
    assert "lose" not in {text.text for text in svg.iter("text")}
    assert "lose" in {
        text.text for text in pictures(render(NONE, "html", sides=Sides(*[long_process(4)] * 2)))[0].iter()
    }


def test_a_thing_that_has_another_name_is_not_drawn_as_it_was() -> None:
    untold = replace(CHANGES, changes=())
    old, new, _ = pictures(render(untold, "html", sides=SIDES))

    assert marked(old, "same") >= {"prospect", "qualify"}
    assert marked(old, "changed") == {"interested", "trial", "~ start-trial"}
    assert marked(new, "changed") == {"qualified", "unqualified", "~ disqualify"}


def test_the_page_needs_nothing_else_and_a_screen_reader_finds_its_way() -> None:
    text = render(CHANGES, "html", sides=SIDES)
    outline = Outline(text)

    assert not re.search(r"https?:|url\(|@import|javascript:|xlink|<script", text)
    assert len(outline.ids) == len(set(outline.ids))
    assert {name for names in outline.labelled for name in names.split()} <= set(outline.ids)
    assert [tag for tag in outline.tags if re.fullmatch("h[12]", tag)] == ["h1", *["h2"] * 8]


@pytest.mark.parametrize("pattern", [r"^:root\{(.*?)\}", r"prefers-color-scheme:dark\)\{:root\{(.*?)\}\}"])
def test_signs_stand_out_by_day_and_by_night(pattern: str) -> None:
    declared = "".join(re.findall(pattern, CSS, re.DOTALL | re.MULTILINE))
    colours = dict(re.findall(r"--([\w-]+):#([0-9a-f]+)", declared))

    assert [name for name in ("added", "removed", "changed") if contrast(colours[name], colours["card"]) < 4.5] == []
    assert [
        name for name in ("added", "removed", "changed") if contrast(colours["ink"], colours[f"{name}-bg"]) < 4.5
    ] == []
    assert contrast(colours["same"], colours["card"]) >= 3


def test_an_unknown_form_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown format 'jason'"):
        render(CHANGES, "jason", sides=SIDES)
    assert {*FILES.values()} == {*FORMS} - {"github"}
