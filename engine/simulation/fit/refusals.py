"""Tries and refusals: shares and times of tries such that, with the rules on, the moves seen come out.

A deal tries, and where the rules refuse it stays and tries again. What was seen are mostly moves, so how often
something is tried must be reckoned back, given what was open to whom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.numerics.dice import mixed
from engine.numerics.watching import Floats, Ints, Mask

Points = tuple[tuple[float, float], ...]

_TRIES = 64
_PLAYED = 16_384
_ROUNDS = 12
_PACE = 0.7
_BENDS = 3
_LEAST_OPEN = 0.1
"""Where less than this share of tries is open to somebody, they would try for ever: shares are evened out a little."""


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """What is open to whom: ``open`` (patterns × branches), and the share of visits that has each pattern."""

    open: Mask
    share: Floats

    @property
    def bars_any(self) -> bool:
        """Whether anything is refused to anybody."""
        return not bool(self.open.all())


def patterns_of(barred: Mask) -> Patterns:
    """The different columns of ``barred`` (branches × visits); who could do nothing at all is left out."""
    is_open = ~barred[:, (~barred).any(axis=0)].T
    if not len(is_open):
        return Patterns(np.ones((1, len(barred)), np.bool_), np.ones(1))
    different, count = np.unique(is_open, axis=0, return_counts=True)
    return Patterns(different, count / count.sum())


def tried(moved: Floats, patterns: Patterns) -> Floats:
    """The shares of tries with which, the refused ones drawn anew, the branches come out as in ``moved``.

    Who may do some branches only chooses among these by their shares: a Luce model with sets of choices, solved by
    minorization and maximization (Hunter, "MM algorithms for generalized Bradley-Terry models", 2004).
    """
    found = moved.copy()
    for _ in range(2_000):
        open_share = patterns.open @ found
        pull = (patterns.open / np.maximum(open_share, 1e-12)[:, None] * patterns.share[:, None]).sum(axis=0)
        new = np.divide(moved, pull, out=np.zeros_like(moved), where=pull > 0)
        # What is open to nobody is tried as often as was seen: once it was open, and is refused by now.
        new = np.where(pull > 0, new, moved)
        new /= new.sum()
        if np.abs(new - found).max() < 1e-10:
            break
        found = new
    least = float((patterns.open @ found).min())
    mix = 0.0 if least >= _LEAST_OPEN else min(1.0, (_LEAST_OPEN - least) / max(float(moved.max()) - least, 1e-9))
    shares: Floats = (1 - mix) * found + mix * moved
    return shares


def refused_share(shares: Floats, patterns: Patterns) -> float:
    """How many of the tries are refused."""
    tries = 1 / np.maximum(patterns.open @ shares, 1e-9)
    return float(1 - 1 / (patterns.share @ tries))


def settled(seen: tuple[Points, ...], shares: Floats, patterns: Patterns) -> tuple[Points, ...]:
    """The times of single tries with which visits last, refused tries and all, as ``seen`` tells for each branch.

    Found by playing the stage: the times of each branch are drawn towards those that should come out.
    """
    levels = [np.array([share for share, _ in each]) for each in seen]
    wanted = [np.array([value for _, value in each]) for each in seen]
    values = [each * (1 - refused_share(shares, patterns)) for each in wanted]
    who, by, chance = _draws(shares, patterns)
    for _ in range(_ROUNDS):
        lasted, ended_by = _played(levels, values, patterns.open[who], by, chance)
        for branch, (level, want) in enumerate(zip(levels, wanted, strict=True)):
            its = lasted[ended_by == branch]
            if len(its) < 50:
                continue
            values[branch] = _drawn_towards(values[branch], want, np.quantile(its, level), np.gradient(level))
    return tuple(
        tuple(zip(level.tolist(), np.minimum(value, want).tolist(), strict=True))
        for level, value, want in zip(levels, values, wanted, strict=True)
    )


def _drawn_towards(values: Floats, wanted: Floats, came: Floats, weight: Floats) -> Floats:
    """The values longer or shorter by a smooth curve: as smooth as they were, whatever chance made of few."""
    known = (values > 0) & (wanted > 0) & (came > 0)
    if int(known.sum()) < _BENDS + 2:
        return values
    lack, at = np.log(wanted[known] / came[known]), np.log(values[known])
    at = (at - at.mean()) / max(float(at.std()), 1e-9)
    curve = np.polynomial.Polynomial.fit(at, lack, _BENDS, w=np.sqrt(weight[known]))
    found = values.copy()
    found[known] *= np.exp(_PACE * np.clip(curve(at), -1.5, 1.5))
    return np.sort(found)


def _draws(shares: Floats, patterns: Patterns) -> tuple[Ints, Ints, Floats]:
    """Who plays (its pattern), and what each try is and draws."""
    numbers = mixed(np.arange(_PLAYED * (2 * _TRIES + 1), dtype=np.uint64))
    chance = ((numbers >> np.uint64(11)).astype(np.float64) / 2**53).reshape(2 * _TRIES + 1, _PLAYED)
    who = np.searchsorted(np.cumsum(patterns.share)[:-1], chance[0], "right")
    by = np.searchsorted(np.cumsum(shares)[:-1], chance[1 : _TRIES + 1], "right")
    return who.astype(np.int64), by.astype(np.int64), chance[_TRIES + 1 :]


def _played(levels: list[Floats], values: list[Floats], may: Mask, by: Ints, chance: Floats) -> tuple[Floats, Ints]:
    lasted, ended_by = np.zeros(_PLAYED), np.full(_PLAYED, -1)
    waiting = np.arange(_PLAYED)
    for tries, luck in zip(by, chance, strict=True):
        now = tries[waiting]
        for branch, (level, value) in enumerate(zip(levels, values, strict=True)):
            rows = waiting[now == branch]
            lasted[rows] += np.interp(luck[rows], level, value)
        done = may[waiting, now]
        ended_by[waiting[done]] = now[done]
        waiting = waiting[~done]
        if not len(waiting):
            break
    return lasted, ended_by
