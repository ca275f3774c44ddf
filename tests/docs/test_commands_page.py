"""Each command and each of its options is on the page of commands, and nothing else is."""

from __future__ import annotations

import re

import click
import pytest

import cli

from .pages import PAGES, ROOT, blocks

PAGE = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
SHARED = PAGE.partition("## Options that many commands have")[2].partition("\n## ")[0]


def command_of(name: str) -> click.Command:
    command = cli.root.get_command(click.Context(cli.root), name)
    assert command is not None
    return command


def options_of(command: click.Command) -> set[str]:
    """The long names of the options of a command."""
    return {name for each in command.params if isinstance(each, click.Option) for name in each.opts if "--" in name}


def test_each_command_has_a_section_and_each_section_a_command() -> None:
    assert list(SECTIONS) == list(cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_section_says_what_the_help_says(name: str) -> None:
    assert cli.COMMANDS[name] in SECTIONS[name]


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_option_is_told_in_the_section_or_among_the_shared_ones(name: str) -> None:
    told = set(re.findall(r"`(--[\w-]+)", SECTIONS[name] + SHARED))
    assert options_of(command_of(name)) <= told


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_the_section_tells_no_option_that_the_command_lacks(name: str) -> None:
    assert set(re.findall(r"`(--[\w-]+)", SECTIONS[name])) <= options_of(command_of(name))


def test_no_page_types_a_command_that_does_not_exist() -> None:
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    typed = {word for text in texts for word in re.findall(r"`stagewright (\w+)", text)}
    lines = {
        word for page in PAGES for block in blocks(page) for word in re.findall(r"\$ stagewright (\w+)", block.text)
    }
    assert typed | lines <= set(cli.COMMANDS)
