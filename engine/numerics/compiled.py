"""The one home of numba: a loop over arrays as machine code where the extra ``[fast]`` is installed, else as Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha1, sha256
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import CodeType, FunctionType
from typing import Any

_ONE_AT_A_TIME = Lock()
"""Threads that ask for a loop at once get the same one: else each would have it compiled for itself."""
Loop = Callable[..., Any]
"""Works on the arrays that it is given. It calls nothing but functions of its module, of the same kind."""


def has_compiler() -> bool:
    """Whether loops can be compiled here. Looks for numba and does not load it, for that takes half a second."""
    return find_spec("numba") is not None


def is_kept(loop: Loop) -> bool:
    """Whether the loop as it is was compiled before and is kept, so that it need not be again. Does not load numba.

    The name tells what the loop does, so its file may be newer. Of an earlier processor or numba it is compiled again
    all the same, of which nothing is said here.
    """
    module = Path(loop.__code__.co_filename)
    name = (
        f"{module.stem}.{_kept_name(loop)}-{loop.__code__.co_firstlineno}.py{sys.version_info[0]}{sys.version_info[1]}"
    )
    return any(any(folder.glob(f"{name}*.nbc")) for folder in _folders(module))


def compiled(loop: Loop) -> Loop:
    """The loop and what it calls, compiled; kept beside its module for the next start where that can be written to."""
    with _ONE_AT_A_TIME:
        return _compiled(loop)


@cache
def _compiled(loop: Loop) -> Loop:
    import numba

    try:
        return _typed(numba.njit(cache=True, nogil=True)(_with_parts(loop)))
    except RuntimeError:
        # No folder can be written to: it is compiled anew at each start.
        return _typed(numba.njit(nogil=True)(_with_parts(loop)))


def _with_parts(loop: Loop) -> Loop:
    """The same loop, calling its parts compiled; one without parts as it is."""
    parts = _parts(loop)
    if not parts:
        return loop
    whole = _bound(loop, {name: _part(part) for name, part in parts.items()})
    whole.__qualname__ = _kept_name(loop)
    return _typed(whole)


def _kept_name(loop: Loop) -> str:
    """What is kept is found again by this name. The date of the module says nothing of parts that stand elsewhere."""
    return f"{loop.__qualname__}-{_digest(loop)}" if _parts(loop) else loop.__qualname__


def _folders(module: Path) -> Iterator[Path]:
    """Where numba keeps what it compiles of a module: the folder named, else beside it, else that of the user."""
    folder = module.parent.absolute()
    # It names the folder of a module by the hash of its path, which guards nothing.
    below = f"{folder.name}_{sha1(str(folder).encode(), usedforsecurity=False).hexdigest()}"
    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        yield Path(named) / below
        return
    yield folder / "__pycache__"
    caches = Path("Library/Caches") if sys.platform == "darwin" else Path(".cache")
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / caches) / "numba" / below


@cache
def _part(part: Loop) -> Loop:
    import numba

    return _typed(numba.njit(nogil=True)(_bound(part, {name: _part(each) for name, each in _parts(part).items()})))


def _typed(found: Any) -> Loop:
    return found  # type: ignore[no-any-return]


def _bound(function: Any, names: Mapping[str, Any]) -> Any:
    bound = FunctionType(function.__code__, {**function.__globals__, **names}, function.__name__, function.__defaults__)
    bound.__module__, bound.__qualname__ = function.__module__, function.__qualname__
    return bound


def _parts(function: Any) -> dict[str, Any]:
    """The functions written in Python that one calls by the names of its module."""
    return {name: each for name, each in _named(function).items() if isinstance(each, FunctionType)}


def _named(function: Any) -> dict[str, Any]:
    return {name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__}


def _digest(function: Any) -> str:
    """What a function does, with all that it calls and the numbers that it names."""
    said: list[str] = []
    pending, seen = [function], set()
    while pending:
        each = pending.pop()
        if each in seen:
            continue
        seen.add(each)
        code = each.__code__
        said += [code.co_code.hex(), *(repr(const) for const in code.co_consts if not isinstance(const, CodeType))]
        for name, value in sorted(_named(each).items()):
            said.append(name if isinstance(value, FunctionType) else f"{name}={value!r}")
        pending += _parts(each).values()
    return sha256("\n".join(said).encode()).hexdigest()[:12]
