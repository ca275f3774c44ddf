from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from engine.model.errors import UnknownName
from engine.model.finding import Finding, Severity
from engine.model.place import Place
from engine.report import findings
from engine.report.style import Style
from tests.report.golden import golden

UNREACHABLE = Finding(
    "P101",
    Place("processes/outbound.yaml", 9, 5),
    "stage 'trial' cannot be reached from 'lead'",
    "add a move that leads to it, or remove it",
    source="  - name: trial",
)
TABBED = Finding(
    "Y004",
    Place("processes/outbound.yaml", 112, 7),
    "'漢字' is written twice",
    "remove one of them",
    Severity.WARNING,
    "\ta: 漢字: 1",
)
BINARY = Finding("Y001", Place("rules/a.yaml"), "the file is not text", "save it as UTF-8")
LONG = Finding("C010", Place("a.yaml", 3, 151), "unknown fact 'amuont'", "did you mean 'amount'?", source="x" * 400)
PAST_END = Finding("C001", Place("a.yaml", 4, 12), "a condition ends too early", source="must: a >")
ALL = (UNREACHABLE, TABBED, BINARY, LONG, PAST_END)


def test_a_finding_is_told_with_its_line_a_caret_and_the_mend() -> None:
    assert findings.one(UNREACHABLE) == (
        "processes/outbound.yaml:9:5: error P101: stage 'trial' cannot be reached from 'lead'\n"
        "  9 |   - name: trial\n"
        "    |     ^ add a move that leads to it, or remove it"
    )


def test_findings_of_all_sorts_look_as_they_should() -> None:
    golden("findings.txt", findings.render(ALL, "text", files_checked=3))


def test_the_caret_stands_below_its_column_behind_tabs_and_wide_characters() -> None:
    _, source, caret = findings.one(TABBED).split("\n")

    # Column 7 is the colon behind two characters of two columns each, after a tab of four.
    assert source.index(":", source.index("漢")) + 2 == caret.index("^")


@pytest.mark.parametrize(
    ("found", "closing"),
    [
        ((), "1 file checked: no findings\n"),
        ((UNREACHABLE,), "1 file checked: 1 error\n"),
        ((TABBED, TABBED), "1 file checked: 2 warnings\n"),
        ((UNREACHABLE, TABBED, BINARY), "1 file checked: 2 errors, 1 warning\n"),
    ],
)
def test_the_last_line_counts(found: tuple[Finding, ...], closing: str) -> None:
    assert findings.text(found).endswith(closing)


def test_colours_are_used_only_where_they_are_asked_for() -> None:
    assert "\x1b[" in findings.text(ALL, style=Style.COLOUR)
    assert "\x1b[" not in findings.text(ALL)


def test_github_takes_a_line_a_finding() -> None:
    hostile = replace(UNREACHABLE, at=Place("a,b:c%.yaml", 1, 2), message="50% off\n::error::x", hint="")

    assert findings.render((hostile, BINARY), "github") == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2,title=P101::50%25 off\\n::error::x\n"
        "::error file=rules/a.yaml,title=Y001::the file is not text (save it as UTF-8)\n"
    )


def test_junit_counts_errors_as_failures_and_warnings_not() -> None:
    suite = ET.fromstring(findings.render(ALL, "junit", files_checked=3))

    assert (suite.get("tests"), suite.get("failures")) == ("5", "4")
    assert len(suite.findall("testcase/failure")) == 4
    assert [case.findtext("system-out") is None for case in suite] == [True, False, True, True, True]


def test_junit_of_no_findings_is_one_test_that_passes() -> None:
    suite = ET.fromstring(findings.render((), "junit", files_checked=7))

    assert [(case.get("name"), list(case)) for case in suite] == [("7 checked", [])]


def test_sarif_has_what_version_2_1_0_demands() -> None:
    log = json.loads(findings.render(ALL, "sarif", files_checked=3))
    run = log["runs"][0]
    results = run["results"]

    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["name"] == "stagewright"
    assert run["columnKind"] == "unicodeCodePoints"
    assert [run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in results] == [f.code for f in ALL]
    assert {r["level"] for r in results} <= {"error", "warning", "note", "none"}
    assert all(r["message"]["text"] for r in results)
    assert results[0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "processes/outbound.yaml"},
        "region": {"startLine": 9, "startColumn": 5, "snippet": {"text": "  - name: trial"}},
    }
    assert results[2]["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 1}


def test_sarif_percent_encodes_paths() -> None:
    odd = replace(BINARY, at=Place("my rules\\ä#1.yaml"))
    location = json.loads(findings.render((odd,), "sarif"))["runs"][0]["results"][0]["locations"][0]

    assert location["physicalLocation"]["artifactLocation"]["uri"] == "my%20rules/%C3%A4%231.yaml"


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="unknown format 'sarf'") as caught:
        findings.render((), "sarf")

    assert caught.value.hint == "did you mean 'sarif'?"
