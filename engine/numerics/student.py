"""Student's t: how many standard errors to either side hold so much, where the error itself is estimated."""

from __future__ import annotations

import math
from statistics import NormalDist


def two_sided_t(level: float, freedom: int) -> float:
    """The t beyond which, on both sides together, lies ``1 - level``; of ``freedom`` degrees of freedom, 1 or more.

    Hill, "Algorithm 396: Student's t-quantiles", CACM 13 (1970); exact for one and two degrees, else to one in 100,000.
    """
    beyond = 1 - level
    if freedom == 1:
        return 1 / math.tan(beyond * math.pi / 2)
    if freedom == 2:
        return math.sqrt(2 / (beyond * (2 - beyond)) - 2)
    n = float(freedom)
    a = 1 / (n - 0.5)
    b = 48 / (a * a)
    c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = (d * beyond) ** (2 / n)
    if y > 0.05 + a:
        y = _near_normal(beyond, n, (a, b, c, d))
    else:
        y = (
            (1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1
        ) * (n + 1) / (n + 2) + 1 / y  # fmt: skip
    return math.sqrt(n * y)


def _near_normal(beyond: float, n: float, terms: tuple[float, float, float, float]) -> float:
    a, b, c, d = terms
    x = NormalDist().inv_cdf(beyond / 2)
    y = x * x
    if n < 5:
        c += 0.3 * (n - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = a * y * y
    return math.expm1(y) if y > 0.002 else 0.5 * y * y + y
