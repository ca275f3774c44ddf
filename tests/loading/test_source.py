from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.loading.loaded import with_lines
from engine.loading.processes import load_process
from engine.loading.source import SIZE_LIMIT, decode, read_text
from engine.model.errors import UnreadableFile
from engine.model.finding import Finding
from engine.model.place import Place


@given(st.binary(max_size=200))
def test_any_bytes_give_a_text_or_one_finding(data: bytes) -> None:
    source, findings = decode(data, "f.yaml")
    assert (source is None) == (len(findings) == 1)


@given(st.text(max_size=200))
def test_each_character_stands_where_its_line_says(text: str) -> None:
    source, _ = decode(text.encode("utf-8", "surrogatepass"), "f")
    places = [source.place(index) for index in range(len(source.text))] if source else []
    shown = [(source.line(place.line) + "\n")[place.column - 1] for place in places] if source else []
    assert "".join(shown) == (source.text if source else "")


def _one(data: bytes) -> str:
    _, (finding,) = decode(data, "f.yaml")
    return f"{finding.at}: {finding.code} {finding.message} | {finding.hint}"


def test_binary_is_told() -> None:
    assert _one(b"\x7fELF\0\x01\xff") == "f.yaml: Y001 the file is not text | is this a YAML file?"


def test_a_control_character_is_told_at_its_place() -> None:
    text = (
        "f.yaml:2:4: Y001 the file holds the control character U+0007, which text does not have | delete the character"
    )
    assert _one(b"a: b\nc: \x07\n") == text


def test_another_encoding_is_told_at_its_byte() -> None:
    assert (
        _one("a: b\nü: grün\n".encode("latin-1")) == "f.yaml:2:1: Y002 byte 0xFC is not UTF-8 | save the file as UTF-8"
    )


def test_utf16_is_told() -> None:
    assert _one("process: a".encode("utf-16")) == "f.yaml: Y002 the text is in UTF-16 | save it as UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    source, findings = decode(b"\xef\xbb\xbfa: b\r\nc: d\re: f\n", "f")
    assert (source and source.text, findings) == ("a: b\nc: d\ne: f\n", ())


def test_a_file_of_fifty_megabytes_is_refused_and_the_limit_is_said(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    loaded = load_process(path)
    assert loaded.no_text
    assert [one.message for one in loaded.findings] == [
        "the file is larger than 4,000,000 bytes, the most that is read"
    ]


def test_a_file_of_just_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "limit.yaml"
    path.write_bytes(b"#" * SIZE_LIMIT)
    assert read_text(path)[0] is not None


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"there is no file '.*absent\.yaml'"):
        read_text(tmp_path / "absent.yaml")


def test_a_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is a folder"):
        read_text(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("a: b")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="cannot read"):
        read_text(path)


def test_findings_of_other_rooms_get_their_lines_and_order(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one: 1\ntwo: 2\n")
    late, early = Finding("P101", Place(str(path), 2, 1), "b"), Finding("P102", Place(str(path), 1, 1), "a")
    nowhere = Finding("P103", Place("gone.yaml", 1, 1), "c")
    shown = [(one.code, one.source) for one in with_lines([nowhere, late, early])]
    assert shown == [("P102", "one: 1"), ("P101", "two: 2"), ("P103", "")]
