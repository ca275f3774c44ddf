"""The two quantile functions that no arithmetic gives: of the normal and of the gamma distribution."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457),
    (13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867),
    (5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)
_NEAR = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258),
    (3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459),
    (0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)
_FAR = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093),
    (0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4),
    (0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)
_LARGE_SHAPE = 2000.0
_STEPS = 40
_LEAST, _MOST = -4.0, 22.0
"""Between them lies the logarithm of every shape looked for."""
_NEARLY_ONE = 1 + 1e-4


def normal_quantile(shares: Floats) -> Floats:
    """The value below which each share (0 to 1) of the standard normal lies, to 1e-15.

    Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37 (1988).
    """
    away = shares - 0.5
    centre = _ratio(_CENTRE, 0.180625 - away * away) * away
    with np.errstate(divide="ignore"):
        far = np.sqrt(-np.log(np.minimum(shares, 1 - shares)))
    near = _ratio(_NEAR, np.minimum(far, 5.0) - 1.6)
    # Where the share is 0 or 1 the value has no bound.
    bound = np.isinf(far)
    tail = np.where(far <= 5.0, near, _ratio(_FAR, np.where(bound, 5.0, far) - 5.0))
    tail = np.where(bound, np.inf, tail)
    found: Floats = np.where(np.abs(away) <= 0.425, centre, np.copysign(tail, away))
    return found


def gamma_quantile(shape: float, shares: Floats) -> Floats:
    """The value below which each share (0 to 1, exclusive of 1) of the gamma distribution of that shape lies.

    Halley's method on the regularized incomplete gamma function, as in Press et al., "Numerical Recipes" (2007), 6.2.1.
    Shapes above 2,000 are reckoned by Wilson and Hilferty's cube root, right to 1e-5 there.
    """
    start = _first_guess(shape, shares)
    if shape > _LARGE_SHAPE:
        return start
    scale = math.lgamma(shape)
    found = start
    for _ in range(_STEPS):
        off = gamma_share(shape, found) - shares
        with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
            density = np.exp((shape - 1) * np.log(found) - found - scale)
            step = off / density
            step = step / (1 - 0.5 * np.minimum(1.0, step * ((shape - 1) / found - 1)))
            better = found - step
        better = np.where(better <= 0, found / 2, better)
        better = np.where(np.isfinite(better) & (shares > 0) & (density > 0), better, found)
        is_done = np.all(np.abs(better - found) <= 1e-13 * found)
        found = better
        if is_done:
            break
    return found


def gamma_share(shape: float, values: Floats) -> Floats:
    """The share of the gamma distribution of that shape that lies below each value: P(shape, value).

    A series below ``shape + 1``, Lentz's continued fraction above: Press et al., 6.2.
    """
    low = values < shape + 1
    found = np.zeros(values.shape)
    with np.errstate(divide="ignore", under="ignore"):
        front = np.exp(shape * np.log(values) - values - math.lgamma(shape))
    found[low] = front[low] * _series(shape, values[low])
    found[~low] = 1 - front[~low] * _fraction(shape, values[~low])
    return found


def gamma_shape(ratio: float) -> float:
    """The shape of the gamma distribution whose P90 is ``ratio`` (above 1) times its P50."""
    wanted = math.log(ratio)

    def off(log_shape: float) -> float:
        p50, p90 = gamma_quantile(math.exp(log_shape), np.array([0.5, 0.9])).tolist()
        return math.log(math.log(p90 / p50) / wanted)

    if ratio <= _NEARLY_ONE:
        return math.exp(_MOST)
    # Both limits added up, that of large shapes and that of small ones, are at most twice too large.
    guess = math.log((1.2816 / wanted) ** 2 + 0.588 / wanted)
    return math.exp(_crossing(off, max(_LEAST, guess - 1), max(_LEAST, guess) + 0.5))


def _crossing(off: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses zero, by the Illinois form of false position (Dowell and Jarratt, BIT 1971)."""
    off_low, off_high = off(low), off(high)
    if off_low <= 0 or off_high >= 0:
        return low if off_low <= 0 else high
    for _ in range(_STEPS):
        at = (low * off_high - high * off_low) / (off_high - off_low)
        off_at = off(at)
        if abs(off_at) < 1e-10:
            return at
        if (off_at < 0) == (off_high < 0):
            high, off_high, off_low = at, off_at, off_low / 2
        else:
            low, off_low, off_high = at, off_at, off_high / 2
    return (low + high) / 2


def _ratio(of: Sequence[Sequence[float]], at: Floats) -> Floats:
    found: Floats = np.polyval([*of[0], *of[1]], at) / np.polyval([*of[2], *of[3]], at)
    return found


def _first_guess(shape: float, shares: Floats) -> Floats:
    if shape > 1:
        root = 1 - 1 / (9 * shape) + normal_quantile(shares) / (3 * math.sqrt(shape))
        cubed = shape * np.maximum(root, 0) ** 3
        small = np.exp((np.log(np.maximum(shares, 1e-300)) + math.lgamma(shape + 1)) / shape)
        return np.where(shares > 0, np.where(cubed > 0.01 * shape, cubed, small), 0.0)
    edge = 1 - shape * (0.253 + shape * 0.12)
    with np.errstate(divide="ignore"):
        body = np.exp(np.log(shares / edge) / shape)
    tail = 1 - np.log1p(-np.minimum((shares - edge) / (1 - edge), 1 - 1e-16))
    return np.where(shares < edge, body, tail)


def _series(shape: float, values: Floats) -> Floats:
    term = np.full(values.shape, 1 / shape)
    total = term.copy()
    count = shape
    while values.size and float(np.max(term / total)) > 1e-17:
        count += 1
        term = term * values / count
        total = total + term
    return total


def _fraction(shape: float, values: Floats) -> Floats:
    tiny = 1e-300
    b = values + 1 - shape
    c = np.full(values.shape, 1 / tiny)
    d = 1 / b
    found = d
    for count in range(1, 100_000):
        if not values.size:
            break
        factor = -count * (count - shape)
        b = b + 2
        d = factor * d + b
        d = 1 / np.where(np.abs(d) < tiny, tiny, d)
        c = b + factor / c
        c = np.where(np.abs(c) < tiny, tiny, c)
        change = d * c
        found = found * change
        if float(np.max(np.abs(change - 1))) < 1e-16 * 4:
            break
    return found
