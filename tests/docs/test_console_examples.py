"""Every console example of the documentation, run anew, prints what the page says it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from .console import settled, terminal, transcript
from .pages import PAGES, ROOT, blocks

WITH_CONSOLE = [page for page in PAGES if any(block.language == "console" for block in blocks(page))]


@pytest.mark.parametrize("page", WITH_CONSOLE, ids=lambda page: str(page.relative_to(ROOT)))
def test_console_examples_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    runs = list(transcript(page, tmp_path))
    assert "".join(now for _, now in runs) == "".join(block.text for block, _ in runs)


def test_quickstart_uses_the_terminal() -> None:
    assert ROOT / "docs/quickstart.md" in WITH_CONSOLE


def test_the_terminal_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    with terminal(tmp_path) as opened, pytest.raises(ValueError, match="rm -r"):
        opened.run("rm -r processes")


def test_the_terminal_tells_the_exit_code(tmp_path: Path) -> None:
    with terminal(tmp_path) as opened:
        opened.run("stagewright no-such-command")
        assert opened.run("echo $?") == "2\n"


def test_a_line_left_open_fits_what_is_printed() -> None:
    assert settled("$ a\nin stage since …\nb\n", "$ a\nin stage since 3d\nc\n") == "$ a\nin stage since …\nc\n"


def test_a_line_left_open_does_not_fit_something_else() -> None:
    assert settled("in stage since …\n", "in track since 3d\n") == "in track since 3d\n"
