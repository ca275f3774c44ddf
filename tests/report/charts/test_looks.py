"""Series can be told apart by their hues, also by those who see fewer of them, and by more than their hues."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from engine.report.charts.looks import KNOWN, PLAIN, box, looks, point
from engine.report.charts.style import CSS

# How hues look without one kind of cone (Machado, Oliveira and Fernandes 2009, table of full severity).
SEEN = {
    "all": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "no blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
TOGETHER = [KNOWN, PLAIN, (*KNOWN, "three", "five")]
DAY, _, NIGHT = CSS.partition("@media screen and (prefers-color-scheme:dark)")


def hues(text: str) -> dict[str, str]:
    return dict(re.findall(r"--hue-(\w+):#([0-9a-f]{6})", text.partition("}")[0]))


def linear(hue: str) -> np.ndarray:
    parts = np.array([int(hue[i : i + 2], 16) / 255 for i in (0, 2, 4)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of linear sRGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.clip(to_xyz @ light / np.array([0.95047, 1.0, 1.08883]), 0.008856, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("text", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("eyes", SEEN)
def test_hues_of_one_chart_stay_apart_for_all_eyes(text: str, eyes: str) -> None:
    told = {name: lab(np.clip(SEEN[eyes] @ linear(hue), 0, 1)) for name, hue in hues(text).items()}
    near = [
        pair
        for names in TOGETHER
        for pair in combinations(names, 2)
        if np.linalg.norm(told[pair[0]] - told[pair[1]]) < 15
    ]

    assert near == []


@pytest.mark.parametrize(("text", "ground"), [(DAY, "ffffff"), (NIGHT, "1d2127")], ids=["day", "night"])
def test_every_hue_stands_out_from_the_card(text: str, ground: str) -> None:
    weights = np.array([0.2126, 0.7152, 0.0722])
    lights = {name: sorted((weights @ linear(hue), weights @ linear(ground))) for name, hue in hues(text).items()}

    assert set(lights) == {*KNOWN, *PLAIN}
    assert [name for name, (low, high) in lights.items() if (high + 0.05) / (low + 0.05) < 3] == []


def test_without_hues_the_point_and_the_bar_still_tell() -> None:
    points = {look: re.findall(r' d="([^"]+)"', point(look, 0, 0))[0] for look in (*KNOWN, *PLAIN)}
    bars = {look: box(look, (0, 1), (0, 1)).count("<line") for look in (*KNOWN, *PLAIN)}

    assert all(len({points[look] for look in names}) == len(names) for names in TOGETHER)
    assert sorted(look for look, lines in bars.items() if not lines) == ["four", "one", "open", "won"]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("won", "lost", "other", "open"), ("won", "lost", "other", "open")),
        (("value_won",), ("won",)),
        (("started", "won", "lost"), ("three", "won", "lost")),
        (("won_30", "won_60", "won_90"), ("one", "two", "three")),
        (("p50", "p90"), ("one", "two")),
        (("wonderful",), ("one",)),
    ],
)
def test_outcomes_look_the_same_everywhere(ids: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert looks(ids) == expected
