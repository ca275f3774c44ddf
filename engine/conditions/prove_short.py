"""Two conditions made shorter for one question: can the first be true where the second is not?

What is common to both, such as a ``when`` that nobody changed, bears on the answer on one side only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from engine.conditions.prove_form import denied, form
from engine.model.syntax import YES_NO, And, Literal, Or, Tree

_TRUE, _FALSE = Literal(value=True, type=YES_NO), Literal(value=False, type=YES_NO)


def shortened(first: Tree, second: Tree) -> tuple[Tree, Tree]:
    """The two, with the same deals in which the first is true and the second is not."""
    # The second is not true, so none of what it would suffice to be true is.
    untrue: dict[Hashable, Tree] = {form(part): _FALSE for part in _flat(second, Or)}
    first = _put_in(first, untrue)
    # The first is true, so all that it needs is true, and the opposite of it false.
    known: dict[Hashable, Tree] = {form(part): _TRUE for part in _flat(first, And)}
    known |= {denied(part): _FALSE for part in _flat(first, And)}
    return first, _put_in(second, known)


def _flat(tree: Tree, kind: type[And] | type[Or]) -> Iterator[Tree]:
    if not isinstance(tree, kind):
        yield tree
        return
    for part in tree.parts:
        yield from _flat(part, kind)


def _put_in(tree: Tree, known: dict[Hashable, Tree]) -> Tree:
    """The tree with what is known put in where being true is all that matters: below *and* and *or* alone."""
    found = known.get(form(tree))
    if found is not None:
        return found
    if not isinstance(tree, (And, Or)):
        return tree
    kind = type(tree)
    decides, idle = (_FALSE, _TRUE) if isinstance(tree, And) else (_TRUE, _FALSE)
    parts = [part for part in (_put_in(part, known) for part in _flat(tree, kind)) if part != idle]
    if decides in parts:
        return decides
    if not parts:
        return idle
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
