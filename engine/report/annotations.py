"""Findings for programs: JSON, SARIF 2.1.0, GitHub's workflow commands, JUnit's XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from engine.model.finding import Finding, Severity
from engine.model.place import Place
from engine.report import escape, json_text
from engine.report.json_text import Data

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def json(findings: Sequence[Finding], files_checked: int) -> str:
    """``stagewright/findings/1``."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    counts = {"files_checked": files_checked, "errors": errors, "warnings": len(findings) - errors}
    return json_text.document("findings", {**counts, "rows": tuple(_row(finding) for finding in findings)})


def _row(finding: Finding) -> Data:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": finding.at.file,
        "line": finding.at.line,
        "column": finding.at.column,
        "message": finding.message,
        "hint": finding.hint,
        "source": finding.source,
    }


def sarif(findings: Sequence[Finding], files_checked: int) -> str:
    """One run of SARIF 2.1.0; columns count code points, as our places do."""
    return sarif_log([_result(finding) for finding in findings], {"filesChecked": files_checked})


def sarif_log(results: Sequence[Mapping[str, Data]], properties: Mapping[str, Data]) -> str:
    """A SARIF log of one run with those results, whose ``ruleId`` are our codes."""
    codes = sorted({str(result["ruleId"]) for result in results})
    driver: Data = {"name": "stagewright", "rules": tuple(_rule(code) for code in codes)}
    run: Data = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": tuple({**result, "ruleIndex": codes.index(str(result["ruleId"]))} for result in results),
        "properties": properties,
    }
    return json_text.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": (run,)}) + "\n"


def _rule(code: str) -> Data:
    return {"id": code, "help": {"text": f"stagewright rule {code} tells what it means and how it is mended"}}


def _result(finding: Finding) -> Mapping[str, Data]:
    return {
        "ruleId": finding.code,
        "level": finding.severity.value,
        "message": {"text": _sentence(finding)},
        "locations": (sarif_location(finding.at, finding.source),),
    }


def sarif_location(at: Place, source: str = "") -> Data:
    """A place, and the line that stands there where it is known."""
    # Names of files may be no proper text; a URI can hold any bytes.
    uri = quote(at.file.replace("\\", "/"), safe="/", errors="surrogatepass")
    # What is wrong with a file as a whole is pinned to its first line: GitHub shows nothing without a line.
    region: dict[str, Data] = {"startLine": max(at.line, 1), "startColumn": max(at.column, 1)}
    if source:
        region["snippet"] = {"text": source}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def github(findings: Sequence[Finding], _files_checked: int) -> str:
    """A line a finding that GitHub pins to the changed line."""
    return "".join(f"{_command(finding)}\n" for finding in findings)


def _command(finding: Finding) -> str:
    return workflow_command(finding.severity.value, finding.at, title=finding.code, text=_sentence(finding))


def workflow_command(level: str, at: Place, *, title: str, text: str) -> str:
    """GitHub's line for one thing: ``error``, ``warning`` or ``notice``, pinned to a place where it has one."""
    place = [f"file={_property(at.file)}"] if at.file else []
    if at.line:
        place += [f"line={at.line}", f"col={max(at.column, 1)}"]
    place.append(f"title={_property(title)}")
    return f"::{level} {','.join(place)}::{_percent(escape.shown(text))}"


def _percent(text: str) -> str:
    return text.replace("%", "%25")


def _property(text: str) -> str:
    return _percent(escape.shown(text)).replace(":", "%3A").replace(",", "%2C")


def junit(findings: Sequence[Finding], files_checked: int) -> str:
    """A test case a finding, errors as failures; one that passes where there are none."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    cases = [_case(finding) for finding in findings] or [
        f'  <testcase classname="stagewright" name="{files_checked} checked"/>'
    ]
    suite = f'<testsuite name="stagewright check" tests="{len(cases)}" failures="{errors}" errors="0" skipped="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', suite, *cases, "</testsuite>"]) + "\n"


def _case(finding: Finding) -> str:
    name = f"{finding.code} at {finding.at}" if finding.at.line else finding.code
    head = f'  <testcase classname="{escape.html(finding.at.file)}" name="{escape.html(name)}">'
    told = escape.html(f"{finding.at}: {finding.severity.value} {finding.code}: {_sentence(finding)}")
    if finding.severity is Severity.ERROR:
        body = f'<failure type="{escape.html(finding.code)}" message="{escape.html(finding.message)}">{told}</failure>'
    else:
        body = f"<system-out>{told}</system-out>"
    return f"{head}{body}</testcase>"


def _sentence(finding: Finding) -> str:
    return f"{finding.message} ({finding.hint})" if finding.hint else finding.message
