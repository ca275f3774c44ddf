"""The README has exactly two commands that do all the set-up, and the picture that the program draws."""

from __future__ import annotations

from engine.loading.processes import load_process
from engine.report.diagram import mermaid

from .pages import ROOT, blocks

README = list(blocks(ROOT / "README.md"))


def test_two_commands_do_all_the_set_up() -> None:
    assert [block.text for block in README if block.language == "sh"] == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/stagewright demo\n",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest\n",
    ]


def test_the_picture_is_the_one_that_show_draws() -> None:
    process = load_process(ROOT / "processes/inside-sales/2.yaml").value
    assert process is not None
    picture = next(block.text for block in README if block.language == "mermaid")
    assert picture.strip() == mermaid(process).strip()
