"""Every check by cases: what it finds, word for word, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import Case, all_cases, findings_of, printed

CASES = list(all_cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_gives_these_findings_and_no_others(case: Case, tmp_path: Path) -> None:
    found = printed(findings_of(case.text, tmp_path, case.files), tmp_path)
    assert found == case.findings.rstrip("\n")


@pytest.mark.parametrize("file", sorted({case.file for case in CASES}))
def test_each_check_has_cases_that_fail_and_cases_that_pass(file: str) -> None:
    code = file.split("-")[0]
    showing = [f" {code}: " in case.findings for case in CASES if case.file == file]
    assert True in showing
    assert False in showing
