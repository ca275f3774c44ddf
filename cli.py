"""The command line's table of contents. Imports click alone; a command's module is imported when it runs."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from typing import Any

import click

VERSION = "0.1.0"

GROUPS: dict[str, dict[str, str]] = {
    "Define": {
        "init": "Make a workspace with an example process.",
        "next": "Copy the newest version of a process to the one after it.",
        "check": "Check files of processes, rule sets and maps.",
        "show": "Show a process as text or as a picture.",
        "rule": "Explain a finding or a change by its code.",
        "schema": "Print the JSON Schema of a kind of file.",
    },
    "Sell": {
        "start": "Start a deal in a process.",
        "record": "Record facts or a touchpoint of a deal.",
        "can": "Tell what a deal can do, and what is missing.",
        "advance": "Do an action to a deal, if its rules allow it.",
        "approve": "Approve an action of a deal.",
        "why": "Tell the story of a deal: each move and why.",
        "deals": "List deals and where they stand.",
        "tick": "Let clocks warn and act on deals that are due.",
    },
    "Learn": {
        "import": "Bring in deals that already happened.",
        "map": "Propose how a file of deals is read.",
        "review": "Tell how deals went: steps, times, contacts.",
        "draft": "Write a first process from closed deals.",
        "conform": "Tell how far deals keep to a process.",
        "measure": "Count what was won and lost, and how long it took.",
        "accelerate": "Tell what would make a process faster.",
    },
    "Improve": {
        "scenario": "Write a first scenario of a process.",
        "fit": "Write a scenario from the deals that happened.",
        "simulate": "Tell what will happen, by a scenario.",
        "diff": "Tell what changes between two versions.",
        "replay": "Judge past moves by another version.",
        "plan": "Plan how open deals come to a new version.",
        "apply": "Do what a plan says, all of it or nothing.",
        "release": "Freeze a version of a process.",
        "rollback": "Make a new version equal to an old one.",
        "versions": "List the versions of a process.",
    },
    "Keep": {
        "export": "Write the journal out as tables.",
        "seal": "Write down where every deal ends, to keep elsewhere.",
        "verify": "Check the journal for what was changed or removed.",
        "forget": "Blank what a deal says about people, for good.",
        "journal": "Copy a whole journal, or archive it.",
        "doctor": "Look over the workspace and the journal.",
        "demo": "See it all in a temporary workspace.",
    },
}
COMMANDS = {name: line for group in GROUPS.values() for name, line in group.items()}

# Two commands have names that Python keeps for itself.
MODULES = {"import": "import_deals", "next": "next_version"}


class Contents(click.Group):
    """A group that knows its commands by name and imports one only to run it or to tell its options."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it over
        """All names, in the order of the groups."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module("engine.commands." + MODULES.get(cmd_name, cmd_name))
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with "did you mean" for a name that there is not."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from engine.model.names import did_you_mean
            from engine.report.escape import shown

            hint = did_you_mean(name, COMMANDS, most=0)
            raise click.UsageError(f"no such command '{shown(name)}'" + (f"; {hint}" if hint else ""), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The groups, one after the other."""
        for title, lines in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(lines.items()))


@click.group(cls=Contents, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="stagewright")
def root() -> None:
    """Sales processes as code.

    Declare a process in YAML, check it, advance deals through it, and know why.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit code: 0 yes, 1 no, 2 could not answer, 3 the world moved on."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    sys.exit(run(arguments))


_interrupts: list[int] = []


def _interrupt(number: int, frame: object) -> None:  # noqa: ARG001 - as signals call it
    # A library that imports another one may swallow what is raised here, and then fail for want of the other.
    _interrupts.append(number)
    raise KeyboardInterrupt


def run(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit code. No traceback reaches the user."""
    # Most that a command makes lives as long as the command: to look for what is left of it seldom finds any.
    gc.set_threshold(max(gc.get_threshold()[0], 50_000))
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        _never_fail_to_encode(stream)
    try:
        result = root.main(args=arguments, prog_name="stagewright", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except (BrokenPipeError, SystemExit):
        # Click leaves by SystemExit, with 1, only when the reader does; 1 is a definite no, and this is none.
        return _reader_left()
    except Exception as error:  # noqa: BLE001 - the outermost edge: every error becomes a sentence
        if _interrupts:
            click.echo("interrupted", err=True)
            return 130
        from engine.commands.failure import tell

        return tell(error)
    return result if isinstance(result, int) else 0


def _reader_left() -> int:
    # The reader (head, less) has seen enough; the rest must not raise at exit either.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _open_closed_streams() -> None:
    # A caller may close them (`>&-`); what is said then goes nowhere, and what was to be done is done.
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _never_fail_to_encode(stream: Any) -> None:
    # A terminal that cannot show a character gets a stand-in, not an error in the middle of a report.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
