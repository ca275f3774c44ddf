"""How uncertain an incidence is, written in another way than where it is told."""

import numpy as np


def variance(its):
    """The variance of the incidence at each time, all of them at once: what the figures work out time by time."""
    whole, first, second = (np.cumsum(each) for each in its.pull)
    both, first_both = (np.cumsum(each) for each in its.both)
    line = its.line
    found = line**2 * whole - 2 * line * first + second + np.cumsum(its.own) - 2 * (line * both - first_both)
    return found.clip(0.0)
