from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report.widths import CUT, cut, pad, pad_left, width, wrap


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("漢字", 4), ("e\u0301", 1), ("ｗｏｎ", 6)])
def test_width_counts_columns_not_characters(text: str, columns: int) -> None:
    assert width(text) == columns


def test_padding_holds_for_wide_characters() -> None:
    assert (pad("漢", 4), pad_left("漢", 4), pad("long", 2)) == ("漢  ", "  漢", "long")


def test_what_is_cut_ends_in_an_ellipsis_and_fits() -> None:
    assert (cut("abcdef", 6), cut("abcdefg", 6), cut("漢字漢字", 6)) == ("abcdef", "abcde" + CUT, "漢字" + CUT)


def test_an_id_is_broken_at_its_strokes_then_at_other_joints_and_only_then_anywhere() -> None:
    assert wrap("demo/to_pass/1", 13) == ["demo/to_pass/", "1"]
    assert wrap("qualify/asks/contact_role", 12) == ["qualify/", "asks/", "contact_role"]
    assert wrap("approve-contract-as-it-stands", 12) == ["approve-", "contract-as-", "it-stands"]
    assert wrap("unabbreviated", 10) == ["unabbrevia", "ted"]


@given(st.text("ab 漢/-", max_size=80), st.integers(8, 40))
def test_wrapping_loses_nothing_and_fits(text: str, columns: int) -> None:
    lines = wrap(text, columns)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(width(line) for line in lines) <= columns
