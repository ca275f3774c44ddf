from __future__ import annotations

import pytest

from engine.report import formats, release_notes, versions
from tests.report.golden import golden
from tests.report.releases import COMMITS, NOTES, ROWS


@pytest.mark.parametrize("name", NOTES)
def test_a_section_of_the_changelog(name: str) -> None:
    golden(f"release-{name}.md", release_notes.section(NOTES[name]))


def test_versions_and_commits_as_tables() -> None:
    tables = (versions.versions_table("sales", ROWS), versions.commits_table("sales", COMMITS))
    golden("versions.txt", "\n".join(formats.render(versions.brief(table), "text") for table in tables))
