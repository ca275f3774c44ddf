"""The one home of numba: a loop over arrays as machine code where the extra ``[fast]`` is installed, else as Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

Loop = Callable[..., None]
"""Changes the arrays that it is given; calls nothing and returns nothing."""


def has_compiler() -> bool:
    """Whether loops can be compiled here. Looks for numba and does not load it, for that takes half a second."""
    return find_spec("numba") is not None


@cache
def compiled(loop: Loop) -> Loop:
    """The loop compiled, and kept beside its module for the next start where that can be written to."""
    import numba

    try:
        return _typed(numba.njit(cache=True, nogil=True)(loop))
    except RuntimeError:
        # No folder can be written to: it is compiled anew at each start.
        return _typed(numba.njit(nogil=True)(loop))


def _typed(found: Any) -> Loop:
    return found  # type: ignore[no-any-return]
