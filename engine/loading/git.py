"""Files of a git revision, as they were committed: no filter, no conversion, no network, nothing checked out."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from engine.model.errors import UnknownName, UnreadableFile

_REF = r"[A-Za-z0-9][A-Za-z0-9._/@{}^~+-]{0,199}"
_NAME = re.compile(rf"(?P<ref>{_REF}):(?P<path>[^\0\n]{{1,1000}}\.ya?ml)\Z")
_REVISION = re.compile(rf"{_REF}\Z")
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_SECONDS = 30


def split(name: str) -> tuple[str, str] | None:
    """The revision and the path of ``REF:FILE``; ``None`` for any other name. A leading ``-`` is no revision."""
    found = _NAME.match(name)
    return (found["ref"], found["path"]) if found else None


def read(ref: str, path: str, *, folder: Path) -> bytes:
    """The file as that revision has it; the path counts from the top of the repository that holds ``folder``.

    Raises ``UnknownName`` where there is no such revision or no such file in it, ``UnreadableFile`` without git.
    """
    return _run(["cat-file", "blob", f"{ref}:{path}"], folder, f"git has no '{path}' in '{ref}'")


def paths(ref: str, below: str, *, folder: Path) -> tuple[str, ...]:
    """The files below a folder of that revision, from the top of the repository."""
    listed = _run(
        ["ls-tree", "-r", "-z", "--name-only", "--full-tree", ref, "--", below], folder, f"git has no '{ref}'"
    )
    return tuple(name for name in listed.decode("utf-8", "replace").split("\0") if name)


def prefix(folder: Path) -> str | None:
    """A folder counted from the top of the repository that holds it, such as ``processes/a/``; ``None``: none does.

    Raises ``UnreadableFile`` without git.
    """
    try:
        return _run(["rev-parse", "--show-prefix"], folder, "no repository").decode("utf-8", "replace").rstrip("\n")
    except UnknownName:
        return None


def has_revision(ref: str, *, folder: Path) -> bool:
    """Whether the repository that holds ``folder`` has that revision. Raises ``UnreadableFile`` without git."""
    if not _REVISION.match(ref):
        return False
    try:
        _run(["rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"], folder, "no revision")
    except UnknownName:
        return False
    return True


def _run(words: list[str], folder: Path, missing: str) -> bytes:
    command = ["git", "--no-pager", "--literal-pathspecs", *words]
    try:
        # The revision is one word that cannot begin with a dash, and no shell sees it.
        done = subprocess.run(  # noqa: S603
            command, cwd=folder, env={**os.environ, **_QUIET}, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnreadableFile(f"git could not be asked: {error}", hint="is git installed?") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UnknownName(missing, hint=said[-1] if said else "see 'git log'")
    return done.stdout
