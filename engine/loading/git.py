"""Files of a git revision, as they were committed: no filter, no conversion, no network, nothing checked out."""

from __future__ import annotations

import io
import os
import posixpath
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.model.errors import UnknownName, UnreadableFile
from engine.model.names import did_you_mean

_REF = r"[A-Za-z0-9][A-Za-z0-9._/@{}^~+-]{0,199}"
_NAME = re.compile(rf"(?P<ref>{_REF}):(?P<path>[^\0\n]{{1,1000}}\.ya?ml)\Z")
_REVISION = re.compile(rf"{_REF}\Z")
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_SECONDS = 30


def split(name: str) -> tuple[str, str] | None:
    """The revision and the path of ``REF:FILE``; ``None`` for any other name. A leading ``-`` is no revision."""
    found = _NAME.match(name)
    return (found["ref"], found["path"]) if found else None


def from_top(path: str, *, folder: Path) -> str:
    """A path as it counts from the top of the repository; as in git, ``./FILE`` and ``../FILE`` count from the folder.

    Raises ``UnreadableFile`` without git.
    """
    if not path.startswith(("./", "../")):
        return path
    return posixpath.normpath((prefix(folder) or "") + path)


def read(ref: str, path: str, *, folder: Path) -> bytes:
    """The file as that revision has it; the path counts from the top of the repository that holds ``folder``.

    Raises ``UnknownName`` where there is no such revision or no such file in it, ``UnreadableFile`` without git.
    """
    try:
        return _run(["cat-file", "blob", f"{ref}:{path}"], folder, "no such file")
    except UnknownName:
        raise _not_there(ref, path, folder) from None


def _not_there(ref: str, path: str, folder: Path) -> UnknownName:
    """What is missing: the repository, the revision, or the file in it."""
    above = prefix(folder)
    if above is None:
        return UnknownName(f"git has no '{path}': there is no repository here", hint="name a file, or NAME@VERSION")
    if not has_revision(ref, folder=folder):
        return UnknownName(f"git has no revision '{ref}'", hint=did_you_mean(ref, ("HEAD", *_named(folder))))
    hint = f"see 'git ls-tree -r --name-only {ref}'"
    if above and ids([f"{ref}:{above}{path}"], folder=folder):
        hint = f"the path counts from the top of the repository; from here write {ref}:./{path}"
    return UnknownName(f"git has no '{path}' in '{ref}'", hint=hint)


def _named(folder: Path) -> list[str]:
    """The branches and tags."""
    words = ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags"]
    return _run(words, folder, "git has no names").decode("utf-8", "replace").splitlines()


def paths(ref: str, below: str, *, folder: Path) -> tuple[str, ...]:
    """The files below a folder of that revision, from the top of the repository."""
    listed = _run(
        ["ls-tree", "-r", "-z", "--name-only", "--full-tree", ref, "--", below], folder, f"git has no '{ref}'"
    )
    return tuple(name for name in listed.decode("utf-8", "replace").split("\0") if name)


def contents(names: Iterable[str], *, folder: Path) -> Mapping[str, bytes]:
    """The files that ``REF:PATH`` names, those that there are; git is asked once for all."""
    asked = [name for name in names if "\n" not in name]
    answer = io.BytesIO(_run(["cat-file", "--batch"], folder, "git has no objects", told=asked)) if asked else None
    found = {}
    for name in asked if answer else ():
        head = answer.readline().decode("utf-8", "replace").split() if answer else []
        # "missing" and "ambiguous" have no size; nothing follows them.
        if answer and len(head) == 3 and head[2].isdigit():
            text = answer.read(int(head[2]) + 1)[:-1]
            if head[1] == "blob":
                found[name] = text
    return found


def ids(names: Iterable[str], *, folder: Path) -> Mapping[str, str]:
    """What git calls the content of each ``REF:PATH``, a file's or a folder's; two of one id are equal."""
    asked = [name for name in names if "\n" not in name]
    if not asked:
        return {}
    lines = _run(["cat-file", "--batch-check"], folder, "git has no objects", told=asked).decode("utf-8", "replace")
    heads = [line.split(" ") for line in lines.splitlines()]
    return {name: head[0] for name, head in zip(asked, heads, strict=True) if head[-1].isdigit()}


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


@dataclass(frozen=True, slots=True)
class Touched:
    """A file of a commit: ``how`` is ``A`` (added), ``M``, ``D`` or ``R`` (renamed, from ``before``)."""

    how: str
    path: str
    before: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit and the files in it, by paths from the top. ``parent`` is empty for a first one."""

    id: str
    parent: str
    at: datetime
    author: str
    subject: str
    files: tuple[Touched, ...]


def log(path: str, *, folder: Path, most: int) -> tuple[Commit, ...]:
    """The commits that touched a file of a folder, or with ``.`` any file in it, newest first; ``most`` of them.

    A single file is followed to the names that it had before. Raises ``UnknownName`` and ``UnreadableFile``.
    """
    follow = [] if path == "." else ["--follow"]
    shown = ["-z", "-M", "--name-status", "--no-ext-diff", "--no-textconv", "--no-show-signature", "--encoding=UTF-8"]
    form = "--format=%x01%H%x1f%P%x1f%cI%x1f%an%x1f%s"
    words = ["log", f"--max-count={most}", *follow, *shown, form, "--", path]
    told = _run(words, folder, f"'{folder}' has no history in git")
    return tuple(_commits(told.decode("utf-8", "replace").split("\0")))


def _commits(words: list[str]) -> Iterator[Commit]:
    """The commits in git's answer: a head, then for each file how it was touched and its one or two paths."""
    at = 0
    while at < len(words):
        if not words[at].startswith("\x01"):
            at += 1
            continue
        id_, parents, time, author, subject = words[at][1:].split("\x1f", 4)
        at += 1
        files = []
        while at + 1 < len(words) and words[at] and not words[at].startswith("\x01"):
            how = words[at].lstrip("\n")[:1]
            two = how in ("R", "C")
            files.append(Touched(how, words[at + 1 + two], words[at + 1]))
            at += 2 + two
        parent = parents.split(" ")[0]
        yield Commit(id_, parent, _time(time), author, subject, tuple(files))


def _time(text: str) -> datetime:
    """The time of a commit; a forged one may be no time at all, and stands at the beginning of all."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)


def _run(words: list[str], folder: Path, missing: str, *, told: Iterable[str] = ()) -> bytes:
    command = ["git", "--no-pager", "--literal-pathspecs", "-c", "log.follow=false", *words]
    try:
        # The revision is one word that cannot begin with a dash, and no shell sees it.
        done = subprocess.run(  # noqa: S603
            command,
            cwd=folder,
            env={**os.environ, **_QUIET},
            input="".join(f"{line}\n" for line in told).encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnreadableFile(f"git could not be asked: {error}", hint="is git installed?") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UnknownName(missing, hint=said[-1] if said else "see 'git log'")
    return done.stdout
