"""Graphviz's language to pictures, by the program that the wheel graphviz-pure brings along."""

from __future__ import annotations

from pathlib import Path

from engine.model.errors import MissingExtra, StagewrightError

_WHEEL = "graphviz-pure"
_SECONDS = 60
_SHARP = 144
"""Dots an inch of a PNG: twice a screen's, so that labels stay readable when it is scaled down."""


def draw(graph: str, picture: str) -> bytes:
    """The picture (``svg`` or ``png``) of a graph. Raises ``MissingExtra``, or an error that says what failed."""
    # Only drawing needs these two, and each costs start-up time.
    import subprocess

    program = _program()
    resolution = [f"-Gdpi={_SHARP}"] if picture == "png" else []
    command = [str(program), f"-T{picture}", *resolution]
    try:
        # The program is the wheel's own file, and the graph reaches it as its input, never as a command.
        done = subprocess.run(command, input=graph.encode(), capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        hint = "print it with --format mermaid instead"
        raise StagewrightError(f"the process took more than {_SECONDS} seconds to draw", hint=hint) from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise StagewrightError(f"the process could not be drawn: {error}") from error
    return done.stdout


def _program() -> Path:
    """The program as the wheel installed it: what is found in the search path might be anything."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        files = distribution(_WHEEL).files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        if file.name in (_WHEEL, f"{_WHEEL}.exe"):
            return Path(str(file.locate()))
    raise MissingExtra("drawing needs a part that is not installed: run pip install 'stagewright[charts]'")
